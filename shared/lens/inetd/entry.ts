export type SocketType = 'stream' | 'dgram' | 'rdm' | 'seqpacket' | 'raw'

/** One socket that an entry opens. An address of null is every address of the host. `dual` is IPv6 that takes IPv4 along. */
export type Listen = {
  readonly address: string | null
  readonly family: 'ipv4' | 'ipv6' | 'dual' | 'unix'
}

/** What the daemon takes otherwise than it is written, and goes on. */
export type Warning =
  | { readonly code: 'waitTakenForNowait'; readonly value: string }
  | { readonly code: 'maxNotANumber'; readonly value: string }
  | { readonly code: 'argumentsDropped'; readonly most: number }
  | { readonly code: 'argumentsJoined'; readonly most: number }
  /** stream over udp and the like: the socket is made by the type alone. */
  | { readonly code: 'protocolOnlyForTheName'; readonly value: string }
  /** The second reading, for IPv6, sees the first line of an entry of several lines and nothing of the others. */
  | { readonly code: 'ipv6NotRead'; readonly refusal: RefusalReason }
  /** sndbuf and rcvbuf are read and then forgotten. */
  | { readonly code: 'buffersWithoutEffect' }
  /** What follows depends on a byte that the daemon reads behind the end of the word. */
  | { readonly code: 'sizeWithoutUnit'; readonly value: string }
  | { readonly code: 'policyDropped' }

/** An entry as the daemon takes it. Names of users, groups, services and hosts are not looked up. */
export type Entry = {
  readonly listens: readonly Listen[]
  /** A name of /etc/services or /etc/rpc, a port, or for unix the path of the socket. */
  readonly service: string
  readonly tcpmux: 'mux' | 'muxPlus' | null
  readonly rpc: { readonly low: number; readonly high: number } | null
  readonly socketType: SocketType
  /** As the daemon keeps it: without buffer sizes and, on FreeBSD, without the family. */
  readonly protocol: string
  readonly wait: boolean
  /** A limit of the entry's own; null: the daemon's. On FreeBSD programs at once, elsewhere starts per minute. */
  readonly max: number | null
  readonly perAddressPerMinute: number | null
  readonly maxPerAddress: number | null
  readonly acceptMax: number | null
  readonly acceptFilter: string | null
  readonly sendBuffer: number | null
  readonly receiveBuffer: number | null
  readonly user: string
  readonly group: string | null
  readonly loginClass: string | null
  /** Owner and mode of a unix socket (FreeBSD's `:user:group:mode:`). */
  readonly owner: { readonly user: string; readonly group: string; readonly mode: number } | null
  readonly program: 'internal' | { readonly path: string }
  /** What the program gets as its argv, its own name first. */
  readonly argv: readonly string[]
  readonly warnings: readonly Warning[]
}

export type RefusalReason =
  | 'missingField'
  | 'badSocketType'
  | 'badProtocol'
  | 'badWait'
  | 'badMax'
  | 'badBufferSize'
  | 'rpcVersionMissing'
  | 'rpcVersionBad'
  | 'unknownInternal'
  | 'badTcpmux'
  | 'badOwner'
  | 'noAddress'
  | 'tooManyArguments'
  | 'unknownDirective'
  | 'badOption'
  | 'switchedOff'
  | 'lostBehindAnother'

/**
 * What a refusal does to the rest: the entry alone is passed over; the file is read no further; the daemon ends; it
 * reads the same line for ever; it reads memory that is not its own, and mostly ends.
 */
export type Effect = 'skipped' | 'stopsReading' | 'exits' | 'hangs' | 'crashes'

export type Refusal = { readonly reason: RefusalReason; readonly value: string; readonly effect: Effect }

export type Outcome =
  { readonly kind: 'entry'; readonly entry: Entry } | { readonly kind: 'refused'; readonly refusal: Refusal }

export function refused(reason: RefusalReason, value: string, effect: Effect = 'skipped'): Outcome {
  return { kind: 'refused', refusal: { reason, value, effect } }
}

/** What the daemon makes of some lines of a file: `from` is the first, `to` the one behind the last. */
export type Reading = { readonly from: number; readonly to: number; readonly outcome: Outcome }
