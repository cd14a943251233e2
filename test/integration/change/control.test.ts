import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { methods, type Answer, type ChangeOutcome } from '../../../shared/contract'
import type { Host } from '../../lab/host'
import { openLab, type Lab } from '../../lab/lab'
import { signIn, type Client } from '../host/client'

/** The daemon itself is told; and a host that is reached through what it starts. */
const path = '/etc/xinetd.d/door'
const file = `service door
{
	type = UNLISTED
	socket_type = stream
	protocol = tcp
	port = 2222
	wait = no
	user = root
	server = /usr/sbin/sshd
	server_args = -i
}

service lamp
{
	type = UNLISTED
	socket_type = stream
	protocol = tcp
	port = 9201
	wait = no
	user = nobody
	server = /bin/echo
	server_args = lit
}
`
let lab: Lab
let host: Host
let client: Client
let visitor: Client
beforeAll(async () => {
  lab = await openLab()
  host = await lab.host({
    name: 'gate',
    units: ['xinetd.service'],
    files: { [path]: file },
    run: 'mkdir -p /run/sshd',
  })
  client = await signIn(host, 'admin')
  visitor = await signIn(host, 'admin', { port: 2222 })
})
afterAll(async () => {
  await client.end()
  await visitor.end()
  await lab.close()
})
beforeEach(() => host.must('pidof xinetd >/dev/null || systemctl start xinetd'))

const value = <T>(answer: Answer<T>): T => {
  if (!answer.ok) throw new Error(JSON.stringify(answer.problem))
  return answer.value
}
const plan = (intent: object, by = client) => {
  const wish = { capability: 'superserver', ...intent }
  const { intent: parsed } = methods['change.plan'].params.parse({ host: by.host, intent: wish })
  return Promise.resolve(by.ask['change.plan']({ host: by.host, intent: parsed }))
}
async function change(intent: object, by = client): Promise<ChangeOutcome> {
  const { id, digest } = value(await plan(intent, by))
  return value(await by.ask['change.apply']({ id, digest }))
}
const pid = async () => (await host.must('pidof xinetd || true')).trim()
const tell = (action: string) => ({ kind: 'control', daemon: 'xinetd', action })

describe('a connection that came in through xinetd', () => {
  const door = { path, id: 'door' }
  it('is not cut by a change of its own: nothing of the kind is planned', async () => {
    const refused = { ok: false, problem: { code: 'superserver.cutsOurselves' } }
    expect(await plan(tell('stop'), visitor)).toMatchObject(refused)
    expect(await plan(tell('restart'), visitor)).toMatchObject(refused)
    expect(await plan({ kind: 'disableServices', services: [door] }, visitor)).toMatchObject(refused)
    const moved = { kind: 'editService', service: door, set: { port: ['2223'] } }
    expect(await plan(moved, visitor)).toMatchObject(refused)
  })

  it('changes what does not cut it, and others may cut it', async () => {
    const lamp = { path, id: 'lamp' }
    expect(await change({ kind: 'disableServices', services: [lamp] }, visitor)).toMatchObject({
      kind: 'proved',
    })
    expect(await change({ kind: 'enableServices', services: [lamp] }, visitor)).toMatchObject({
      kind: 'proved',
    })
    const planned = value(await plan({ kind: 'disableServices', services: [door] }))
    expect(planned.preview.parts[0]?.disturbs).toMatchObject([{ subject: 'door', degree: 'outage' }])
    expect(planned.preview.parts[0]?.disturbs[0]?.sessions.length).toBeGreaterThan(0)
  })
})

describe('the daemon', () => {
  it('is restarted as another process, stopped, started and reloaded, each proved', async () => {
    const first = await pid()
    expect(await change(tell('restart'))).toMatchObject({ kind: 'proved' })
    const second = await pid()
    expect(second).not.toBe(first)
    expect(await change(tell('reload'))).toMatchObject({ kind: 'proved' })
    expect(await pid()).toBe(second)
    expect(await plan(tell('start'))).toMatchObject({ ok: false, problem: { code: 'superserver.runs' } })
    expect(await change(tell('stop'))).toMatchObject({ kind: 'proved' })
    expect(await pid()).toBe('')
    expect(await plan(tell('stop'))).toMatchObject({ ok: false, problem: { code: 'superserver.notRunning' } })
    expect(await change(tell('start'))).toMatchObject({ kind: 'proved' })
    expect(await pid()).not.toBe('')
  })

  it('that ends as soon as it is started is not said to run', async () => {
    await host.must(
      'systemctl stop xinetd; cp -p /etc/xinetd.conf /root/kept; printf "defaults\\n{\\n\\tinstances = many\\n}\\n" >/etc/xinetd.conf',
    )
    const outcome = await change(tell('start'))
    await host.must('cp -p /root/kept /etc/xinetd.conf')
    expect(outcome.kind).toBe('rolledBack')
    expect(await pid()).toBe('')
  })
})
