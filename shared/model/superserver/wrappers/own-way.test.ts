import { describe, expect, it } from 'vitest'
import { hostWith, image, surroundings, xinetdState } from '../fixtures.test-support'
import { superserverIntentSchema } from '../intent'
import { edited, plan } from '../plan'
import { superserverProofSchema } from '../proof'
import type { SuperserverState, Surroundings } from '../state'
import { decideBy } from './own-way'

const ALLOW = 'sshd: 192.0.2.\n'
const state = (more: Partial<Surroundings> = {}): SuperserverState => ({
  ...hostWith(xinetdState('')),
  surroundings: {
    ...surroundings,
    hostsAllow: { kind: 'file', ...image(ALLOW) },
    ownWay: { address: '192.0.2.7', wrapped: true },
    ...more,
  },
})
const edit = (more: object) =>
  superserverIntentSchema.parse({ capability: 'superserver', kind: 'editWrappers', ...more })
const shut = edit({
  allow: { digest: image(ALLOW).digest, text: 'sshd: 192.0.2.8\n' },
  deny: { digest: null, text: 'ALL: ALL\n' },
})
const disturbs = (of: SuperserverState, intent = shut) => {
  const made = plan(of, intent)
  return made.ok ? made.value.parts.flatMap((part) => part.disturbs) : made.problem.code
}

describe('a change of hosts.allow and hosts.deny', () => {
  it('is both files at once, and nobody has to be told of it', () => {
    const made = plan(state(), shut)
    if (!made.ok) throw new Error(made.problem.code)
    const [part] = made.value.parts
    expect(part?.steps).toMatchObject([
      { kind: 'write', path: '/etc/hosts.allow', after: { text: 'sshd: 192.0.2.8\n' } },
      { kind: 'create', path: '/etc/hosts.deny', after: { text: 'ALL: ALL\n', mode: 0o644, uid: 0 } },
    ])
    expect(superserverProofSchema.parse(part?.proof.expect)).toMatchObject({
      files: [{ path: '/etc/hosts.allow' }, { path: '/etc/hosts.deny' }],
      xinetd: null,
      inetd: null,
    })
  })

  it('is judged before it is made', () => {
    const after = edited(state(), shut)
    const ask = (address: string) => ({ daemon: 'sshd', client: { address, name: null } })
    if (!after.ok) throw new Error(after.problem.code)
    expect(decideBy(state(), ask('198.51.100.1'))).toMatchObject({ kind: 'granted', by: null })
    expect(decideBy(after.value, ask('192.0.2.8'))).toMatchObject({ kind: 'granted', by: { line: 1 } })
    expect(decideBy(after.value, ask('198.51.100.1'))).toMatchObject({
      kind: 'refused',
      by: { file: 'deny' },
    })
  })

  it('says that it shuts out the address from which we came', () => {
    expect(disturbs(state())).toMatchObject([
      { degree: 'outage', what: { key: 'wrappers.disturb.shutsUsOut', params: { address: '192.0.2.7' } } },
    ])
    expect(disturbs(state({ ownWay: { address: '192.0.2.8', wrapped: true } }))).toEqual([])
    expect(disturbs(state({ ownWay: { address: '192.0.2.7', wrapped: false } }))).toEqual([])
    expect(disturbs(state({ ownWay: null }))).toEqual([])
  })

  it('is refused where a file is another by now', () => {
    expect(disturbs(state({ hostsDeny: { kind: 'file', ...image('x: y\n') } }))).toBe('change.conflict')
    expect(disturbs(state({ hostsDeny: { kind: 'unreadable', why: 'permission' } }))).toBe(
      'superserver.unreadable',
    )
  })
})
