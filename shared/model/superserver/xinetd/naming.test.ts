import { describe, expect, it } from 'vitest'
import type { XinetdDump } from '../../../probe/xinetd-dump'
import type { Change } from '../../change'
import { hostWith, image, xinetdState } from '../fixtures.test-support'
import { superserverIntentSchema } from '../intent'
import { plan } from '../plan'
import { superserverProofSchema } from '../proof'
import type { SuperserverState } from '../state'
import { isUndoable } from '../undo'
import { folderOfItsOwn } from './naming'

const lines = (port: number) =>
  `\ttype = UNLISTED\n\tport = ${port}\n\tsocket_type = stream\n\tprotocol = tcp\n\twait = no\n\tuser = nobody\n\tserver = /bin/cat\n`
const QUAY = `# 泊位 — ask Li\n\n# of the quay\nservice   quay\n{\n\t# as it grew\n${lines(9001)}\tonly_from += 10.0.0.0\n}\n\n# the end`
const TWO = `service east\n{\n\tid = east-in\n${lines(9002)}}\nservice telnet\n{\n\tdisable = yes\n\tsocket_type = stream\n\twait = no\n\tuser = root\n\tserver = /bin/cat\n}\n`
const MAIN = 'defaults\n{\n\tdisabled = tide Quay\n\tdisabled += other\n}\n\nincludedir /etc/xinetd.d\n'
const active = (id: string, port: number) =>
  ({ name: id, id, state: 'Active', protocol: 'tcp', port, attributes: {}, running: 1 }) as const
const dump: XinetdDump = {
  version: '',
  time: '',
  services: [active('quay', 9001), active('east-in', 9002)],
  defaults: {},
  servers: [{ id: 'east-in', pid: 900, started: '', peer: null }],
  configuration: null,
}
const main = (text: string) => hostWith(xinetdState(text, { quay: QUAY, two: TWO }, { dump }))
const state = main(MAIN.replace('tide Quay', 'tide'))
const quay = { path: '/etc/xinetd.d/quay', id: 'quay', occurrence: 0 }
const two = (id: string) => ({ path: '/etc/xinetd.d/two', id, occurrence: 0 })

const answer = (more: object, of: SuperserverState = state) =>
  plan(of, superserverIntentSchema.parse({ capability: 'superserver', ...more }))
const planned = (more: object, of?: SuperserverState): Change => {
  const made = answer(more, of)
  if (!made.ok) throw new Error(JSON.stringify(made.problem))
  return made.value
}
const filesOf = (change: Change): Readonly<Record<string, string | null>> =>
  Object.fromEntries(
    (change.parts[0]?.steps ?? []).flatMap((step): readonly (readonly [string, string | null])[] => {
      if (step.kind === 'write' || step.kind === 'create') return [[step.path, step.after.text]]
      return step.kind === 'delete' ? [[step.path, null]] : []
    }),
  )

