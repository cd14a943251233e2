import { describe, expect, it } from 'vitest'
import type { XinetdDump } from '../../probe/xinetd-dump'
import { changeDigest, digestOfText, previewOf } from '../change'
import { boot as noBoot, hostWith, noFailover, surroundings, xinetdState } from './fixtures.test-support'
import type { SuperserverIntent } from './intent'
import { superserverIntentSchema } from './intent'
import { plan } from './plan'
import { superserverProofSchema } from './proof'
import { proofOfNow } from './proof-of-now'
import type { SuperserverState, XinetdState } from './state'

const TELNET = `# for the old terminals
service telnet
{
	disable		= no
	socket_type	= stream
	wait		= no
	user		= root
	server		= /bin/cat
	instances	= 5
}
`
const MAIN = 'defaults\n{\n\tlog_type = SYSLOG daemon\n}\n\nincludedir /etc/xinetd.d\n'

const dump: XinetdDump = {
  version: '2.3.15.3',
  time: 'Mon Nov 23 04:51:39 2026',
  defaults: {},
  services: [
    { name: 'telnet', id: 'telnet', state: 'Active', protocol: 'tcp', port: 23, attributes: {}, running: 2 },
  ],
  servers: [
    {
      id: 'telnet',
      pid: 900,
      started: 'Mon Nov 23 04:00:00 2026',
      peer: { address: '::ffff:10.0.0.9', port: 45094 },
    },
    { id: 'telnet', pid: 901, started: 'Mon Nov 23 04:10:00 2026', peer: null },
  ],
  configuration: '/etc/xinetd.conf',
}

const state = (more: Partial<XinetdState> = {}, telnet = TELNET) =>
  hostWith(xinetdState(MAIN, { telnet }, { dump, ...more }))
const ref = { path: '/etc/xinetd.d/telnet', id: 'telnet', occurrence: 0 }
const edit = (set: Readonly<Record<string, unknown>>, more: object = {}): SuperserverIntent =>
  superserverIntentSchema.parse({
    capability: 'superserver',
    kind: 'editService',
    service: ref,
    set,
    ...more,
  })

const planned = (intent: SuperserverIntent, of = state()) => {
  const answer = plan(of, intent)
  if (!answer.ok) throw new Error(answer.problem.code)
  return answer.value
}
const refused = (intent: SuperserverIntent, of = state()) => {
  const answer = plan(of, intent)
  if (answer.ok) throw new Error('a plan was made')
  return answer.problem
}

