import { connect } from 'node:net'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { methods, type Answer, type ChangeOutcome, type PlannedChange } from '../../../shared/contract'
import { digestOfText } from '../../../shared/model/change'
import type { Intent } from '../../../shared/model/intent'
import type { Host } from '../../lab/host'
import { openLab, type Lab } from '../../lab/lab'
import { signIn, type Client } from '../host/client'

/* What every program of a host reads: /etc/services at a lookup, hosts.allow and hosts.deny at a connection. */

const path = '/etc/xinetd.d/tide-table'
const file = `service tide-table
{
	socket_type = stream
	protocol    = tcp
	wait        = no
	user        = nobody
	server      = /bin/echo
	server_args = high
	disable     = yes
}
`

let lab: Lab
let host: Host
let client: Client
let names = ''

beforeAll(async () => {
  lab = await openLab()
  host = await lab.host({ name: 'mole', units: ['xinetd.service'], files: { [path]: file } })
  client = await signIn(host, 'admin')
  names = await host.must('cat /etc/services')
})
afterAll(async () => {
  await client.end()
  await lab.close()
})
beforeEach(async () => {
  await host.writeFile(path, file)
  await host.writeFile('/etc/services', names)
  await host.must('rm -f /etc/hosts.allow /etc/hosts.deny; kill -HUP $(cat /run/xinetd.pid); sleep 0.1')
})

const common = { capability: 'superserver' } as const
const plan = (intent: Intent) =>
  Promise.resolve(
    client.ask['change.plan']({
      host: client.host,
      intent: methods['change.plan'].params.parse({ host: 'x', intent }).intent,
    }),
  )
const value = <T>(answer: Answer<T>): T => {
  if (!answer.ok) throw new Error(JSON.stringify(answer.problem))
  return answer.value
}
const apply = async ({ id, digest }: PlannedChange): Promise<ChangeOutcome> =>
  value(await client.ask['change.apply']({ id, digest }))
const change = async (intent: Intent): Promise<ChangeOutcome> => apply(value(await plan(intent)))
const disturbed = (planned: PlannedChange) =>
  planned.preview.parts.flatMap(({ disturbs }) => disturbs.map(({ what }) => what.key))

const enable: Intent = {
  ...common,
  kind: 'enableServices',
  services: [{ path, id: 'tide-table', occurrence: 0 }],
}
const entry = (port: number) => ({
  name: 'tide-table',
  port,
  protocol: 'tcp',
  aliases: [],
  comment: 'of the harbour office',
})
const lineOf = async (name: string) => {
  const lines = (await host.must('cat /etc/services')).split('\n')
  const at = lines.findIndex((text) => text.startsWith(`${name}\t`) || text.startsWith(`${name} `))
  return { line: at + 1, text: lines[at] ?? '' }
}

/** All that the service sends; the reason where it refuses. */
function answerOf(port: number): Promise<string> {
  return new Promise((resolve) => {
    const socket = connect({ host: host.address, port })
    let said = ''
    socket.setTimeout(5000, () => socket.destroy(new Error('silent')))
    socket.on('data', (chunk) => (said += chunk.toString()))
    socket.on('close', () => resolve(said))
    socket.on('error', (error) => (said = 'code' in error ? String(error.code) : error.message))
  })
}

describe('a name of /etc/services', () => {
  it('gives a service its port, moves it, and is not taken from it', async () => {
    expect(await plan(enable)).toMatchObject({
      ok: false,
      problem: { code: 'superserver.wouldRefuse', params: { cause: 'portUnknown' } },
    })
    const added = value(await plan({ ...common, kind: 'addPortName', entry: entry(9205) }))
    expect(added.preview.parts[0]?.commands, 'nobody has to be told').toEqual([])
    expect(await apply(added)).toMatchObject({ kind: 'proved' })
    expect((await host.must('getent services tide-table')).trim()).toMatch(/9205\/tcp$/)
    expect(await change(enable)).toMatchObject({ kind: 'proved' })
    expect(await answerOf(9205)).toBe('high\n')

    const pid = await host.must('cat /run/xinetd.pid')
    const moved = value(
      await plan({
        ...common,
        kind: 'changePortName',
        name: await lineOf('tide-table'),
        entry: entry(9206),
      }),
    )
    expect(disturbed(moved)).toEqual(['xinetd.disturb.madeAnew'])
    const outcome = await apply(moved)
    expect(outcome).toMatchObject({ kind: 'proved' })
    expect(outcome.kind === 'proved' ? outcome.evidence.join('\n') : '').toMatch(
      /\/etc\/services: SHA-256[^]*tide-table tcp\/9206: Active[^]*tcp port 9205: free of xinetd/,
    )
    expect(await answerOf(9206)).toBe('high\n')
    expect(await answerOf(9205)).toBe('ECONNREFUSED')
    expect(await host.must('cat /run/xinetd.pid')).toBe(pid)

    const name = await lineOf('tide-table')
    expect(await plan({ ...common, kind: 'removePortName', name })).toMatchObject({
      ok: false,
      problem: { code: 'superserver.wouldRefuse', params: { service: 'tide-table' } },
    })
    expect(await apply(value(await client.ask['history.undo']({ id: moved.id })))).toMatchObject({
      kind: 'proved',
    })
    expect(await answerOf(9205)).toBe('high\n')
  })
})

describe('hosts.allow and hosts.deny', () => {
  it('are one change that holds at the next connection, and goes back', async () => {
    await change({ ...common, kind: 'addPortName', entry: entry(9205) })
    await change(enable)
    expect(await answerOf(9205)).toBe('high\n')
    const made = value(
      await plan({
        ...common,
        kind: 'editWrappers',
        allow: { digest: null, text: 'sshd: ALL\n' },
        deny: { digest: null, text: 'ALL: ALL\n' },
      }),
    )
    expect(disturbed(made)).toEqual([])
    expect(await apply(made)).toMatchObject({ kind: 'proved' })
    expect(await host.must('stat -c "%U %a" /etc/hosts.allow /etc/hosts.deny')).toBe('root 644\nroot 644\n')
    expect(await answerOf(9205)).toBe('')
    expect(await apply(value(await client.ask['history.undo']({ id: made.id })))).toMatchObject({
      kind: 'proved',
    })
    expect(await host.must('ls /etc/hosts.allow /etc/hosts.deny 2>/dev/null || true')).toBe('')
    expect(await answerOf(9205)).toBe('high\n')
  })

  it('tell that the address from which we came would not get in again', async () => {
    const shut = value(
      await plan({ ...common, kind: 'editWrappers', deny: { digest: null, text: 'sshd: ALL\n' } }),
    )
    expect(disturbed(shut)).toEqual(['wrappers.disturb.shutsUsOut'])
    await host.writeFile('/etc/hosts.allow', 'ALL: 203.0.113.1\n')
    const digest = digestOfText('ALL: 203.0.113.1\n')
    const open = value(
      await plan({ ...common, kind: 'editWrappers', allow: { digest, text: 'ALL: 203.0.113.2\n' } }),
    )
    expect(disturbed(open)).toEqual([])
  })
})