describe('a service that is renamed', () => {
  it('takes its file along, with every other byte of it, and is undone as one change', () => {
    const change = planned({ kind: 'renameService', service: quay, name: 'pier', path: '/etc/xinetd.d/pier' })
    expect(filesOf(change)).toEqual({
      '/etc/xinetd.d/pier': QUAY.replace('service   quay', 'service   pier'),
      '/etc/xinetd.d/quay': null,
    })
    expect(isUndoable(change)).toBe(true)
    const [part] = change.parts
    expect(superserverProofSchema.parse(part?.proof.expect)).toMatchObject({
      xinetd: { running: [{ id: 'pier' }, { id: 'east-in' }], absent: ['quay'], silent: [] },
    })
    expect(part?.disturbs).toMatchObject([
      { degree: 'notice', subject: 'quay', what: { key: 'xinetd.disturb.madeAnew' } },
    ])
  })

  it('is followed by the lists of defaults, unless another has the old name too', () => {
    const rename = { kind: 'renameService', service: quay, name: 'pier', path: quay.path }
    const alone = planned(rename, main(MAIN))
    expect(filesOf(alone)['/etc/xinetd.conf']).toBe(MAIN.replace('Quay', 'pier'))
    const twin = `${MAIN}service quay\n{\n${lines(9009)}}\n`
    expect(filesOf(planned(rename, main(twin)))['/etc/xinetd.conf']).toBe(twin.replace('Quay', 'Quay pier'))
    expect(Object.keys(filesOf(planned(rename)))).toEqual([quay.path])
  })

  it('keeps a header that says more than a name, and a file that has more than it', () => {
    const path = '/etc/xinetd.d/two'
    const rename = (id: string, to = path) =>
      filesOf(planned({ kind: 'renameService', service: two(id), name: 'new', path: to }))
    expect(rename('east-in')).toEqual({ [path]: TWO.replace('east-in', 'new') })
    const telnet = rename('telnet')[path] ?? ''
    expect(telnet).toMatch(/service telnet\n\{[^}]*\tid\s*= new\n\}/)
    expect(Object.keys(rename('east-in', '/etc/xinetd.d/new'))).toEqual([path, '/etc/xinetd.d/new'])
    expect(rename('east-in', '/etc/xinetd.d/new')['/etc/xinetd.d/new']).toBe(
      TWO.slice(0, TWO.indexOf('service telnet')).replace('east-in', 'new'),
    )
    expect(state.xinetd === null ? '' : folderOfItsOwn(state.xinetd, quay)).toBe('/etc/xinetd.d')
    expect(state.xinetd === null ? '' : folderOfItsOwn(state.xinetd, two('telnet'))).toBeNull()
  })

  it('keeps the owner and the mode of its file', () => {
    const of: SuperserverState = {
      ...state,
      xinetd:
        state.xinetd === null
          ? null
          : {
              ...state.xinetd,
              files: {
                ...state.xinetd.files,
                [quay.path]: { kind: 'file', ...image(QUAY), mode: 0o640, gid: 5 },
              },
            },
    }
    const change = planned(
      { kind: 'renameService', service: quay, name: 'pier', path: '/etc/xinetd.d/pier' },
      of,
    )
    expect(change.parts[0]?.steps).toMatchObject([
      { kind: 'create', after: { mode: 0o640, uid: 0, gid: 5 } },
      { kind: 'delete' },
      { kind: 'daemon' },
    ])
  })
})

describe('a service that is copied', () => {
  const copy = { kind: 'copyService', service: quay, name: 'pier', path: '/etc/xinetd.d/pier' }

  it('has each line of its block, another name, and what is to be another', () => {
    const change = planned({ ...copy, set: { port: ['9010'] } })
    const block = QUAY.slice(QUAY.indexOf('service'), QUAY.indexOf('\n\n# the end') + 1)
    expect(filesOf(change)).toEqual({
      [copy.path]: block.replace('quay', 'pier').replace('9001', '9010'),
    })
    expect(isUndoable(change)).toBe(true)
    expect(superserverProofSchema.parse(change.parts[0]?.proof.expect)).toMatchObject({
      xinetd: { listening: [{ port: 9010 }, { port: 9001 }, { port: 9002 }] },
    })
  })

  it('is one of no list if its port is another than the one of /etc/services', () => {
    const text =
      filesOf(planned({ ...copy, service: two('telnet'), set: { port: ['9010'] } }))[copy.path] ?? ''
    expect(text).toMatch(/^service pier\n/)
    expect(text).toMatch(/type\s+= UNLISTED/)
    expect(text).toContain('disable = yes')
    const listed = filesOf(planned({ ...copy, service: two('telnet') }))[copy.path] ?? ''
    expect(listed).toMatch(/^service telnet\n[^]*\tid\s+= pier\n/)
  })

  it.each([
    ['superserver.fileExists', { path: '/etc/xinetd.d/two' }],
    ['superserver.badFileName', { path: '/etc/xinetd.d/pier.new' }],
    ['superserver.notIncluded', { path: '/etc/other.d/pier' }],
    ['superserver.nameTaken', { name: 'EAST-in' }],
    ['superserver.wouldRefuse', {}],
    ['superserver.unknownService', { service: { ...quay, id: 'gone' } }],
  ])('is refused: %s', (code, more) => {
    const made = answer({ ...copy, ...more })
    expect(made.ok ? 'planned' : made.problem.code).toBe(code)
  })
})
