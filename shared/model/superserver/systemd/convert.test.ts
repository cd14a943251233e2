import { describe, expect, it } from 'vitest'
import type { XinetdDump } from '../../../probe/xinetd-dump'
import { digestOfText, type Change } from '../../change'
import { hostWith, image, xinetdState } from '../fixtures.test-support'
import { superserverIntentSchema } from '../intent'
import { plan } from '../plan'
import { superserverProofSchema } from '../proof'
import { proofOfNow } from '../proof-of-now'
import type { SuperserverState, XinetdState } from '../state'
import { isUndoable, planUndo } from '../undo'
import { unitsFor } from './convert'

const body = (port: number, more = '') =>
  `{\n\ttype = UNLISTED\n\tsocket_type = stream\n\tprotocol = tcp\n\tport = ${port}\n\twait = no\n\tuser = nobody\n\tserver = /bin/cat\n${more}}\n`
const path = '/etc/xinetd.d/some'
const text = `service a\n${body(7001)}service b\n${body(7002, '\tredirect = 127.0.0.1 22\n').replace('\tserver = /bin/cat\n', '')}service c\n${body(7003, '\tdisable = yes\n')}service d\n${body(7004).replace('wait = no', 'wait = yes')}`
const ref = (id: string) => ({ path, id, occurrence: 0 })
const ids = ['a', 'd', 'b']
const dump: XinetdDump = {
  version: '2.3.15.3',
  time: '',
  services: ids.map((id, at) => ({
    name: id,
    id,
    state: 'Active',
    protocol: 'tcp',
    port: [7001, 7004, 7002][at] ?? 0,
    attributes: {},
    running: 0,
  })),
  defaults: {},
  servers: [{ id: 'a', pid: 900, started: '', peer: null }],
  configuration: null,
}
const systemd = { version: 252, names: ['d.service'], files: {} }
const state = (more: Partial<SuperserverState> = {}, of: Partial<XinetdState> = {}): SuperserverState => ({
  ...hostWith(xinetdState('includedir /etc/xinetd.d\n', { some: text }, { dump, ...of })),
  systemd,
  ...more,
})
const intent = (...services: readonly string[]) =>
  superserverIntentSchema.parse({
    capability: 'superserver',
    kind: 'convertServices',
    services: services.map(ref),
  })
const planned = (of: SuperserverState, ...services: readonly string[]): Change => {
  const answer = plan(of, intent(...services))
  if (!answer.ok) throw new Error(answer.problem.code)
  return answer.value
}
const codeOf = (of: SuperserverState, ...services: readonly string[]): string => {
  const answer = plan(of, intent(...services))
  return answer.ok ? 'planned' : answer.problem.code
}

