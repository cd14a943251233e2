import { describe, expect, it } from 'vitest'
import type { XinetdDump } from '../../../probe/xinetd-dump'
import { parseServices } from '../../../probe/name-files'
import { hostWith, image, names, surroundings, xinetdState } from '../fixtures.test-support'
import { superserverIntentSchema } from '../intent'
import { edited, plan } from '../plan'
import { superserverProofSchema } from '../proof'
import type { InetdState, SuperserverState } from '../state'
import { portNamesOf } from './list'

const SERVICES = `# ports
echo		7/tcp
daytime		13/tcp		clock	# the time
telnet		23/tcp
clock		9/tcp
`
const service = (name: string, more = ''): string => `service ${name}
{
	socket_type = stream
	wait = no
	user = root
	server = /bin/cat
${more}}
`
const said: XinetdDump = {
  version: '',
  time: '',
  defaults: {},
  services: [
    { name: 'clock', id: 'clock', state: 'Active', protocol: 'tcp', port: 13, attributes: {}, running: 0 },
  ],
  servers: [],
  configuration: null,
}
const known = { ...names, services: parseServices(SERVICES) }
const inetd: InetdState = {
  dialect: 'openbsd',
  daemon: null,
  files: { '/etc/inetd.conf': { kind: 'file', ...image('telnet stream tcp nowait root /bin/cat cat\n') } },
  names: known,
  owner: null,
}
const state: SuperserverState = {
  ...hostWith(
    xinetdState(
      'includedir /etc/xinetd.d\n',
      { clock: service('clock'), off: service('echo', '\tdisable = yes\n') },
      { names: known, dump: said },
    ),
  ),
  inetd,
  surroundings: { ...surroundings, services: { kind: 'file', ...image(SERVICES) } },
}
const intent = (kind: string, more: object) =>
  superserverIntentSchema.parse({ capability: 'superserver', kind, ...more })
const clock = { name: 'daytime', port: 13, protocol: 'tcp', aliases: ['clock'], comment: '# the time' }
const ref = { line: 3, text: 'daytime\t\t13/tcp\t\tclock\t# the time' }
const after = (of: ReturnType<typeof intent>): string => {
  const made = edited(state, of)
  const file = made.ok ? made.value.surroundings.services : null
  return file?.kind === 'file' ? file.text : ''
}

describe('names of /etc/services', () => {
  it('say who goes by them, where a name is looked up and found', () => {
    expect(
      portNamesOf(state)?.map(({ line, name, port, users }) => [
        line,
        name,
        port,
        users.map(({ daemon, id, runs }) => `${daemon} ${id} ${runs ? 'runs' : 'is off'}`),
      ]),
    ).toEqual([
      [2, 'echo', 7, ['xinetd echo is off']],
      [3, 'daytime', 13, ['xinetd clock runs']],
      [4, 'telnet', 23, ['inetd telnet runs']],
      [5, 'clock', 9, []],
    ])
  })

  it('are added, changed and taken out by their lines', () => {
    const entry = { name: 'tide', port: 9205, protocol: 'tcp', aliases: [], comment: null }
    expect(after(intent('addPortName', { entry }))).toBe(`${SERVICES}tide\t\t9205/tcp\n`)
    expect(after(intent('changePortName', { name: ref, entry: { ...clock, port: 14 } }))).toBe(
      SERVICES.replace('13/tcp', '14/tcp'),
    )
    expect(after(intent('removePortName', { name: { line: 2, text: 'echo\t\t7/tcp' } }))).toBe(
      SERVICES.replace('echo\t\t7/tcp\n', ''),
    )
  })

  it('are refused where the line is another by now, or the format cannot hold them', () => {
    expect(plan(state, intent('removePortName', { name: { line: 2, text: 'echo 8/tcp' } }))).toMatchObject({
      problem: { code: 'superserver.unknownService' },
    })
    const entry = { ...clock, name: 'a b' }
    expect(plan(state, intent('addPortName', { entry }))).toMatchObject({
      problem: { code: 'superserver.cannotStand', params: { value: 'a b', path: '/etc/services' } },
    })
  })

  it('that nobody goes by are written without a word to the daemons', () => {
    const made = plan(state, intent('removePortName', { name: { line: 5, text: 'clock\t\t9/tcp' } }))
    expect(made).toMatchObject({ ok: true, value: { parts: [{ disturbs: [] }] } })
    const [part] = made.ok ? made.value.parts : []
    expect(part?.steps.map(({ kind }) => kind)).toEqual(['write'])
    expect(superserverProofSchema.parse(part?.proof.expect)).toMatchObject({
      files: [{ path: '/etc/services' }],
      xinetd: null,
      inetd: null,
    })
  })

  it('move what goes by them: the daemon is told, and must say so', () => {
    const made = plan(state, intent('changePortName', { name: ref, entry: { ...clock, port: 14 } }))
    if (!made.ok) throw new Error(made.problem.code)
    const [part] = made.value.parts
    expect(part?.steps.map(({ kind }) => kind)).toEqual(['write', 'daemon'])
    expect(part?.disturbs).toMatchObject([{ subject: 'clock', what: { key: 'xinetd.disturb.madeAnew' } }])
    expect(superserverProofSchema.parse(part?.proof.expect).xinetd).toMatchObject({
      running: [{ id: 'clock', port: 14 }],
      listening: [{ port: 14 }],
      silent: [{ port: 13 }],
    })
  })

  it('are not taken from a service that runs by them', () => {
    const without = SERVICES.replace('\tclock\t#', '\t#').replace('clock\t\t9/tcp\n', '')
    const digest = image(SERVICES).digest
    expect(plan(state, intent('editText', { path: '/etc/services', digest, text: without }))).toMatchObject({
      problem: { code: 'superserver.wouldRefuse', params: { service: 'clock', cause: 'portUnknown' } },
    })
  })
})
