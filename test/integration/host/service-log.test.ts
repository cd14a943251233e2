import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import {
  connectionsOf,
  contextOf,
  evidenceOf,
  admit,
  refusingNow,
  resolve,
  type Connection,
  type SuperserverState,
} from '../../../shared/model/superserver'
import { parseLogLines } from '../../../shared/probe/xinetd-log'
import type { Host } from '../../lab/host'
import { openLab, type Lab } from '../../lab/lab'
import { signIn, type Client } from './client'

const service = (name: string, port: number, ...lines: readonly string[]) => `service ${name}
{
	type = UNLISTED
	socket_type = stream
	protocol = tcp
	port = ${port}
	wait = no
	user = nobody
${lines.map((line) => `\t${line}\n`).join('')}}
`
const echo = ['server = /bin/echo', 'server_args = hello']
const all = ['log_on_success = PID HOST EXIT DURATION', 'log_on_failure = HOST']
const toFile = ['log_type = FILE /var/log/quay-services.log', ...all]
const toSyslog = ['log_type = SYSLOG daemon info', ...all]
/** Far from UTC, by half an hour too: the daemon stamps its files with the host's local time. */
const zone = 'Asia/Kolkata'

let lab: Lab
let host: Host
let client: Client
beforeAll(async () => {
  lab = await openLab()
  host = await lab.host({
    name: 'log-quay',
    units: ['xinetd.service'],
    files: {
      '/etc/xinetd.d/all': [
        service('filed', 9201, ...echo, ...toFile),
        service('told', 9202, ...echo, ...toSyslog),
        service('shut', 9203, ...echo, ...toSyslog, 'no_access = 127.0.0.1'),
        service('filed-shut', 9204, ...echo, ...toFile, 'no_access = 127.0.0.1'),
        service('busy', 9205, ...echo, ...toFile, 'cps = 1 600'),
        service('silent', 9206, ...echo),
        service('trap', 9207, ...echo, ...toSyslog, 'flags = SENSOR', 'deny_time = 7'),
        service('twin', 9209, ...echo, ...toFile),
        service('twin-shut', 9210, ...echo, ...toFile, 'no_access = 127.0.0.1'),
        service('noisy', 9211, ...echo, 'log_type = FILE /var/log/noisy.log', ...all),
        service('twice', 9212, ...echo, ...toSyslog),
        service('broken', 9208, 'server = /usr/local/bin/no-program', ...toSyslog),
      ].join('\n'),
      '/usr/local/bin/no-program': 'no program at all\n',
    },
  })
  await host.must(
    `chmod 755 /usr/local/bin/no-program; ln -sf /usr/share/zoneinfo/${zone} /etc/localtime; systemctl restart xinetd`,
  )
  client = await signIn(host, 'admin')
  await client.ask['part.open']({ host: client.host, part: 'superserver' })
})
afterAll(async () => {
  await client.end()
  await lab.close()
})

const connect = (port: number, from = '127.0.0.1') =>
  host.sh(`nc -w 3 -s ${from} 127.0.0.1 ${port} </dev/null`)

async function read(by = client): Promise<SuperserverState> {
  const answer = await by.ask['part.refresh']({ host: by.host, part: 'superserver' })
  if (!answer.ok || answer.value.value === null) throw new Error(JSON.stringify(answer))
  // This part's own parser made it.
  return answer.value.value as SuperserverState
}
/** Those of one service, once the log has as many as that. */
async function connections(id: string, ready: (found: readonly Connection[]) => boolean) {
  let found: readonly Connection[] = []
  await expect
    .poll(
      async () => {
        const { xinetd } = await read()
        found =
          xinetd === null || xinetd.log === null
            ? []
            : connectionsOf(xinetd.log).filter((one) => one.id === id)
        return ready(found)
      },
      { timeout: 20_000 },
    )
    .toBe(true)
  return found
}
function serviceIn(state: SuperserverState, id: string) {
  const found = state.xinetd === null ? [] : resolve(state.xinetd).services
  const one = found.find((other) => other.id === id)
  if (one === undefined) throw new Error(`no service ${id}`)
  return one
}
const now = async (): Promise<number> => Number(await host.must('date +%s'))

