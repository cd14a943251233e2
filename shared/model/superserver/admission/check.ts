import type { Setting } from '../xinetd/settings'
import type { Need as WrapperNeed, Place } from '../wrappers'
import type { WordNeed } from './match-words'

/** What decides over a connection, in the daemon's order. */
export const rules = [
  /** The service runs at all. */
  'running',
  /** It is paused for its cps: the daemon has closed its socket. */
  'pause',
  /** The client comes to the socket: its address family, v6only and bind. */
  'socket',
  /** wait = yes: a server that runs has the socket, and takes what comes without the daemon. */
  'wait',
  'cps',
  'max_load',
  'access_times',
  'instances',
  'per_source',
  /** The daemon's option -limit. */
  'processes',
  /** The service is a sensor, which lets nobody in. */
  'sensor',
  /** The address is in the list of the sensors. */
  'banned',
  'no_access',
  'only_from',
  'libwrap',
  /** flags = IDONLY: the client's host must name its user (RFC 1413). */
  'identity',
  /** flags = INTERCEPT: the child closes the socket that it has made for the server, which does not start (2.3.15.3). */
  'intercept',
] as const

export type Rule = (typeof rules)[number]

/** What would have to be known to judge. */
export type AdmissionNeed =
  | WordNeed
  | WrapperNeed
  /** What is compiled into the daemon. */
  | 'build'
  | 'load'
  /** hosts.allow and hosts.deny. */
  | 'wrapperFiles'
  /** What the server that runs does. */
  | 'runningServer'
  /** What the identity service of the client's host says. */
  | 'identity'

export type Outcome =
  /** word: the one of the list that has the client. place: the line of hosts.allow or hosts.deny. */
  | { readonly kind: 'passed'; readonly word: string | null; readonly place: Place | null }
  | { readonly kind: 'refused'; readonly word: string | null; readonly place: Place | null }
  /** words: those of the list on which it depends. */
  | {
      readonly kind: 'unknown'
      readonly needs: readonly AdmissionNeed[]
      readonly words: readonly string[]
      readonly place: Place | null
    }
  /** The daemon has no address to hold against it: the server accepts by itself (wait = yes on a stream). */
  | { readonly kind: 'ineffective' }
  /** An earlier check refuses. */
  | { readonly kind: 'notReached' }

export type Check = {
  readonly rule: Rule
  /** The attribute that it comes from, and what it comes to; null: none. */
  readonly attribute: string | null
  readonly setting: Setting | null
  readonly outcome: Outcome
}

export type Admission = {
  readonly verdict: 'allowed' | 'refused' | 'unknown'
  /** refused: the check that does. unknown: the first that cannot be judged. allowed: the list that has the client, or null. */
  readonly by: Check | null
  /** Those that apply to the service, in the daemon's order. */
  readonly checks: readonly Check[]
}

export function passed(word: string | null = null, place: Place | null = null): Outcome {
  return { kind: 'passed', word, place }
}

export function refused(word: string | null = null, place: Place | null = null): Outcome {
  return { kind: 'refused', word, place }
}

export function unknown(
  needs: readonly AdmissionNeed[],
  words: readonly string[] = [],
  place: Place | null = null,
): Outcome {
  return { kind: 'unknown', needs, words, place }
}

export const ineffective: Outcome = { kind: 'ineffective' }

export function passedIf(holds: boolean): Outcome {
  return holds ? passed() : refused()
}
