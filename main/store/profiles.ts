import { copyFileSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { z } from 'zod'
import { fail, ok, type Answer } from '../../shared/contract/answer'
import { problem, type Problem } from '../../shared/contract/problem'
import { profileSchema, type Profile } from '../../shared/contract/profile'
import { writeJson } from './json-file'

/** More than the list of one administrator; a file with more is not read. */
export const maxProfiles = 10_000

const fileSchema = z.object({ version: z.literal(1), profiles: z.array(profileSchema).max(maxProfiles) })

/** The user's hosts, in one file under the app's data folder. Holds no secret. */
export interface ProfileStore {
  list(): readonly Profile[]
  find(id: string): Profile | undefined
  /** Refuses while the file is there and cannot be read: writing would replace what nobody has seen. */
  save(profile: Profile): Answer<Profile>
  remove(id: string): Answer<null>
  /** What was wrong with the file when the app started; null when nothing was. */
  readonly problem: Problem | null
}

interface Loaded {
  readonly profiles: readonly Profile[]
  readonly problem: Problem | null
  readonly writable: boolean
}

export function openProfiles(folder: string): ProfileStore {
  const file = path.join(folder, 'profiles.json')
  const loaded = load(file)
  let profiles = loaded.profiles

  const write = (next: readonly Profile[]): Answer<null> => {
    if (!loaded.writable && loaded.problem !== null) return fail(loaded.problem)
    try {
      writeJson(file, { version: 1, profiles: next })
    } catch (error) {
      return fail(problem('app.storeUnwritable', { file }, { detail: reason(error) }))
    }
    profiles = next
    return ok(null)
  }

  return {
    list: () => profiles,
    find: (id) => profiles.find((profile) => profile.id === id),
    save(profile) {
      const known = profiles.some(({ id }) => id === profile.id)
      if (!known && profiles.length >= maxProfiles) return fail(problem('host.tooMany', { max: maxProfiles }))
      const next = known
        ? profiles.map((old) => (old.id === profile.id ? profile : old))
        : [...profiles, profile]
      const written = write(next)
      return written.ok ? ok(profile) : written
    },
    remove: (id) => write(profiles.filter((profile) => profile.id !== id)),
    problem: loaded.problem,
  }
}

/** For a first look: touches nothing. Null: there is something about the file that `openProfiles` will tell. */
export function readProfiles(folder: string): readonly Profile[] | null {
  try {
    return parse(readFileSync(path.join(folder, 'profiles.json'), 'utf8'))
  } catch (error) {
    return isMissing(error) ? [] : null
  }
}

const parse = (text: string): readonly Profile[] => fileSchema.parse(JSON.parse(text)).profiles

const isMissing = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && error.code === 'ENOENT'

function load(file: string): Loaded {
  let text: string
  try {
    text = readFileSync(file, 'utf8')
  } catch (error) {
    if (isMissing(error)) return { profiles: [], problem: null, writable: true }
    return {
      profiles: [],
      problem: problem('app.storeUnreadable', { file, kept: file }, { detail: reason(error) }),
      writable: false,
    }
  }
  try {
    return { profiles: parse(text), problem: null, writable: true }
  } catch (error) {
    return setAside(file, reason(error))
  }
}

/** The copy is made before anything can be written over the file; without it the file is left alone. */
function setAside(file: string, detail: string): Loaded {
  const kept = `${file}.unreadable-${Date.now()}`
  try {
    copyFileSync(file, kept)
  } catch (error) {
    const both = `${detail}\n${reason(error)}`
    return {
      profiles: [],
      problem: problem('app.storeUnreadable', { file, kept: file }, { detail: both }),
      writable: false,
    }
  }
  return { profiles: [], problem: problem('app.storeUnreadable', { file, kept }, { detail }), writable: true }
}

const reason = (error: unknown): string =>
  (error instanceof Error ? error.message : String(error)).slice(0, 2000)