describe('plan of a change of the super-server', () => {
  it('writes the file with the one line changed, reloads that process, and says how it is proved', () => {
    const change = planned(edit({ instances: ['8'] }, { reason: 'more terminals' }))
    const after = TELNET.replace('= 5', '= 8')
    expect(change).toMatchObject({
      title: { key: 'xinetd.change.edit', params: { service: 'telnet' } },
      reason: 'more terminals',
      parts: [
        {
          host: 'harbor',
          steps: [
            {
              kind: 'write',
              path: '/etc/xinetd.d/telnet',
              before: { text: TELNET, digest: digestOfText(TELNET) },
              after: { text: after, digest: digestOfText(after), mode: 0o644 },
            },
            { kind: 'daemon', daemon: 'xinetd', action: 'reload', before: { pid: 812, startTime: '4711' } },
          ],
          disturbs: [
            { degree: 'notice', subject: 'telnet', what: { key: 'xinetd.disturb.accessKeepsSessions' } },
          ],
        },
      ],
    })
    const proof = superserverProofSchema.parse(change.parts[0]?.proof.expect)
    expect(proof).toMatchObject({
      files: [{ path: '/etc/xinetd.d/telnet', digest: digestOfText(after) }],
      xinetd: {
        daemon: { pid: 812, startTime: '4711' },
        running: [{ id: 'telnet', protocol: 'tcp', port: 23, attributes: { Instances: '8', wait: 'no' } }],
        absent: [],
        listening: [{ protocol: 'tcp', port: 23 }],
      },
      inetd: null,
    })
  })

  it('is pure: the same state and intent give the same digest, another intent another', () => {
    const digest = changeDigest(planned(edit({ instances: ['8'] })))
    expect(changeDigest(planned(edit({ instances: ['8'] })))).toBe(digest)
    expect(changeDigest(planned(edit({ instances: ['9'] })))).not.toBe(digest)
    expect(digest).toMatch(/^[0-9a-f]{64}$/)
  })

  it('shows the difference as hunks, and the command', () => {
    const preview = previewOf(planned(edit({ instances: ['8'], nice: ['5'] })))
    const [part] = preview.parts
    expect(part?.files).toMatchObject([
      { kind: 'write', path: '/etc/xinetd.d/telnet', added: 2, removed: 1, masked: false, metadata: [] },
    ])
    expect(part?.files[0]?.hunks).toMatchObject([{ oldStart: 6, oldLines: 5, newStart: 6, newLines: 6 }])
    expect(part?.files[0]?.hunks[0]?.lines.filter(({ kind }) => kind !== 'context')).toEqual([
      { kind: 'removed', text: '\tinstances\t= 5', ended: true },
      { kind: 'added', text: '\tinstances\t= 8', ended: true },
      { kind: 'added', text: '\tnice\t\t= 5', ended: true },
    ])
    expect(part?.commands).toMatchObject([{ title: { key: 'xinetd.step.reload' }, reversible: true }])
    expect(part?.reversible).toBe(true)
  })

  it('disables a service, and names the sessions that end', () => {
    const change = planned({
      capability: 'superserver',
      kind: 'disableServices',
      services: [ref],
      entries: [],
      reason: '',
    })
    expect(change.parts[0]).toMatchObject({
      steps: [{ kind: 'write', after: { text: TELNET.replace('= no', '= yes') } }, { kind: 'daemon' }],
      disturbs: [
        {
          degree: 'outage',
          subject: 'telnet',
          sessions: [{ peer: '::ffff:10.0.0.9 45094', pid: 900 }, { pid: 901 }],
        },
      ],
      proof: {
        expect: {
          xinetd: { running: [], absent: ['telnet'], listening: [], silent: [{ protocol: 'tcp', port: 23 }] },
        },
      },
    })
  })

  it('warns that the daemon ends with its last service, without -stayalive', () => {
    const daemon = { pid: 812, startTime: '4711', argv: ['xinetd'], pidfile: null }
    const change = planned(
      { capability: 'superserver', kind: 'disableServices', services: [ref], entries: [], reason: '' },
      state({ daemon }),
    )
    expect(change.parts[0]?.disturbs.map(({ what }) => what.key)).toEqual([
      'xinetd.disturb.dropped',
      'xinetd.disturb.daemonExits',
    ])
  })

  it('enables a service', () => {
    const off = TELNET.replace('= no', '= yes')
    const change = planned(
      { capability: 'superserver', kind: 'enableServices', services: [ref], entries: [], reason: '' },
      state({ dump: { ...dump, services: [], servers: [] } }, off),
    )
    expect(change.parts[0]).toMatchObject({
      steps: [{ after: { text: TELNET } }, { kind: 'daemon' }],
      disturbs: [{ degree: 'notice', what: { key: 'xinetd.disturb.started' } }],
      proof: { expect: { xinetd: { running: [{ id: 'telnet' }] } } },
    })
  })

  it('says that sessions end where the service is made anew', () => {
    expect(planned(edit({ bind: ['10.0.0.1'] })).parts[0]?.disturbs).toMatchObject([
      { degree: 'sessions', what: { key: 'xinetd.disturb.madeAnew', params: { sessions: 2 } } },
    ])
    expect(planned(edit({ nice: ['5'] })).parts[0]?.disturbs).toEqual([])
  })

  it('takes a value back to what is inherited, and keeps += apart', () => {
    const change = planned(edit({ instances: null, only_from: [{ operator: '+=', values: ['10.0.0.0/8'] }] }))
    const [step] = change.parts[0]?.steps ?? []
    expect(step?.kind === 'write' && step.after.text).toBe(
      TELNET.replace('\tinstances\t= 5\n', '\tonly_from\t+= 10.0.0.0/8\n'),
    )
  })

  it('edits the comment', () => {
    const change = planned(edit({}, { comment: ['# for the new terminals', 'and one more'] }))
    const [step] = change.parts[0]?.steps ?? []
    expect(step?.kind === 'write' && step.after.text).toBe(
      TELNET.replace('# for the old terminals\n', '# for the new terminals\n# and one more\n'),
    )
  })

  it('only writes where the daemon does not run', () => {
    const change = planned(edit({ instances: ['8'] }), state({ daemon: null, dump: null }))
    expect(change.parts[0]?.steps.map(({ kind }) => kind)).toEqual(['write'])
    expect(change.parts[0]?.proof.expect).toMatchObject({ xinetd: null, inetd: null })
  })

  it('refuses what the daemon would refuse, and says where', () => {
    expect(refused(edit({ instances: ['many'] }))).toMatchObject({
      code: 'superserver.wouldRefuse',
      host: 'harbor',
      params: { service: 'telnet', cause: 'badValue', attribute: 'instances', line: 9 },
    })
    expect(refused(edit({ socket_type: null, protocol: null })).params).toMatchObject({
      cause: 'missingAttribute',
    })
  })

  it('refuses what the daemon would pass over in silence', () => {
    const revived = TELNET.replace('\tdisable\t\t= no\n', '').replace('\n}', '\n\tdisable\t\t= no\n}')
    expect(refused(edit({ instances: ['many'] }), state({}, revived))).toMatchObject({
      code: 'superserver.wouldIgnore',
      params: { attribute: 'instances', value: 'many', cause: 'badValue', line: 8 },
    })
    expect(refused(edit({ bind: ['10.0.0.1', '10.0.0.2'] }))).toMatchObject({
      code: 'superserver.wouldIgnore',
      params: { attribute: 'bind', cause: 'wrongCount' },
    })
    // Whoever meant to keep that network out would let it in.
    expect(refused(edit({ no_access: ['10.0.0.0/8', '300.1.1.1'] }))).toMatchObject({
      code: 'superserver.wouldIgnore',
      params: { attribute: 'no_access', value: '300.1.1.1', cause: 'badAddress' },
    })
  })

  it('lets a service that is refused be mended step by step', () => {
    const broken = TELNET.replace('= 5', '= many').replace('= root', '= nosuchuser')
    const change = planned(
      edit({ instances: ['5'] }),
      state({ dump: { ...dump, services: [], servers: [] } }, broken),
    )
    expect(change.parts[0]?.steps).toHaveLength(2)
  })

  it('turns CRLF into line ends that the daemon reads', () => {
    const change = planned(
      { capability: 'superserver', kind: 'fixLineEnds', path: '/etc/xinetd.d/telnet', reason: '' },
      state({}, TELNET.replaceAll('\n', '\r\n')),
    )
    expect(change.parts[0]?.steps[0]).toMatchObject({ after: { text: TELNET } })
  })

  it.each([
    ['superserver.nothingToDo', edit({ instances: ['5'] }), state()],
    ['superserver.unknownService', edit({ instances: ['5'] }), state({}, '')],
    ['superserver.unreadable', { ...edit({}), service: { ...ref, path: '/etc/shadow' } }, state()],
    [
      'superserver.absent',
      edit({}),
      {
        host: 'harbor',
        xinetd: null,
        inetd: null,
        units: [],
        systemd: null,
        failover: noFailover,
        sockets: [],
        boot: noBoot,
        surroundings,
      },
    ],
  ] as const)('%s', (code, intent, of) => {
    expect(refused(intent, of).code).toBe(code)
  })

  it('refuses an intent that would smuggle lines into the file', () => {
    for (const set of [
      { port: ['7\n}'] },
      { 'a\n': ['7'] },
      { port: ['7 8'] },
      { port: ['\ud800'] },
      { 'a=b': ['1'] },
    ]) {
      expect(
        superserverIntentSchema.safeParse({
          capability: 'superserver',
          kind: 'editService',
          service: ref,
          set,
        }).success,
      ).toBe(false)
    }
  })
})

