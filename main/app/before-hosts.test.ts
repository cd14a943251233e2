import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import type { Profile } from '../../shared/contract/profile'
import { settingsSchema } from '../../shared/contract/settings'
import { openProfiles } from '../store/profiles'
import { beforeHosts } from './before-hosts'

const settings = settingsSchema.parse({})
const harbor: Profile = {
  id: 'h1',
  name: 'harbor',
  address: '198.18.0.2',
  port: 22,
  user: 'root',
  auth: [{ kind: 'password' }],
  jumps: [],
  group: 'lab',
  tags: [],
  readOnly: false,
  legacy: false,
  keepalive: true,
}
const closed = { state: { kind: 'closed' }, privilege: { kind: 'unknown' } }

let folder: string
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'before-hosts-'))
})
afterEach(() => rmSync(folder, { recursive: true }))

it('tells of an app that never ran that it knows no host', () => {
  expect(beforeHosts('profile.list', folder, settings)).toEqual({ ok: true, value: [] })
  expect(beforeHosts('host.statuses', folder, settings)).toEqual({ ok: true, value: [] })
  expect(beforeHosts('question.list', folder, settings)).toEqual({ ok: true, value: [] })
})

it('tells the saved hosts, none of them connected, and which may not be changed', () => {
  const store = openProfiles(folder)
  store.save(harbor)
  store.save({ ...harbor, id: 'h2', readOnly: true })
  expect(beforeHosts('profile.list', folder, settings)).toEqual({ ok: true, value: store.list() })
  expect(beforeHosts('host.statuses', folder, settings)).toEqual({
    ok: true,
    value: [
      { id: 'h1', ...closed, readOnly: false },
      { id: 'h2', ...closed, readOnly: true },
    ],
  })
  expect(beforeHosts('host.statuses', folder, { ...settings, readOnly: true })).toMatchObject({
    value: [{ readOnly: true }, { readOnly: true }],
  })
})

it('leaves a list that cannot be read, and all else, to the host process', () => {
  writeFileSync(path.join(folder, 'profiles.json'), '{ "version": 1, "profiles": [')
  expect(beforeHosts('profile.list', folder, settings)).toBeNull()
  expect(beforeHosts('host.statuses', folder, settings)).toBeNull()
  expect(beforeHosts('host.connect', folder, settings)).toBeNull()
  expect(beforeHosts('profile.storeProblem', folder, settings)).toBeNull()
})
