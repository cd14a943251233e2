import { describe, expect, it } from 'vitest'
import type { XinetdDump } from '../../../probe/xinetd-dump'
import { hostWith, xinetdState } from '../fixtures.test-support'
import { superserverIntentSchema } from '../intent'
import { plan } from '../plan'
import { superserverProofSchema } from '../proof'
import { isUndoable, planUndo } from '../undo'

const OTHER =
  'service other\n{\n\ttype = UNLISTED\n\tport = 9001\n\tsocket_type = stream\n\tprotocol = tcp\n\twait = no\n\tuser = root\n\tserver = /bin/cat\n}\n'
const MAIN = `defaults\n{\n\tinstances = 9\n}\n\n# of the quay\n${OTHER.replaceAll('other', 'quay').replace('9001', '9002')}\nincludedir /etc/xinetd.d\n`
const dump: XinetdDump = {
  version: '',
  time: '',
  defaults: {},
  services: [],
  servers: [],
  configuration: null,
}
const state = hostWith(xinetdState(MAIN, { other: OTHER }, { dump }))
const set = {
  type: ['UNLISTED'],
  socket_type: ['stream'],
  protocol: ['tcp'],
  port: ['9010'],
  wait: ['no'],
  user: ['nobody'],
  server: ['/usr/local/sbin/tide'],
}
const answer = (more: Readonly<Record<string, unknown>>) =>
  plan(state, superserverIntentSchema.parse({ capability: 'superserver', ...more }))
const planned = (more: Readonly<Record<string, unknown>>) => {
  const made = answer(more)
  if (!made.ok) throw new Error(JSON.stringify(made.problem))
  return made.value
}
const create = {
  kind: 'createService',
  path: '/etc/xinetd.d/tide',
  name: 'tide',
  set,
  comment: ['who asks: Li'],
}

describe('a new service', () => {
  it('gets a file of its own, and the script that it runs', () => {
    const script = { path: '/usr/local/sbin/tide', text: '#!/bin/sh\necho high\n' }
    const [part] = planned({ ...create, script }).parts
    expect(part?.steps).toMatchObject([
      { kind: 'create', path: script.path, after: { text: script.text, mode: 0o755, uid: 0, gid: 0 } },
      { kind: 'create', path: create.path, after: { mode: 0o644 } },
      { kind: 'daemon', action: 'reload' },
    ])
    const [, file] = part?.steps ?? []
    expect(file?.kind === 'create' ? file.after.text : '').toMatch(
      /^# who asks: Li\nservice tide\n\{\n(?:\t\w+\s+= .+\n){7}\}\n$/,
    )
    expect(superserverProofSchema.parse(part?.proof.expect)).toMatchObject({
      files: [{ path: create.path }],
      xinetd: { running: [{ id: 'tide', port: 9010 }], listening: [{ protocol: 'tcp', port: 9010 }] },
    })
  })

  it('is undone by taking the file away, if it came without a script', () => {
    const change = planned(create)
    const [step] = change.parts[0]?.steps ?? []
    if (step?.kind !== 'create') throw new Error('no file')
    expect(isUndoable(change)).toBe(true)
    const after = hostWith(xinetdState(MAIN, { other: OTHER, tide: step.after.text }, { dump }))
    expect(planUndo(after, change)).toMatchObject({
      ok: true,
      value: { parts: [{ steps: [{ kind: 'delete' }, {}] }] },
    })
    expect(isUndoable(planned({ ...create, script: { path: '/x', text: 'x' } }))).toBe(false)
  })

  it.each([
    ['superserver.notIncluded', { ...create, path: '/etc/other.d/tide' }],
    ['superserver.badFileName', { ...create, path: '/etc/xinetd.d/tide.new' }],
    ['superserver.badFileName', { ...create, path: '/etc/xinetd.d/tide~' }],
    ['superserver.fileExists', { ...create, path: '/etc/xinetd.d/other' }],
    ['superserver.wouldRefuse', { ...create, set: { ...set, user: ['nobody-of-that-name'] } }],
    ['superserver.wouldRefuse', { ...create, set: { ...set, port: ['9001'] } }],
  ])('is refused: %s', (code, more) => {
    const made = answer(more)
    expect(made.ok ? 'planned' : made.problem.code).toBe(code)
  })
})

describe('a service', () => {
  const other = { path: '/etc/xinetd.d/other', id: 'other' }
  const quay = { path: '/etc/xinetd.conf', id: 'quay' }

  it('goes with its file, or out of a file that has more', () => {
    const gone = planned({ kind: 'deleteService', service: other })
    expect(gone.parts[0]?.steps).toMatchObject([{ kind: 'delete', path: other.path }, { kind: 'daemon' }])
    expect(gone.parts[0]?.proof.expect).toMatchObject({ files: [{ path: other.path, digest: null }] })
    expect(isUndoable(gone)).toBe(true)
    const [step] = planned({ kind: 'deleteService', service: quay }).parts[0]?.steps ?? []
    expect(step?.kind === 'write' ? step.after.text : '').toBe(
      'defaults\n{\n\tinstances = 9\n}\n\n\nincludedir /etc/xinetd.d\n',
    )
  })

  it('moves into a file of its own with its comment and every byte of its block', () => {
    const [part] = planned({ kind: 'moveService', service: quay, path: '/etc/xinetd.d/quay' }).parts
    expect(part?.steps).toMatchObject([
      { kind: 'write', path: quay.path },
      {
        kind: 'create',
        path: '/etc/xinetd.d/quay',
        after: { text: `# of the quay\n${OTHER.replaceAll('other', 'quay').replace('9001', '9002')}` },
      },
      { kind: 'daemon' },
    ])
  })
})