describe('the start at boot', () => {
  const xinetd = { by: 'systemd', name: 'xinetd', word: 'enabled', on: true } as const
  const of = (boot: SuperserverState['boot']) => ({ ...state(), boot })
  const wish = (on: boolean) =>
    ({ capability: 'superserver', reason: '', kind: 'boot', daemon: 'xinetd', on }) as const

  it('is switched by the init that has it, and proved by what that says', () => {
    const made = plan(of({ xinetd, inetd: null }), wish(false))
    expect(made).toMatchObject({
      value: {
        parts: [
          {
            steps: [{ kind: 'runtime', set: { args: ['systemd', 'xinetd', 'disable'] } }],
            proof: { expect: { boot: { daemon: 'xinetd', on: false } } },
          },
        ],
      },
    })
    const [part] = made.ok ? made.value.parts : []
    expect(proofOfNow(of({ xinetd, inetd: null }), part?.steps ?? []).boot).toEqual({
      daemon: 'xinetd',
      on: true,
    })
  })

  it('is refused where init knows no such service, where it is fixed, and where it is so', () => {
    const code = (boot: SuperserverState['boot'], on = false) => {
      const made = plan(of(boot), wish(on))
      return made.ok ? null : made.problem.code
    }
    expect(code({ xinetd: null, inetd: null })).toBe('superserver.bootUnknown')
    expect(code({ xinetd: { ...xinetd, word: 'masked', on: null }, inetd: null })).toBe(
      'superserver.bootFixed',
    )
    expect(code({ xinetd, inetd: null }, true)).toBe('superserver.nothingToDo')
  })
})
