import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { methods, type Answer, type ChangeOutcome } from '../../../shared/contract'
import type { Host } from '../../lab/host'
import { openLab, type Lab } from '../../lab/lab'
import { bootStep } from '../../../shared/model/superserver/boot'
import { signIn, type Client } from '../host/client'
import { connectTo } from '../host/connected'
import { workbench } from './workbench'

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

  it('is started at boot no more, and again; what cannot be proved gives each link back', async () => {
    const boot = (on: boolean) => change({ kind: 'boot', daemon: 'xinetd', on })
    const enabled = async () => (await host.sh('systemctl is-enabled xinetd')).stdout.trim()
    const links = () =>
      host.must(
        `find /etc/systemd/system /etc/rc?.d -type l \\( -name xinetd.service -o -name '[SK]??xinetd' \\) -printf '%p %l\\n' | sort`,
      )
    expect(await enabled()).toBe('enabled')
    expect(await boot(false)).toMatchObject({ kind: 'proved' })
    expect(await enabled()).toBe('disabled')
    expect(await pid(), 'what runs is not touched').not.toBe('')
    expect(await boot(true)).toMatchObject({ kind: 'proved' })
    expect(await enabled()).toBe('enabled')

    // What is linked by hand stands in no [Install] section.
    await host.must(
      'mkdir -p /etc/systemd/system/rescue.target.wants; ln -s /usr/lib/systemd/system/xinetd.service /etc/systemd/system/rescue.target.wants/; systemctl daemon-reload',
    )
    const before = await links()
    expect(before).toContain('rescue.target.wants')
    const connected = await connectTo(host, 'admin')
    const outcome = await workbench([connected]).make({
      steps: [bootStep({ by: 'systemd', name: 'xinetd' }, false)],
      prove: async () => {
        expect(await enabled()).toBe('disabled')
        return { ok: true, value: { holds: false, evidence: [], missing: ['as the test wants'] } }
      },
    })
    connected.disconnect()
    expect(outcome).toMatchObject({ kind: 'rolledBack' })
    expect(await links()).toBe(before)
    expect(await enabled()).toBe('enabled')
    await host.must('rm /etc/systemd/system/rescue.target.wants/xinetd.service; systemctl daemon-reload')
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
