import { connect } from 'node:net'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { methods, type Answer, type ChangeOutcome } from '../../../shared/contract'
import type { Host } from '../../lab/host'
import { openLab, type Lab } from '../../lab/lab'
import { pause } from '../../lab/running'
import { signIn, type Client } from '../host/client'

/** A redirection of a real xinetd that changes by itself, while two real backends come and go behind it. */
const path = '/etc/xinetd.d/gate'
const port = 9330
const file = `# 入口 — asked for by everybody
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
const second = file.replace('redirect    = 127.0.0.1 9401', 'redirect    = 127.0.0.1 9402')
const name = 'wharfmaster-failover-gate'
const service = { path, id: 'gate', occurrence: 0 }
const watch = { kind: 'watchRedirect', service, everySeconds: 1, fall: 4, rise: 3 }
const unwatch = { kind: 'unwatchRedirect', service }

let lab: Lab
let host: Host
let client: Client
beforeAll(async () => {
  lab = await openLab()
  const backend = (letter: string, at: number) => `[Service]
ExecStart=/usr/bin/socat TCP-LISTEN:${at},bind=127.0.0.1,reuseaddr,fork,backlog=64 SYSTEM:'echo ${letter}'
`
  host = await lab.host({
    name: 'two-berths',
    units: ['xinetd.service'],
    files: {
      [path]: file,
      '/etc/systemd/system/backend-a.service': backend('a', 9401),
      '/etc/systemd/system/backend-b.service': backend('b', 9402),
    },
  })
  client = await signIn(host, 'admin')
})
afterAll(async () => {
  await client.end()
  await lab.close()
})
beforeEach(async () => {
  await host.must(`systemctl stop '${name}*'; rm -rf /etc/systemd/system/${name}* /etc/systemd/system/*.wants/${name}* /usr/local/sbin/${name} /run/${name}
    systemctl daemon-reload; systemctl reset-failed; systemctl start backend-a backend-b`)
  await host.writeFile(path, file)
  await host.must('systemctl restart xinetd')
  await expect.poll(answer, { timeout: 10_000 }).toBe('a')
})

const value = <T>(given: Answer<T>): T => {
  if (!given.ok) throw new Error(JSON.stringify(given.problem))
  return given.value
}
const plan = (intent: object) =>
  Promise.resolve(
    client.ask['change.plan'](
      methods['change.plan'].params.parse({
        host: client.host,
        intent: { capability: 'superserver', ...intent },
      }),
    ),
  )
async function change(intent: object): Promise<ChangeOutcome & { readonly id: string }> {
  const { id, digest } = value(await plan(intent))
  return { ...value(await client.ask['change.apply']({ id, digest })), id }
}
async function undo(of: string): Promise<ChangeOutcome> {
  const { id, digest } = value(await client.ask['history.undo']({ id: of }))
  return value(await client.ask['change.apply']({ id, digest }))
}
/** The backend that answers through the redirection; x: none did. */
function answer(): Promise<string> {
  return new Promise((resolve) => {
    const socket = connect({ host: host.address, port })
    let said = ''
    socket.setTimeout(20_000, () => socket.destroy())
    socket.on('data', (chunk) => (said += chunk.toString()))
    socket.on('close', () => resolve(said === 'a\n' || said === 'b\n' ? said.trim() : 'x'))
    socket.on('error', () => (said = ''))
  })
}
/** Exchanges one after the other while something happens: a letter each, in their order. */
async function exchangesWhile(act: () => Promise<unknown>): Promise<string> {
  let letters = ''
  let isOver = false
  const asking = (async () => {
    while (!isOver) {
      letters += await answer()
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
const text = async () => (await host.readFile(path)).toString()
const leadsTo = (wanted: string) => expect.poll(text, { timeout: 40_000, interval: 200 }).toBe(wanted)
/** So many seconds of rounds: one is made each. */
const more = async (rounds: number) => {
  const made = async () => Number(await host.must(`sed -n 's/^round //p' /run/${name}/state`))
  const before = await made()
  await expect.poll(made, { timeout: 60_000, interval: 200 }).toBeGreaterThanOrEqual(before + rounds)
}
const failed = () => host.must(`sed -n 's/^failed //p' /run/${name}/state`).then(Number)
const leavings = () =>
  host.must(
    `find /etc /usr/local /run /var/lib/systemd -name '*${name}*'; systemctl list-units --all --no-legend --plain '${name}*'; ls -A /etc/xinetd.d | grep '^[.]' || true`,
  )

describe('a redirection that changes by itself', () => {
  it('leads to the one that answers: what fails, fails before the switch, and nothing fails after it or on the way back', async () => {
    const made = await change(watch)
    expect(made).toMatchObject({ kind: 'proved' })
    expect(made.kind === 'proved' ? made.evidence.join('\n') : '').toMatch(
      new RegExp(`${name}.timer: active, enabled\n${name}: a round was made at \\d+`),
    )
    expect(
      await host.must(`stat -c '%U:%G %a' /usr/local/sbin/${name}; ls -ld /run/${name} | cut -c1-10`),
    ).toBe('root:root 755\ndrwx------\n')
    const out = await exchangesWhile(async () => {
      await more(1)
      await host.must('systemctl kill -s KILL backend-a')
      await leadsTo(second)
      await more(2)
    })
    expect(out, 'a while it lives, none, then b alone').toMatch(/^a+x+b+$/)
    expect(await host.must(`journalctl -q -o cat -t ${name}`)).toBe(
      'gate: no answer 4 times from 127.0.0.1 9401; leads to 127.0.0.1 9402\n',
    )
    const back = await exchangesWhile(async () => {
      await host.must('systemctl start backend-a')
      await leadsTo(file)
      await more(2)
    })
    expect(back, 'nothing fails on the way back').toMatch(/^b+a+$/)
    expect(await host.must(`journalctl -q -o cat -t ${name} | tail -n 1`)).toBe(
      'gate: 127.0.0.1 9401 is back; left 127.0.0.1 9402; leads to 127.0.0.1 9401\n',
    )
    expect(await host.must(`journalctl -q -o cat -u ${name}.service -t systemd`), 'rounds fill no log').toBe(
      '',
    )
  })

  it('is no weathercock: what blinks is not left, and with nobody there the file is not touched', async () => {
    expect(await change({ ...watch, rise: 'stay' })).toMatchObject({ kind: 'proved' })
    const before = await host.must(`stat -c '%i %y' ${path}`)
    await host.must('systemctl kill -s KILL backend-a')
    await expect.poll(failed, { timeout: 20_000, interval: 50 }).toBeGreaterThan(0)
    await host.must('systemctl start backend-a')
    await expect.poll(failed, { timeout: 20_000, interval: 50 }).toBe(0)
    await host.must('systemctl kill -s KILL backend-a backend-b')
    await expect.poll(failed, { timeout: 40_000, interval: 200 }).toBeGreaterThan(5)
    expect(await host.must(`stat -c '%i %y' ${path}`)).toBe(before)
    expect(await host.must(`journalctl -q -o cat -t ${name} | tail -n 1`)).toBe(
      'gate: no candidate answers; it stays with 127.0.0.1 9401\n',
    )
    await host.must('systemctl start backend-b')
    await leadsTo(second)
    await host.must('systemctl start backend-a')
    await more(5)
    expect(await text(), 'it stays').toBe(second)
  })

  it('is set anew, and goes without a trace by a change or by undo; the redirection stays where it leads', async () => {
    const on = await change(watch)
    expect(on).toMatchObject({ kind: 'proved' })
    const again = await change({ ...watch, fall: 2 })
    expect(again).toMatchObject({ kind: 'proved' })
    expect(await host.must(`grep '^fall=' /usr/local/sbin/${name}`)).toBe('fall=2\n')
    expect(await plan({ kind: 'deleteService', service })).toMatchObject({
      ok: false,
      problem: { code: 'superserver.watched' },
    })
    await host.must('systemctl kill -s KILL backend-a')
    await leadsTo(second)

    const off = await change(unwatch)
    expect(off).toMatchObject({ kind: 'proved' })
    expect(await leavings()).toBe('')
    expect(await text()).toBe(second)
    expect(await answer()).toBe('b')
    expect(await plan(unwatch)).toMatchObject({ ok: false, problem: { code: 'superserver.notWatched' } })

    expect(await undo(off.id)).toMatchObject({ kind: 'proved' })
    await more(1)
    expect(await undo(again.id)).toMatchObject({ kind: 'proved' })
    expect(await host.must(`grep '^fall=' /usr/local/sbin/${name}`)).toBe('fall=4\n')
    expect(await undo(on.id)).toMatchObject({ kind: 'proved' })
    expect(await leavings()).toBe('')
    expect(await text()).toBe(second)
  })

  it('makes its rounds after a boot', async () => {
    expect(await change(watch)).toMatchObject({ kind: 'proved' })
    await host.reboot()
    await client.end()
    client = await signIn(host, 'admin')
    await host.must('systemctl start backend-b')
    await leadsTo(second)
    expect(await change(unwatch)).toMatchObject({ kind: 'proved' })
    expect(await leavings()).toBe('')
  })

  it.each([
    ['its first round fails', '[Service]\\nExecStartPre=/bin/false', 'change.stepFailed'],
    ['no round is made', '[Service]\\nExecStart=\\nExecStart=/bin/true', 'change.notProved'],
  ])('is taken back whole when %s', async (_what, lines, code) => {
    const folder = `/etc/systemd/system/${name}.service.d`
    await host.must(`mkdir ${folder}; printf '${lines}\\n' >${folder}/local.conf`)
    expect(await change(watch)).toMatchObject({ kind: 'rolledBack', problem: { code } })
    await host.must(`rm -r ${folder}; systemctl daemon-reload`)
    expect(await leavings()).toBe('')
    expect(await text()).toBe(file)
    expect(await answer()).toBe('a')
  })

  it('is as it was when the host goes down before the change is confirmed', async () => {
    const first = value(await plan(watch))
    void client.ask['change.apply']({ id: first.id, digest: first.digest, confirm: 'user' })
    await expect
      .poll(() => host.sh(`systemctl is-active ${name}.timer`).then(({ stdout }) => stdout), {
        timeout: 30_000,
      })
      .toBe('active\n')
    await host.reboot()
    await client.end()
    client = await signIn(host, 'admin')
    await expect.poll(leavings, { timeout: 20_000 }).toBe('')
    await host.must('systemctl start backend-a backend-b')
    await expect.poll(answer, { timeout: 10_000 }).toBe('a')
  })

  it('is a line of cron on a host without systemd, and its command makes the rounds of a minute', async () => {
    // systemd is hidden from whoever asks; a program of that name stands for the daemon.
    await host.must(
      'mv /run/systemd/system /run/systemd/away; mkdir -p /etc/cron.d; cp "$(command -v sleep)" /srv/cron; (/srv/cron 600 >/dev/null 2>&1 & echo $! >/srv/cron.pid)',
    )
    try {
      expect(await change({ ...watch, everySeconds: 30, fall: 1 })).toMatchObject({ kind: 'proved' })
      expect(await leavings().then((all) => all.split('\n').filter(Boolean).sort())).toEqual([
        `/etc/cron.d/${name}`,
        `/run/${name}`,
        `/usr/local/sbin/${name}`,
      ])
      await host.must('kill -9 $(fuser 9401/tcp 2>/dev/null)')
      const command = `sed -n 's/^\\* \\* \\* \\* \\* root //p' /etc/cron.d/${name}`
      await host.must(`eval "timeout 5 $(${command})" || true`)
      expect(await text()).toBe(second)
      expect(await change(unwatch)).toMatchObject({ kind: 'proved' })
      expect(await leavings()).toBe('')
      await host.must('kill "$(cat /srv/cron.pid)"')
      expect(await plan(watch)).toMatchObject({ ok: false, problem: { code: 'superserver.noScheduler' } })
    } finally {
      await host.must('mv /run/systemd/away /run/systemd/system')
    }
  })

  it('is refused where the script could not do its work, or a file of that name is another’s', async () => {
    const code = async (whole: string) => {
      await host.writeFile(path, whole)
      const planned = await plan(watch)
      return planned.ok ? 'planned' : planned.problem.code
    }
    expect(await code(file.replace(', 127.0.0.1 9402', ''))).toBe('superserver.fewCandidates')
    expect(await code(`defaults\n{\n}\n${file}`)).toBe('superserver.notAlone')
    expect(await code(file.replaceAll('9402', 'no-such'))).toBe('superserver.portUnknown')
    await host.must(`echo theirs >/usr/local/sbin/${name}`)
    expect(await code(file)).toBe('superserver.failoverTaken')
    await host.must(`rm /usr/local/sbin/${name}`)
    expect(await code(file)).toBe('planned')
  })
})
