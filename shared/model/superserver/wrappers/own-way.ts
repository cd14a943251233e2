import { hostsAccess } from '../../../lens/hosts-access'
import type { Disturbance } from '../../change'
import { textOf } from '../files'
import type { SuperserverState } from '../state'
import { decide, type Decision } from './decide'
import type { Request } from './request'

/** What libwrap says to a request by the host's files; null: they could not be read. */
export function decideBy({ surroundings }: SuperserverState, request: Request): Decision | null {
  const allow = textOf(surroundings.hostsAllow)
  const deny = textOf(surroundings.hostsDeny)
  if (allow === null || deny === null) return null
  return decide(hostsAccess.parse(allow), hostsAccess.parse(deny), request)
}

/**
 * That whoever comes to sshd from where we came would be refused, and is not so far. What we have open, stays: libwrap
 * is asked when a connection begins.
 */
export function shutsUsOut(before: SuperserverState, after: SuperserverState): readonly Disturbance[] {
  const { ownWay } = before.surroundings
  if (ownWay?.wrapped !== true) return []
  const { address } = ownWay
  const request: Request = { daemon: 'sshd', client: { address, name: null } }
  const isRefused = (state: SuperserverState) => decideBy(state, request)?.kind === 'refused'
  if (isRefused(before) || !isRefused(after)) return []
  return [
    {
      what: { key: 'wrappers.disturb.shutsUsOut', params: { address } },
      degree: 'outage',
      subject: 'sshd',
      sessions: [],
    },
  ]
}
