import { describe, expect, it } from 'vitest'
import { check, draftOf, emptyDraft, type Draft } from './draft'

const draft = (part: Partial<Draft>): Draft => ({ ...emptyDraft(), address: 'harbor.example', ...part })
const errorsOf = (part: Partial<Draft>) => {
  const checked = check('a', draft(part), [])
  return 'errors' in checked ? checked.errors : {}
}

describe('a host in the form', () => {
  it('takes the address for a name that was left empty', () => {
    const checked = check('a', draft({ port: ' 2222 ' }), [])
    expect('profile' in checked && checked.profile).toMatchObject({
      id: 'a',
      name: 'harbor.example',
      address: 'harbor.example',
      port: 2222,
    })
  })

  it('says at the field what is wrong', () => {
    expect(errorsOf({ address: ' ' })).toEqual({ address: 'hosts.form.error.addressEmpty' })
    expect(errorsOf({ address: 'root@harbor' })).toEqual({ address: 'hosts.form.error.address' })
    expect(errorsOf({ address: '-oProxyCommand=x' })).toEqual({ address: 'hosts.form.error.address' })
    expect(errorsOf({ port: '70000' })).toEqual({ port: 'hosts.form.error.port' })
    expect(errorsOf({ port: '22x' })).toEqual({ port: 'hosts.form.error.port' })
    expect(errorsOf({ auth: [{ kind: 'key', path: '' }] })).toEqual({ auth: 'hosts.form.error.keyPath' })
    expect(errorsOf({ jumps: ['a'] })).toEqual({ jumps: 'hosts.form.error.jumpSelf' })
    expect(errorsOf({ user: 'a\u0007b' })).toEqual({ user: 'hosts.form.error.characters' })
  })

  it('refuses a name that another host has, and not its own', () => {
    const checked = check('a', draft({ name: 'harbor' }), [])
    if (!('profile' in checked)) throw new Error('the draft is good')
    expect(check('b', draft({ name: 'harbor' }), [checked.profile])).toEqual({
      errors: { name: 'hosts.form.error.nameTaken' },
    })
    expect('profile' in check('a', draftOf(checked.profile), [checked.profile])).toBe(true)
  })
})
