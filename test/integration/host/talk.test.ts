import { afterAll, beforeAll, describe, expect, it } from 'vitest'
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
	bind = 127.0.0.1
	server = ${server}
${more}}
`
let lab: Lab
let real: Host
let client: Client
beforeAll(async () => {
  lab = await openLab()
  real = await lab.host({
    name: 'talker',
    units: ['xinetd.service'],
    files: {
      '/etc/xinetd.d/talk': [
        service('greeting', 9201, '/bin/echo', '\tserver_args = hello\n'),
        service('mirror', 9202, '/bin/cat'),
        service('flood', 9203, '/usr/bin/yes'),
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
