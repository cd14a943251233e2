import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { TalkSource } from '../../../shared/contract'
import type { Host } from '../../lab/host'
import { openLab, type Lab } from '../../lab/lab'
import { signIn, type Client } from './client'

const service = (name: string, port: number, server: string, more = '') => `service ${name}
{
	type = UNLISTED
	socket_type = stream
	protocol = tcp
	port = ${port}
	wait = no
	user = nobody
	server = ${server}
${more}}
`
const local = (name: string, port: number, server: string, more = '') =>
  service(name, port, server, `\tbind = 127.0.0.1\n${more}`)
const logs =
  '\tlog_type = FILE /var/log/xinetd-talk.log\n\tlog_on_success = HOST PID\n\tlog_on_failure = HOST\n'
let lab: Lab
let real: Host
let other: Host
let client: Client
beforeAll(async () => {
  lab = await openLab()
  other = await lab.host({ name: 'elsewhere' })
  real = await lab.host({
    name: 'talker',
    units: ['xinetd.service'],
    files: {
      '/etc/xinetd.d/talk': [
        local('greeting', 9201, '/bin/echo', '\tserver_args = hello\n'),
        local('mirror', 9202, '/bin/cat'),
        local('flood', 9203, '/usr/bin/yes'),
        service(
          'open',
          9211,
          '/bin/echo',
          `\tserver_args = welcome\n\tonly_from = ${other.address}\n${logs}`,
        ),
        service('any', 9212, '/bin/echo', `\tserver_args = hello\n${logs}`),
      ].join('\n'),
    },
  })
  client = await signIn(real, 'admin')
})
afterAll(async () => {
  await client.end()
  await lab.close()
})

const talk = (port: number, send = '', milliseconds = 5000) =>
  Promise.resolve(
    client.ask['host.talk']({ host: client.host, address: '127.0.0.1', port, send, milliseconds }),
  )
const hex = (text: string) => Buffer.from(text).toString('hex')

describe('a talk with a service of the host, which listens there alone', () => {
  it('hears what it says until it ends', async () => {
    const answer = await talk(9201)
    expect(answer).toMatchObject({
      ok: true,
      value: { received: hex('hello\n'), ended: 'closed', truncated: false },
    })
  })

  it('says bytes of every kind, and hears them back', async () => {
    const every = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0')).join('')
    expect(await talk(9202, every, 700)).toMatchObject({
      ok: true,
      value: { received: every, ended: 'open' },
    })
  })

  it('ends when it has heard enough', async () => {
    const answer = await talk(9203, '', 20_000)
    if (!answer.ok) throw new Error(answer.problem.code)
    expect(answer.value.truncated).toBe(true)
    expect(answer.value.received.length).toBe(2 * 65_536)
    expect(answer.value.endedMs).toBeLessThan(15_000)
  })

  it('is told when nobody listens', async () => {
    expect(await talk(9209)).toMatchObject({ ok: false, problem: { host: 'talker' } })
  })

  it('says nothing where nothing may be changed', async () => {
    client.settings({ readOnly: true })
    expect(await talk(9202, '00')).toMatchObject({ ok: false, problem: { code: 'app.readOnly' } })
    expect(await talk(9201)).toMatchObject({ ok: true })
    client.settings({ readOnly: false })
  })
})

describe('a talk from elsewhere', () => {
  const from = (source: TalkSource, port: number, more: { send?: string; address?: string } = {}) =>
    Promise.resolve(
      client.ask['host.talk']({
        host: client.host,
        from: source,
        address: real.address,
        port,
        send: '',
        milliseconds: 5000,
        ...more,
      }),
    )
  const viaOther: TalkSource = { kind: 'host', host: 'the-other' }
  const logged = () => real.must('cat /var/log/xinetd-talk.log')
  const save = (readOnly: boolean) =>
    client.ask['profile.save']({
      profile: { ...client.profile, id: 'the-other', name: 'elsewhere', address: other.address, readOnly },
    })
  beforeAll(async () => {
    await save(false)
    expect(await client.ask['host.connect']({ host: 'the-other' })).toMatchObject({ ok: true })
  })

  it('is let in or refused by the address of the host that makes the connection', async () => {
    expect(await from(viaOther, 9211)).toMatchObject({
      ok: true,
      value: { received: hex('welcome\n'), ended: 'closed', source: null },
    })
    expect(await logged()).toMatch(new RegExp(`START: open pid=\\d+ from=(::ffff:)?${other.address}\\b`))
    expect(await from({ kind: 'host', host: client.host }, 9211)).toMatchObject({
      ok: true,
      value: { received: '', ended: 'closed' },
    })
    expect(await logged()).toMatch(
      new RegExp(`FAIL: open address from=(::ffff:)?${real.address.replaceAll('.', '\\.')}\\b`),
    )
  })

  it('may be made by this computer, whose address the service sees', async () => {
    const answer = await from({ kind: 'here' }, 9212)
    if (!answer.ok) throw new Error(answer.problem.code)
    expect(answer.value).toMatchObject({ received: hex('hello\n'), ended: 'closed' })
    const { source } = answer.value
    expect(source).toMatch(/^198\.1[89]\./)
    expect(await logged()).toMatch(new RegExp(`START: any pid=\\d+ from=(::ffff:)?${source}\\b`))
  })

  it('says from where to where it did not come about', async () => {
    const { name } = real
    const nobody = { address: real.address, port: 9219 }
    expect(await from(viaOther, 9219)).toMatchObject({
      ok: false,
      problem: { code: 'talk.refused', host: name, params: { from: 'elsewhere', ...nobody } },
    })
    expect(await from({ kind: 'here' }, 9219)).toMatchObject({
      ok: false,
      problem: { code: 'talk.refused', host: name, params: { from: 'here', ...nobody } },
    })
    expect(await from({ kind: 'here' }, 9219, { address: 'nowhere.invalid' })).toMatchObject({
      ok: false,
      problem: { code: 'talk.unreachable', params: { from: 'here', address: 'nowhere.invalid' } },
    })
    await real.must(
      'nft add table inet wm; nft "add chain inet wm in { type filter hook input priority 0; }"; nft add rule inet wm in tcp dport 9218 drop',
    )
    expect(await from({ kind: 'here' }, 9218)).toMatchObject({
      ok: false,
      problem: { code: 'talk.noAnswer', params: { from: 'here', port: 9218 } },
    })
  }, 30_000)

  it('sends nothing through a host that is read-only, and not through one that is not connected', async () => {
    await save(true)
    expect(await from(viaOther, 9211, { send: '00' })).toMatchObject({
      ok: false,
      problem: { code: 'app.readOnly', host: 'elsewhere' },
    })
    expect(await from(viaOther, 9211)).toMatchObject({ ok: true })
    await client.ask['host.disconnect']({ host: 'the-other' })
    expect(await from(viaOther, 9211)).toMatchObject({
      ok: false,
      problem: { code: 'host.notConnected', host: 'elsewhere' },
    })
  })
})
