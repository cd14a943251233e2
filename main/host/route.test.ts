import { mkdtempSync, mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Profile } from '../../shared/contract/profile'
import { readSshConfig, type Environment, type SshConfig } from '../ssh'
import { proposalsOf } from './proposals'
import { routeTo, sameWay } from './route'

const home = mkdtempSync(path.join(tmpdir(), 'route-'))
const env: Environment = { platform: 'linux', home, user: 'me', hostname: 'desk', variables: {} }
let config: SshConfig
beforeAll(async () => {
  mkdirSync(path.join(home, '.ssh'))
  writeFileSync(
    path.join(home, '.ssh', 'config'),
    `Host harbor
  HostName 198.18.0.9
  User crane
  Port 2200
  IdentityFile ~/.ssh/crane
  ProxyJump gate,ops@inner:2222
  GSSAPIAuthentication yes
Host gate
  HostName gate.example
Host *.example
  User star
`,
  )
  config = await readSshConfig(env)
})
afterAll(() => rmSync(home, { recursive: true }))

const profile = (id: string, jumps: readonly string[] = [], more: Partial<Profile> = {}): Profile => ({
  id,
  name: id,
  address: `${id}.lab`,
  port: 22,
  user: '',
  auth: [],
  jumps: [...jumps],
  group: '',
  tags: [],
  readOnly: false,
  legacy: false,
  keepalive: true,
  ...more,
})
const route = (target: Profile, ...others: readonly Profile[]) =>
  routeTo(target, (id) => [target, ...others].find((one) => one.id === id), config)
const names = (target: Profile, ...others: readonly Profile[]) => {
  const answer = route(target, ...others)
  return answer.ok ? answer.value.map(({ name }) => name) : answer.problem
}

describe('the route to a host', () => {
  it('is the host alone without jumps, as the local user where nothing names one', () => {
    expect(route(profile('a'))).toMatchObject({
      ok: true,
      value: [{ name: 'a', user: 'me', address: 'a.lab' }],
    })
  })

  it('puts jumps first, the nearest in front, with the way to the first of them', () => {
    expect(
      names(profile('a', ['b', 'c']), profile('b', ['d']), profile('c', ['e']), profile('d'), profile('e')),
    ).toEqual(['d', 'b', 'c', 'a'])
  })

  it('refuses a loop and a jump that is gone', () => {
    expect(names(profile('a', ['b']), profile('b', ['a']))).toMatchObject({ code: 'host.jumpLoop' })
    expect(names(profile('a', ['a']))).toMatchObject({ code: 'host.jumpLoop' })
    expect(names(profile('a', ['b', 'a']), profile('b'))).toMatchObject({ code: 'host.jumpLoop' })
    expect(names(profile('a', ['x']))).toMatchObject({ code: 'host.jumpMissing' })
  })

  it('takes from ~/.ssh/config what the profile leaves open, by alias or address', () => {
    const answer = route(profile('a', [], { alias: 'harbor', address: '198.18.0.9' }))
    expect(answer).toMatchObject({
      ok: true,
      value: [{ user: 'crane', port: 22, unsupported: [{ option: expect.stringMatching(/GSSAPI/i) }] }],
    })
    expect(answer.ok ? answer.value[0]?.auth : []).toContainEqual(
      expect.objectContaining({ kind: 'key', path: path.join(home, '.ssh/crane') }),
    )
    expect(route(profile('a', [], { address: 'x.example' }))).toMatchObject({ value: [{ user: 'star' }] })
    expect(
      route(profile('a', [], { address: 'x.example', user: 'own', auth: [{ kind: 'password' }] })),
    ).toMatchObject({
      value: [{ user: 'own', auth: [{ kind: 'password' }] }],
    })
  })
})

describe('the way to a host', () => {
  const list = (...profiles: readonly Profile[]) => {
    return (id: string) => profiles.find((one) => one.id === id)
  }
  const before = list(profile('a', ['b']), profile('b'), profile('c'))
  const after = (own: Partial<Profile>, jump: Partial<Profile> = {}) =>
    sameWay('a', before, list(profile('a', ['b'], own), profile('b', [], jump), profile('c')))

  it('is the same whatever else is said of the profiles', () => {
    expect(after({ name: 'new', group: 'g', tags: ['t'], readOnly: true, keepalive: false })).toBe(true)
  })

  it.each<Partial<Profile>>([
    { address: 'b.lab' },
    { port: 2222 },
    { user: 'root' },
    { auth: [{ kind: 'password' }] },
  ])('is another with %o, its own or a jump’s', (change) => {
    expect(after(change)).toBe(false)
    expect(after({}, { ...change, ...(change.address === undefined ? {} : { address: 'x.lab' }) })).toBe(
      false,
    )
  })

  it('is another with other jumps, and when it or a jump is gone', () => {
    expect(after({ jumps: [] })).toBe(false)
    expect(after({ jumps: ['c'] })).toBe(false)
    expect(after({}, { jumps: ['c'] })).toBe(false)
    expect(sameWay('a', before, list(profile('a', ['b'])))).toBe(false)
    expect(sameWay('a', before, list(profile('b')))).toBe(false)
    expect(sameWay('c', before, list(profile('c')))).toBe(true)
  })
})

describe('proposals', () => {
  it('are the hosts that are named, with their jumps, each once', () => {
    const { proposals } = proposalsOf(config, [profile('mine', [], { name: 'gate' })])
    const [harbor, ...others] = proposals
    expect(
      proposals.map(({ profile: { name, address, port, user } }) => [name, address, port, user]),
    ).toEqual([
      ['harbor', '198.18.0.9', 2200, 'crane'],
      ['gate', 'gate.example', 22, 'me'],
      ['ops@inner:2222', 'inner', 2222, 'ops'],
    ])
    expect(harbor?.profile.jumps).toEqual(others.map(({ profile: { id } }) => id))
    expect(harbor?.notes.map(({ code, params }) => [code, params['option']])).toEqual([
      ['optionUnsupported', expect.stringMatching(/GSSAPI/i)],
    ])
    expect(proposals.map(({ exists }) => exists)).toEqual([false, true, false])
    const taken = proposals.map(({ profile: one }) => one)
    expect(proposalsOf(config, taken).proposals.every(({ exists }) => exists)).toBe(true)
  })
})
