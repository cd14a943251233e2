import { z } from 'zod'
import { atHost, nothing, value } from './method'
import type { Problem } from './problem'
import { profileId } from './profile'

export type HostState =
  | { readonly kind: 'closed' }
  | { readonly kind: 'connecting'; readonly hop: string; readonly step: string }
  | {
      readonly kind: 'up'
      /** Milliseconds since the epoch. */
      readonly since: number
      readonly negotiated: Negotiated
      readonly notes: readonly ConnectionNote[]
    }
  | { readonly kind: 'lost'; readonly problem: Problem; readonly retryAt: number | null }

export interface Negotiated {
  readonly kex: string
  readonly cipher: string
  readonly mac: string
  readonly hostKey: string
  readonly serverVersion: string
}

/** Something the user should know of the sign-in: a key skipped, a method refused, an option not supported. */
export interface ConnectionNote {
  readonly code: string
  readonly params: Readonly<Record<string, string | number>>
}

export type Privilege =
  | { readonly kind: 'unknown' }
  | { readonly kind: 'root' }
  | { readonly kind: 'sudo'; readonly how: 'nopasswd' | 'ticket' | 'password' }
  | { readonly kind: 'doas'; readonly how: 'nopasswd' | 'password' }
  | { readonly kind: 'locked'; readonly by: 'sudo' | 'doas' }
  | { readonly kind: 'limited'; readonly commands: readonly string[] }
  | { readonly kind: 'none' }

export interface HostStatus {
  readonly id: string
  readonly state: HostState
  readonly privilege: Privilege
  readonly readOnly: boolean
}

const host = z.object({ host: profileId })

export const hostMethods = {
  'host.statuses': atHost(nothing, value<readonly HostStatus[]>()),
  'host.connect': atHost(host, value<HostStatus>()),
  'host.disconnect': atHost(host, value<null>()),
  /** Asks for the password if it takes one; keeps it in memory for `minutes`, 0: until the app ends. */
  'host.unlock': atHost(host.extend({ minutes: z.number().int().min(0).max(1440) }), value<Privilege>()),
  'host.lock': atHost(host, value<Privilege>()),
}
