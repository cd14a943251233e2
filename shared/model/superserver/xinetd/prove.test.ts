import { describe, expect, it } from 'vitest'
import type { DumpedService, XinetdDump } from '../../../probe/xinetd-dump'
import { xinetdState } from '../fixtures.test-support'
import { proofOf } from './prove'
import { resolve } from './resolve'

const service = (id: string, port: number, more = ''): string => `service ${id}
{
	type = UNLISTED
	socket_type = stream
	protocol = tcp
	port = ${port}
	wait = no
	user = root
	server = /bin/cat
${more}}
`
const dumped = (id: string, port: number, state = 'Active'): DumpedService => ({
  name: id,
  id,
  state,
  protocol: 'tcp',
  port,
  attributes: {},
  running: 0,
})
const dump = (...services: readonly DumpedService[]): XinetdDump => ({
  version: '2.3.15.3',
  time: '',
  defaults: {},
  services,
  servers: [],
  configuration: '/etc/xinetd.conf',
})
const proof = (before: string, after: string, said: XinetdDump | null) => {
  const state = xinetdState(before, {}, { dump: said })
  const proved = proofOf(state, resolve(state), resolve(xinetdState(after)))
  if (proved === null) throw new Error('xinetd runs')
  return { ...proved, running: proved.running.map(({ id }) => id) }
}

describe('what is to be proved', () => {
  const a = service('a', 9001)
  const b = service('b', 9002)

  it('is what the files say, and that what left them is gone', () => {
    expect(
      proof(a + b, a + service('b', 9002, '\tdisable = yes\n'), dump(dumped('a', 9001), dumped('b', 9002))),
    ).toMatchObject({
      running: ['a'],
      absent: ['b'],
      listening: [{ protocol: 'tcp', port: 9001 }],
      silent: [{ protocol: 'tcp', port: 9002 }],
    })
    expect(proof(a, service('a', 9009), dump(dumped('a', 9001)))).toMatchObject({
      running: ['a'],
      listening: [{ protocol: 'tcp', port: 9009 }],
      silent: [{ protocol: 'tcp', port: 9001 }],
    })
  })

  it('is nothing of services that no file here speaks of', () => {
    const inetd = dumped('ftp', 21)
    expect(proof(a, a, dump(dumped('a', 9001), inetd))).toMatchObject({ absent: [], silent: [] })
    expect(proof(service('a', 21), b, dump(dumped('a', 21), inetd))).toMatchObject({
      absent: ['a'],
      silent: [],
    })
  })

  it('is nothing of a service that did not run before and that stays as it is', () => {
    const said = dump(dumped('a', 9001))
    expect(proof(a + b, service('a', 9001, '\tinstances = 2\n') + b, said).running).toEqual(['a'])
    // Touched, it has to run.
    expect(proof(a + b, a + service('b', 9002, '\tinstances = 2\n'), said).running).toEqual(['a', 'b'])
    // Nothing is known without a dump.
    expect(proof(a + b, a + b, null).running).toEqual(['a', 'b'])
  })

  it('is where a redirection leads, but for one that leads elsewhere already and is left as it is', () => {
    const gate = (to: string) => service('gate', 9003, `\tredirect = ${to}\n`).replace(/.*server = .*\n/, '')
    const said = (to: string): DumpedService => ({ ...dumped('gate', 9003), attributes: { Redirect: to } })
    const asked = (before: string, after: string, to: string) => {
      const state = xinetdState(gate(before) + a, {}, { dump: dump(said(to), dumped('a', 9001)) })
      const proved = proofOf(state, resolve(state), resolve(xinetdState(gate(after) + a)))
      return proved?.running.map(({ redirect }) => redirect)
    }
    const there = '10.0.0.1:80'
    expect(asked('10.0.0.1 80', '10.0.0.2 telnet', there)).toEqual([{ host: '10.0.0.2', port: 23 }, null])
    expect(asked('10.0.0.1 80', '10.0.0.1 80', there)).toEqual([{ host: '10.0.0.1', port: 80 }, null])
    expect(asked('10.0.0.9 80', '10.0.0.9 80', there)).toEqual([null, null])
    expect(asked('10.0.0.9 80', '10.0.0.1 80', there)).toEqual([{ host: '10.0.0.1', port: 80 }, null])
  })
})
