import { describe, expect, it } from 'vitest'
import type { Profile } from '../../shared/contract/profile'
import { routeTo } from './route'

const env = { platform: 'linux', home: '/home/me', user: 'me', hostname: 'desk', variables: {} } as const
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
  routeTo(target, (id) => [target, ...others].find((one) => one.id === id), env)
const names = (target: Profile, ...others: readonly Profile[]) => {
  const answer = route(target, ...others)
  return answer.ok ? answer.value.map(({ name }) => name) : answer.problem
}

describe('the route to a host', () => {
  it('is the host alone without jumps, as the local user where the profile names none', () => {
    expect(route(profile('a'))).toMatchObject({
      ok: true,
      value: [{ name: 'a', user: 'me', address: 'a.lab' }],
    })
  })

  it('puts jumps first, the nearest in front, and their own jumps before them', () => {
    expect(names(profile('a', ['b', 'c']), profile('b'), profile('c', ['d']), profile('d'))).toEqual([
      'b',
      'd',
      'c',
      'a',
    ])
  })

  it('refuses a loop and a jump that is gone', () => {
    expect(names(profile('a', ['b']), profile('b', ['a']))).toMatchObject({ code: 'host.jumpLoop' })
    expect(names(profile('a', ['a']))).toMatchObject({ code: 'host.jumpLoop' })
    expect(names(profile('a', ['x']))).toMatchObject({ code: 'host.jumpMissing' })
  })
})