describe('what xinetd logged', () => {
  it.each([
    ['a file, in the host’s own time', 'filed', 9201],
    ['the journal', 'told', 9202],
  ])('of a client that got in is read from %s', async (_, id, port) => {
    const before = await now()
    expect((await connect(port)).stdout).toBe('hello\n')
    const [one] = await connections(id, (found) => found.some(({ outcome }) => outcome.kind === 'ended'))
    expect(one).toMatchObject({ from: '127.0.0.1', outcome: { kind: 'ended', status: 0 } })
    expect(one?.at).toBeGreaterThanOrEqual(before)
    expect(one?.at).toBeLessThanOrEqual((await now()) + 1)
  })

  it.each([
    ['filed-shut', 9204],
    ['shut', 9203],
  ])('of a client that its child refused is one refusal, in %s', async (id, port) => {
    await connect(port)
    const found = await connections(id, ([one]) => one?.outcome.kind === 'refused')
    expect(found).toMatchObject([{ from: '127.0.0.1', outcome: { kind: 'refused', reason: 'address' } }])
  })

  it('of a program that could not be started is told with the connection', async () => {
    await connect(9208)
    const [one] = await connections('broken', (found) => (found[0]?.notes.length ?? 0) > 0)
    expect(one?.outcome.kind).toBe('notStarted')
    expect(one?.notes.join()).toMatch(/execv\( \/usr\/local\/bin\/no-program \) failed/)
  })

  it('is nothing where no log_type says where to', async () => {
    await connect(9206)
    const { xinetd } = await read()
    expect(xinetd?.log?.entries.filter(({ id }) => id === 'silent')).toEqual([])
  })

  it('tells the end of a pause for cps, and what the dump says agrees', async () => {
    const before = await now()
    for (let times = 0; times < 4; times += 1) await connect(9205)
    const found = await connections('busy', (all) => all.some(({ outcome }) => outcome.kind === 'refused'))
    expect(found.at(-1)).toMatchObject({ outcome: { reason: 'connections per second' } })
    const state = await read()
    const busy = serviceIn(state, 'busy')
    expect(state.xinetd?.dump?.services.find(({ id }) => id === 'busy')?.state).not.toBe('Active')
    const known = evidenceOf(state)
    if (known === null) throw new Error('no clock')
    const [reason] = refusingNow(busy, known.evidence, known.moment)
    if (reason?.kind !== 'cps' || reason.until === null) throw new Error(JSON.stringify(reason))
    expect(reason.until).toBeGreaterThanOrEqual(before + 600)
    expect(reason.until).toBeLessThanOrEqual((await now()) + 600)
    expect(contextOf(state, busy, '127.0.0.1').pause).toEqual({ until: reason.until })
  })

  it('tells whom a sensor has banned, and he is refused elsewhere', async () => {
    const before = await now()
    await connect(9207, '127.0.0.9')
    let banned = await read()
    const bans = () => contextOf(banned, serviceIn(banned, 'told'), '127.0.0.9').banned
    await expect
      .poll(async () => {
        banned = await read()
        return bans()
      })
      .toEqual(['::ffff:127.0.0.9'])
    const told = serviceIn(banned, 'told')
    const request = { address: '127.0.0.9', name: null, mappedName: null, minute: 0 }
    expect(admit(told, request, contextOf(banned, told, '127.0.0.9'))).toMatchObject({
      verdict: 'refused',
      by: { rule: 'banned' },
    })
    expect((await connect(9202, '127.0.0.9')).stdout).toBe('')
    const known = evidenceOf(banned)
    const [reason] = known === null ? [] : refusingNow(told, known.evidence, known.moment)
    if (reason?.kind !== 'banned' || reason.until === null) throw new Error(JSON.stringify(reason))
    expect(reason.until).toBeGreaterThanOrEqual(before + 7 * 60)
    expect(reason.until).toBeLessThanOrEqual((await now()) + 7 * 60)
    const [last] = (await connections('told', (all) => all.at(-1)?.outcome.kind === 'refused')).slice(-1)
    expect(last).toMatchObject({ from: '127.0.0.9', outcome: { reason: 'address' } })
  })

  it('is the same in each form in which journalctl tells it, in the host’s own time', async () => {
    await connect(9202)
    await connections('told', (found) => found.at(-1)?.outcome.kind === 'ended')
    const clock = { now: await now(), offset: 19_800, zone }
    const lines = async (form: string) =>
      parseLogLines(await host.must(`journalctl -q --no-pager -t xinetd -o ${form}`), clock).map(
        ({ at, writer, text }) => `${Math.floor(at)} ${writer ?? ''} ${text}`,
      )
    const exact = await lines('short-unix')
    expect(exact.some((line) => / START: told /.test(line))).toBe(true)
    for (const form of ['short-iso', 'short-iso-precise', 'short']) expect(await lines(form)).toEqual(exact)
  })

  it('is read anew of one service, with none of the others', async () => {
    await connect(9210)
    await connect(9209)
    await expect
      .poll(async () => {
        const answer = await client.ask['host.serviceLog']({ host: client.host, service: 'twin' })
        if (!answer.ok) throw new Error(JSON.stringify(answer.problem))
        return connectionsOf(answer.value.log).map(({ id, outcome }) => `${id} ${outcome.kind}`)
      })
      .toEqual(['twin ended'])
  })

  it('does not harm by what stands in it', async () => {
    const noise = `printf '\\000\\377\\033[2J %s\\n' '$(touch /tmp/owned) \`touch /tmp/owned\`'; head -c 50000 /dev/urandom; echo; printf '26/11/23@99:99:99: START: noisy pid=1\\n'`
    await host.must(`{ ${noise}; } >> /var/log/noisy.log`)
    const before = await now()
    await connect(9211)
    const [only, ...others] = await connections('noisy', (found) => found[0]?.outcome.kind === 'ended')
    expect(others).toEqual([])
    expect(only?.at).toBeGreaterThanOrEqual(before)
    expect((await host.sh('ls /tmp/owned')).code).not.toBe(0)
  })

  it('says what cannot be read', async () => {
    await host.must('chmod 600 /var/log/quay-services.log')
    const plain = await signIn(host, 'plain')
    try {
      await plain.ask['part.open']({ host: plain.host, part: 'superserver' })
      const { xinetd } = await read(plain)
      expect(xinetd?.log?.places).toContainEqual({ kind: 'journal', path: '', status: 'permission' })
      expect(xinetd?.log?.places).toContainEqual({
        kind: 'file',
        path: '/var/log/quay-services.log',
        status: 'permission',
      })
    } finally {
      await plain.end()
    }
  })

  it('is found where syslogd writes it, if there is no journal', async () => {
    await connect(9212)
    await connections('twice', (found) => found[0]?.outcome.kind === 'ended')
    await host.must(
      `journalctl -t xinetd --no-pager > /var/log/syslog; cp /var/log/syslog /var/log/daemon.log
      mkdir /run/nowhere; mount --bind /run/nowhere /var/log/journal; mount --bind /run/nowhere /run/log/journal`,
    )
    try {
      const { xinetd } = await read()
      expect(xinetd?.log?.places).toMatchObject([
        { kind: 'journal', status: 'missing' },
        { kind: 'syslog', path: '/var/log/syslog', status: 'read' },
        { kind: 'syslog', path: '/var/log/daemon.log', status: 'read' },
        { kind: 'file', path: '/var/log/noisy.log' },
        { kind: 'file', path: '/var/log/quay-services.log' },
      ])
      const starts = xinetd?.log?.entries.filter(({ id, kind }) => id === 'twice' && kind === 'start')
      expect(starts).toHaveLength(1)
    } finally {
      await host.must('umount /var/log/journal /run/log/journal')
    }
  })
})
