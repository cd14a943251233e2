import { connect } from 'node:net'
import { afterAll, beforeAll, beforeEach, expect } from 'vitest'
import { methods, type Answer, type ChangeOutcome } from '../../../shared/contract'
import type { Host } from '../../lab/host'
import { openLab, type Lab } from '../../lab/lab'
import { pause } from '../../lab/running'
import { signIn, type Client } from '../host/client'

/** A redirection of a real xinetd, and two real backends behind it, a and b. */
export const path = '/etc/xinetd.d/gate'
const port = 9330
export const leadsToA = `# 入口 — asked for by everybody
# candidates: 127.0.0.1 9401, 127.0.0.1 9402
service gate
{
	type        = UNLISTED
	socket_type = stream
	protocol    = tcp
	port        = ${port}
	wait        = no
	user        = nobody
	redirect    = 127.0.0.1 9401
	instances   = UNLIMITED
	cps         = 10000 1
}
`
export const leadsToB = leadsToA.replace('redirect    = 127.0.0.1 9401', 'redirect    = 127.0.0.1 9402')
export const name = 'wharfmaster-failover-gate'
export const service = { path, id: 'gate', occurrence: 0 }
export const watch = { kind: 'watchRedirect', service, everySeconds: 1, fall: 4, rise: 3 }
export const unwatch = { kind: 'unwatchRedirect', service }

const backend = (letter: string, at: number) => `[Service]
ExecStart=/usr/bin/socat TCP-LISTEN:${at},bind=127.0.0.1,reuseaddr,fork,backlog=64 SYSTEM:'echo ${letter}'
`

export class Gate {
  private constructor(
    private readonly lab: Lab,
    readonly host: Host,
    private client: Client,
  ) {}

  static async open(): Promise<Gate> {
    const lab = await openLab()
    const host = await lab.host({
      name: 'two-berths',
      units: ['xinetd.service'],
      files: {
        [path]: leadsToA,
        '/etc/systemd/system/backend-a.service': backend('a', 9401),
        '/etc/systemd/system/backend-b.service': backend('b', 9402),
      },
    })
    return new Gate(lab, host, await signIn(host, 'admin'))
  }

  async close(): Promise<void> {
    await this.client.end()
    await this.lab.close()
  }

  /** Nothing watches, both backends answer, and it leads to a. */
  async reset(): Promise<void> {
    await this.host
      .must(`systemctl stop '${name}*'; rm -rf /etc/systemd/system/${name}* /etc/systemd/system/*.wants/${name}* /usr/local/sbin/${name} /run/${name}
      systemctl daemon-reload; systemctl reset-failed; systemctl start backend-a backend-b`)
    await this.host.writeFile(path, leadsToA)
    await this.host.must('systemctl restart xinetd')
    await expect.poll(() => this.answer(), { timeout: 10_000 }).toBe('a')
  }

  async reboot(): Promise<void> {
    await this.host.reboot()
    await this.client.end()
    this.client = await signIn(this.host, 'admin')
  }

  plan(intent: object) {
    return Promise.resolve(
      this.client.ask['change.plan'](
        methods['change.plan'].params.parse({
          host: this.client.host,
          intent: { capability: 'superserver', ...intent },
        }),
      ),
    )
  }

  /** @param confirm `user`: it is made, and waits */
  async apply(intent: object, confirm?: 'user'): Promise<ChangeOutcome & { readonly id: string }> {
    const { id, digest } = valueOf(await this.plan(intent))
    const asked = confirm === undefined ? { id, digest } : { id, digest, confirm }
    return { ...valueOf(await this.client.ask['change.apply'](asked)), id }
  }

  async undo(of: string): Promise<ChangeOutcome> {
    const { id, digest } = valueOf(await this.client.ask['history.undo']({ id: of }))
    return valueOf(await this.client.ask['change.apply']({ id, digest }))
  }

  /** The backend that answers through the redirection; x: none did. */
  answer(): Promise<string> {
    return new Promise((resolve) => {
      const socket = connect({ host: this.host.address, port })
      let said = ''
      socket.setTimeout(20_000, () => socket.destroy())
      socket.on('data', (chunk) => (said += chunk.toString()))
      socket.on('close', () => resolve(said === 'a\n' || said === 'b\n' ? said.trim() : 'x'))
      socket.on('error', () => (said = ''))
    })
  }

  /** Exchanges one after the other while something happens: a letter each, in their order. */
  async exchangesWhile(act: () => Promise<unknown>): Promise<string> {
    let letters = ''
    let isOver = false
    const asking = (async () => {
      while (!isOver) {
        letters += await this.answer()
        await pause(20)
      }
    })()
    try {
      await act()
    } finally {
      isOver = true
      await asking
    }
    return letters
  }

  async text(): Promise<string> {
    return (await this.host.readFile(path)).toString()
  }

  async leadsTo(wanted: string): Promise<void> {
    await expect.poll(() => this.text(), { timeout: 40_000, interval: 200 }).toBe(wanted)
  }

  /** So many rounds later: one is made each second. */
  async more(rounds: number): Promise<void> {
    const made = async () => Number(await this.host.must(`sed -n 's/^round //p' /run/${name}/state`))
    const before = await made()
    await expect.poll(made, { timeout: 60_000, interval: 200 }).toBeGreaterThanOrEqual(before + rounds)
  }

  failed(): Promise<number> {
    return this.host.must(`sed -n 's/^failed //p' /run/${name}/state`).then(Number)
  }

  leavings(): Promise<string> {
    return this.host.must(
      `find /etc /usr/local /run /var/lib/systemd -name '*${name}*'; systemctl list-units --all --no-legend --plain '${name}*'; ls -A /etc/xinetd.d | grep '^[.]' || true`,
    )
  }
}

const valueOf = <T>(given: Answer<T>): T => {
  if (!given.ok) throw new Error(JSON.stringify(given.problem))
  return given.value
}

/** One for the tests of a file, as it was before each of them. */
export function useGate(): { readonly gate: () => Gate } {
  let open: Gate | null = null
  const gate = () => {
    if (open === null) throw new Error('the gate is not open yet')
    return open
  }
  beforeAll(async () => {
    open = await Gate.open()
  })
  afterAll(() => open?.close())
  beforeEach(() => gate().reset())
  return { gate }
}
