import { z } from 'zod'
import { atHost, nothing, value } from './method'
import type { ConnectionNote } from './host'
import type { Problem } from './problem'

export const profileId = z.string().min(1).max(64)

/** Nothing that a user types may break a log line or a title: no control characters. */
const line = (max: number) =>
  z
    .string()
    .max(max)
    // eslint-disable-next-line no-control-regex -- the point is to refuse them
    .regex(/^[^\u0000-\u001f\u007f]*$/)

const authMethod = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('agent') }),
  z.object({ kind: z.literal('key'), path: line(4096) }),
  z.object({ kind: z.literal('password') }),
  z.object({ kind: z.literal('keyboard-interactive') }),
])
export type AuthMethod = z.infer<typeof authMethod>

/** How to reach and sign in to one host. Holds no secret. */
export const profileSchema = z.object({
  id: profileId,
  name: line(128).min(1),
  address: line(255).min(1),
  port: z.number().int().min(1).max(65535),
  user: line(128),
  /** Tried in this order. Empty: agent, the usual keys, keyboard-interactive, password. */
  auth: z.array(authMethod).max(16),
  /** Profile ids of the jump hosts, the first one nearest to this computer. */
  jumps: z.array(profileId).max(8),
  group: line(128),
  tags: z.array(line(64).min(1)).max(32),
  /** Nothing on this host may be changed. Held by the host process. */
  readOnly: z.boolean(),
  /** Offers classic Diffie-Hellman, CBC and SHA-1 as well, for old servers. */
  legacy: z.boolean(),
  keepalive: z.boolean(),
  /** Its name in ~/.ssh/config, which says what the profile leaves open. Absent: the address. */
  alias: line(255).min(1).optional(),
})
export type Profile = Readonly<z.infer<typeof profileSchema>>

/** What ~/.ssh/config offers, and what in it the app cannot do and says so. */
export interface ProfileProposal {
  readonly profile: Profile
  readonly notes: readonly ConnectionNote[]
  readonly exists: boolean
}

/** A line of the configuration that ssh refuses; its text stands under `hosts.import.damaged.WHY`. */
export interface DamagedConfigLine {
  readonly file: string
  /** From 1. */
  readonly line: number
  readonly why: 'noKeyword' | 'openQuote' | 'includeTooDeep' | 'includeUnreadable'
  /** The system's own words. */
  readonly detail?: string
}

export interface ConfigProposals {
  readonly proposals: readonly ProfileProposal[]
  readonly damaged: readonly DamagedConfigLine[]
}

export const profileMethods = {
  'profile.list': atHost(nothing, value<readonly Profile[]>()),
  /** What was wrong with the file of profiles at the start, and where it was kept; null: nothing. */
  'profile.storeProblem': atHost(nothing, value<Problem | null>()),
  'profile.save': atHost(z.object({ profile: profileSchema }), value<Profile>()),
  'profile.remove': atHost(z.object({ id: profileId }), value<null>()),
  'profile.proposals': atHost(nothing, value<ConfigProposals>()),
}
