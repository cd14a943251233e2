import { ok, type Answer, type HostStatus } from '../../shared/contract'
import type { Settings } from '../../shared/contract/settings'
import { readProfiles } from '../store/profiles'

/**
 * What the page asks first, told for the host process while that one starts: as long as nothing was asked of it, no
 * host is connected and no question waits.
 * @returns null: only the host process can tell
 */
export function beforeHosts(method: string, userData: string, settings: Settings): Answer<unknown> | null {
  if (method === 'question.list') return ok([])
  if (method !== 'profile.list' && method !== 'host.statuses') return null
  const profiles = readProfiles(userData)
  if (profiles === null) return null
  if (method === 'profile.list') return ok(profiles)
  const statuses = profiles.map(({ id, readOnly }): HostStatus => {
    const closed = { id, state: { kind: 'closed' }, privilege: { kind: 'unknown' } } as const
    return { ...closed, readOnly: readOnly || settings.readOnly }
  })
  return ok(statuses)
}