describe('services of xinetd for systemd', () => {
  it('become units in one change: xinetd is told first, and both are asked who has the ports', () => {
    const change = planned(state(), 'a', 'b', 'd')
    const [part] = change.parts
    const steps = part?.steps ?? []
    expect(steps.map((step) => ('path' in step ? `${step.kind} ${step.path}` : step.kind))).toEqual([
      `write ${path}`,
      'create /etc/systemd/system/a.socket',
      'create /etc/systemd/system/a@.service',
      'create /etc/systemd/system/d-xinetd.socket',
      'create /etc/systemd/system/d-xinetd.service',
      'daemon',
    ])
    expect(steps.at(-1)).toMatchObject({
      title: { key: 'superserver.step.switchOver', params: { from: 'xinetd', to: 'systemd' } },
      before: { pid: 812, startTime: '4711' },
      command: {
        args: ['812', '4711', 'xinetd', 't:7001 t:7004', 'a.socket d-xinetd.socket', 'd-xinetd.service'],
      },
    })
    const proof = superserverProofSchema.parse(part?.proof.expect)
    expect(proof.files.map((file) => file.path)).toEqual(
      steps.flatMap((step) => ('path' in step ? [step.path] : [])),
    )
    expect(proof).toMatchObject({
      xinetd: {
        running: [{ id: 'b' }],
        absent: ['a', 'd'],
        silent: [
          { protocol: 'tcp', port: 7001 },
          { protocol: 'tcp', port: 7004 },
        ],
      },
      systemd: {
        held: [
          {
            unit: 'a.socket',
            path: '/etc/systemd/system/a.socket',
            ports: [{ protocol: 'tcp', port: 7001 }],
          },
          { unit: 'd-xinetd.socket', ports: [{ protocol: 'tcp', port: 7004 }] },
        ],
        gone: [],
      },
    })
    expect(proofOfNow(state(), steps)).toMatchObject({
      systemd: { held: [], gone: ['a.socket', 'd-xinetd.socket'] },
      xinetd: { listening: [{ port: 7001 }, { port: 7002 }, { port: 7004 }] },
    })
    expect(part?.disturbs).toMatchObject([
      {
        degree: 'sessions',
        what: { key: 'systemd.disturb.handed', params: { service: 'a', unit: 'a.socket', sessions: 1 } },
        sessions: [{ pid: 900 }],
      },
      { degree: 'notice', what: { params: { service: 'd', unit: 'd-xinetd.socket' } } },
    ])
  })

  it('are named apart from each other and from what is there; what does not run hands nothing over', () => {
    const twice = xinetdState(`service a\n${body(7001)}`, { a: `service A\n${body(7009)}` })
    const refs = [
      { path: '/etc/xinetd.conf', id: 'a', occurrence: 0 },
      { path: '/etc/xinetd.d/a', id: 'A', occurrence: 0 },
    ]
    const xinetd = {
      ...twice,
      files: {
        ...twice.files,
        '/etc/xinetd.conf': {
          kind: 'file' as const,
          ...image(`service a\n${body(7001)}includedir /etc/xinetd.d\n`),
        },
      },
    }
    const made = unitsFor({ ...systemd, names: ['a.service'] }, xinetd, refs)
    expect(made.map(({ units }) => units[0]?.name)).toEqual(['a-xinetd.socket', 'A-2.socket'])
    const of = state()
    expect(of.xinetd === null ? null : unitsFor(systemd, of.xinetd, [ref('c')])).toEqual([])
  })

  it('are refused where nobody could take them', () => {
    expect(codeOf(state({ systemd: null }), 'a')).toBe('superserver.noSystemd')
    expect(codeOf(state({}, { daemon: null, dump: null }), 'a')).toBe('superserver.notRunning')
    expect(codeOf(state(), 'b', 'c')).toBe('superserver.nothingToDo')
    expect(codeOf(state({ xinetd: null }), 'a')).toBe('superserver.absent')
  })

  it('go back to xinetd by undo, while the units are as they were made', () => {
    const change = planned(state(), 'a', 'd')
    expect(isUndoable(change)).toBe(true)
    const steps = change.parts[0]?.steps ?? []
    const files = Object.fromEntries(
      steps.flatMap((step) =>
        step.kind === 'create' ? [[step.path, { kind: 'file' as const, ...image(step.after.text) }]] : [],
      ),
    )
    const now = steps.flatMap((step) => (step.kind === 'write' ? [step.after.text] : []))[0] ?? ''
    const base = xinetdState(
      'includedir /etc/xinetd.d\n',
      { some: now },
      { dump: { ...dump, services: dump.services.slice(2) } },
    )
    const after: SuperserverState = { ...hostWith(base), systemd: { ...systemd, files } }
    const undo = planUndo(after, change)
    if (!undo.ok) throw new Error(undo.problem.code)
    const [part] = undo.value.parts
    expect(part?.steps.map((step) => (step.kind === 'daemon' ? step.title.params : step.kind))).toEqual([
      'write',
      'delete',
      'delete',
      'delete',
      'delete',
      { from: 'systemd', to: 'xinetd' },
    ])
    expect(superserverProofSchema.parse(part?.proof.expect)).toMatchObject({
      files: [
        { digest: digestOfText(text) },
        { digest: null },
        { digest: null },
        { digest: null },
        { digest: null },
      ],
      systemd: { held: [], gone: ['a.socket', 'd-xinetd.socket'] },
      xinetd: { listening: [{ port: 7001 }, { port: 7002 }, { port: 7004 }] },
    })
    expect(part?.disturbs.map(({ what }) => what.key)).toEqual([
      'xinetd.disturb.started',
      'xinetd.disturb.started',
      'systemd.disturb.closed',
      'systemd.disturb.ended',
    ])
    const path = '/etc/systemd/system/a@.service'
    const edited = { ...files, [path]: { kind: 'file' as const, ...image('[Service]\n') } }
    const refused = planUndo({ ...after, systemd: { ...systemd, files: edited } }, change)
    expect(refused).toMatchObject({ ok: false, problem: { code: 'change.conflict', params: { path } } })
  })
})
