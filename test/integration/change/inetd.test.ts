import { connect } from 'node:net'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { methods, type Answer, type ChangeOutcome } from '../../../shared/contract'
import { readState } from '../../../main/capability/superserver/read-state'
import { readSuperserver } from '../../../main/capability/superserver/sections'
import { resolveInetd } from '../../../shared/model/superserver'
import type { Host } from '../../lab/host'
import { openLab, type Lab } from '../../lab/lab'
import { signIn, type Client } from '../host/client'
import { connectTo } from '../host/connected'

/** Real inetds, on a host each; their packages cannot stand beside xinetd, so the unit is one of ours. */
const path = '/etc/inetd.conf'
const file = `# 问候服务 — ask Li first
9301	stream	tcp	nowait	nobody	/bin/echo	echo hello
#9302	stream	tcp	nowait	nobody	/bin/echo	echo other
`
const hello = { path, line: 2, text: '9301	stream	tcp	nowait	nobody	/bin/echo	echo hello' }
const other = { path, line: 3, text: '#9302	stream	tcp	nowait	nobody	/bin/echo	echo other' }

const unit = (command: string) => `[Unit]\nStartLimitIntervalSec=0\n[Service]\nExecStart=${command}\n`
const kinds = [
  { name: 'openbsd', program: '/opt/openbsd-inetd/usr/sbin/inetd', options: '-i' },
  { name: 'inetutils', program: '/opt/inetutils-inetd/usr/sbin/inetutils-inetd', options: `-d ${path}` },
] as const

let lab: Lab
beforeAll(async () => {
  lab = await openLab()
})
afterAll(() => lab.close())

const value = <T>(answer: Answer<T>): T => {
  if (!answer.ok) throw new Error(JSON.stringify(answer.problem))
  return answer.value
}

/** All that the service sends; the reason where it refuses. */
function answerOf({ address }: Host, port: number): Promise<string> {
  return new Promise((resolve) => {
    const socket = connect({ host: address, port })
    let said = ''
    socket.setTimeout(5000, () => socket.destroy(new Error('silent')))
    socket.on('data', (chunk) => (said += chunk.toString()))
    socket.on('close', () => resolve(said))
    socket.on('error', (error) => (said = 'code' in error ? String(error.code) : error.message))
  })
}

describe.each(kinds)('an entry of inetd.conf, read by $name', ({ name, program, options }) => {
  let host: Host
  let client: Client
  beforeAll(async () => {
    host = await lab.host({
      name: `inetd-${name}`,
      files: { [path]: file, '/etc/systemd/system/inetd.service': unit(`${program} ${options}`) },
      run: `ln -s ${program} /usr/sbin/inetd; systemctl daemon-reload; systemctl start inetd`,
    })
    client = await signIn(host, 'admin')
  })
  afterAll(async () => {
    await client.end()
    await host.down()
  })
  beforeEach(async () => {
    await host.writeFile(path, file)
    await host.must('systemctl restart inetd')
    await expect.poll(() => answerOf(host, 9301), { timeout: 10_000 }).toBe('hello\n')
  })

  const plan = (intent: unknown) => {
    const parsed = methods['change.plan'].params.parse({ host: client.host, intent })
    return Promise.resolve(client.ask['change.plan'](parsed))
  }
  async function change(more: object): Promise<ChangeOutcome> {
    const { id, digest } = value(await plan({ capability: 'superserver', ...more }))
    return value(await client.ask['change.apply']({ id, digest }))
  }
  const text = async () => (await host.readFile(path)).toString()
  const pid = () => host.must('systemctl show -p MainPID --value inetd')

  it('is told as it is, and by which process', async () => {
    const connected = await connectTo(host, 'admin')
    const ran = await connected.run({ sections: [readSuperserver], need: 'require' })
    connected.disconnect()
    const [answer] = value(ran).answer.sections
    if (answer?.kind !== 'done') throw new Error(JSON.stringify(answer))
    const { inetd } = readState(host.name, answer.pieces)
    if (inetd === null) throw new Error('no inetd')
    expect(inetd.dialect).toBe(name)
    expect(String(inetd.daemon?.pid)).toBe((await pid()).trim())
    expect(resolveInetd(inetd).services.map(({ line, state: is, port }) => [line, is, port])).toEqual([
      [2, 'enabled', 9301],
      [3, 'disabled', 9302],
    ])
  })

  it('is enabled, edited and disabled by the same process, and every other byte stays', async () => {
    const before = await pid()
    expect(await change({ kind: 'enableServices', entries: [other] })).toMatchObject({ kind: 'proved' })
    expect(await text()).toBe(file.replace('#9302', '9302'))
    expect(await answerOf(host, 9302)).toBe('other\n')
    const edit = { kind: 'editEntry', entry: hello, set: { service: '9303' }, argv: ['echo', 'good', 'day'] }
    expect(await change(edit)).toMatchObject({ kind: 'proved' })
    expect(await answerOf(host, 9303)).toBe('good day\n')
    expect(await answerOf(host, 9301)).toBe('ECONNREFUSED')
    const now = { ...other, text: other.text.slice(1) }
    expect(await change({ kind: 'disableServices', entries: [now] })).toMatchObject({ kind: 'proved' })
    expect(await answerOf(host, 9302)).toBe('ECONNREFUSED')
    expect(await text()).toBe(file.replace('9301', '9303').replace('echo hello', 'echo good day'))
    expect(await pid()).toBe(before)
  })

  it('is added and removed', async () => {
    const words = ['9304', 'stream', 'tcp', 'nowait', 'nobody', '/bin/echo', 'echo', 'new']
    expect(await change({ kind: 'addEntry', path, words })).toMatchObject({ kind: 'proved' })
    expect(await answerOf(host, 9304)).toBe('new\n')
    expect(await change({ kind: 'removeEntry', entry: hello })).toMatchObject({ kind: 'proved' })
    expect(await answerOf(host, 9301)).toBe('ECONNREFUSED')
  })

  it('is taken back, and answers as before, when the daemon does not listen in the end', async () => {
    // It stands still, so the new port is never opened; what takes the change back finds it, and it goes on.
    const daemon = (await pid()).trim()
    await host.must(`kill -STOP ${daemon}`)
    const outcome = await change({ kind: 'enableServices', entries: [other] })
    await host.must(`kill -CONT ${daemon}`)
    expect(outcome.kind).not.toBe('proved')
    expect(await text()).toBe(file)
    await expect.poll(() => answerOf(host, 9301), { timeout: 10_000 }).toBe('hello\n')
    await expect.poll(() => answerOf(host, 9302), { timeout: 10_000 }).toBe('ECONNREFUSED')
  })

  it('is refused where its port is another’s', async () => {
    const words = ['22', 'stream', 'tcp', 'nowait', 'nobody', '/bin/echo', 'echo']
    const planned = await plan({ capability: 'superserver', kind: 'addEntry', path, words })
    expect(planned).toMatchObject({
      ok: false,
      problem: { code: 'superserver.portHeld', params: { port: '22/tcp' } },
    })
  })
})
