import { mkdtempSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync, mkdirSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Profile } from '../../shared/contract/profile'
import { maxProfiles, openProfiles } from './profiles'

const harbor: Profile = {
  id: 'h1',
  name: 'harbor',
  address: '198.18.0.2',
  port: 22,
  user: 'root',
  auth: [{ kind: 'password' }],
  jumps: [],
  group: 'lab',
  tags: ['xinetd'],
  readOnly: false,
  legacy: false,
  keepalive: true,
}

let folder: string
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'profiles-'))
})
afterEach(() => rmSync(folder, { recursive: true }))

describe('profiles', () => {
  it('starts empty, and says nothing of a file that is not there yet', () => {
    const store = openProfiles(folder)
    expect(store.list()).toEqual([])
    expect(store.problem).toBeNull()
    expect(readdirSync(folder)).toEqual([])
  })

  it('keeps what was saved over a restart, for the user alone to read', () => {
    const store = openProfiles(folder)
    expect(store.save(harbor)).toEqual({ ok: true, value: harbor })
    store.save({ ...harbor, name: 'renamed' })
    store.save({ ...harbor, id: 'h2' })
    expect(openProfiles(folder).list()).toEqual([
      { ...harbor, name: 'renamed' },
      { ...harbor, id: 'h2' },
    ])
    expect(statSync(path.join(folder, 'profiles.json')).mode & 0o777).toBe(0o600)
    expect(store.remove('h1').ok).toBe(true)
    expect(openProfiles(folder).find('h1')).toBeUndefined()
  })

  it('takes as many as its file may hold and no more, and says so', () => {
    const full = Array.from({ length: maxProfiles }, (_, index) => ({ ...harbor, id: `h${String(index)}` }))
    writeFileSync(path.join(folder, 'profiles.json'), JSON.stringify({ version: 1, profiles: full }))
    const store = openProfiles(folder)
    expect(store.save({ ...harbor, id: 'more' })).toMatchObject({
      ok: false,
      problem: { code: 'host.tooMany', params: { max: maxProfiles } },
    })
    expect(store.save({ ...harbor, id: 'h7', name: 'renamed' }).ok).toBe(true)
    expect(store.remove('h8').ok).toBe(true)
    expect(store.save({ ...harbor, id: 'more' }).ok).toBe(true)
    const again = openProfiles(folder)
    expect(again.problem).toBeNull()
    expect(again.list()).toHaveLength(maxProfiles)
  })

  it.each(['', '{', '[]', '{"version":2,"profiles":[]}', '{"version":1,"profiles":[{"id":"x"}]}'])(
    'keeps %j aside byte for byte, and says where',
    (text) => {
      writeFileSync(path.join(folder, 'profiles.json'), text)
      const store = openProfiles(folder)
      expect(store.list()).toEqual([])
      expect(store.problem?.code).toBe('app.storeUnreadable')
      expect(store.save(harbor).ok).toBe(true)
      const kept = String(store.problem?.params['kept'])
      expect(readFileSync(kept, 'utf8')).toBe(text)
      expect(openProfiles(folder).list()).toEqual([harbor])
    },
  )

  it('never writes where it could not read', () => {
    mkdirSync(path.join(folder, 'profiles.json'))
    const store = openProfiles(folder)
    expect(store.problem?.code).toBe('app.storeUnreadable')
    expect(store.save(harbor)).toMatchObject({ ok: false, problem: { code: 'app.storeUnreadable' } })
    expect(store.list()).toEqual([])
  })
})
