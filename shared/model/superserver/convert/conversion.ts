import type { Dialect, Outcome, Refusal, Warning } from '../../../lens/inetd'
import type { HostNames } from '../state'
import type { Wraps } from './wraps'

/** An entry of inetd.conf, or what an entry would be that is commented out. Lines count from 0; `to` is the one behind the last. */
export type InetdSource = {
  readonly from: number
  readonly to: number
  readonly enabled: boolean
  readonly outcome: Outcome
}

/** What is known of the host, and what the caller chose. */
export type InetdContext = {
  readonly dialect: Dialect
  /** The file that the entries come from, for the comment above them. */
  readonly path: string
  readonly names: HostNames
  /** Whether inetd itself asks libwrap; see {@link Wraps}. */
  readonly wraps: Wraps
  /** Whether the xinetd that takes over asks libwrap (`xinetd -version`). If not, tcpd stays before its programs. */
  readonly libwrap: boolean
  /** Where tcpd looks for a program without a path: REAL_DAEMON_DIR, on Debian /usr/sbin. */
  readonly daemonDirectory: string
  readonly rpc: 'convert' | 'stay'
  /**
   * What becomes of an entry that listens by IPv4 and by IPv6. apart: a service for each, as inetd has a socket for
   * each. together: one socket for both. The program of a connection sees IPv4 clients as such there (xinetd sets
   * IPV6_ADDRFORM); one that waits or takes datagrams sees ::ffff:192.0.2.1.
   */
  readonly families: 'apart' | 'together'
  /** Attributes that xinetd's `defaults` set: they act on what is converted too. */
  readonly defaults: readonly string[]
  /** What must not be used again: names of files in the includedir, ids of services. */
  readonly taken: { readonly files: readonly string[]; readonly ids: readonly string[] }
}

/** What the user should know of an entry that was converted. */
export type Note =
  /** tcpd found the program in its own folder. */
  | { readonly code: 'foundByTcpd'; readonly program: string }
  /** Nothing asked hosts.allow about it, and xinetd would: it is told not to. */
  | { readonly code: 'staysUnwrapped' }
  /** inetd asked hosts.allow about it; this xinetd is built without libwrap and cannot. */
  | { readonly code: 'wrappersLost' }
  /** xinetd never asks libwrap about RPC over TCP (service.c, activate_rpc). */
  | { readonly code: 'rpcNotWrapped' }
  /** A limit of starts per minute. cps of xinetd counts by the second, and shuts the service for a while: none was written. */
  | { readonly code: 'rateLost'; readonly perMinute: number; readonly of: 'service' | 'address' }
  | {
      readonly code: 'valueLost'
      readonly field: 'loginClass' | 'acceptMax' | 'acceptFilter' | 'sendBuffer' | 'receiveBuffer'
      readonly value: string | number
    }
  /** inetd takes the entry otherwise than it is written; what is converted is what inetd does. */
  | { readonly code: 'asTaken'; readonly warning: Warning }
  /** IPv4 clients look like ::ffff:192.0.2.1 to the program. */
  | { readonly code: 'mappedAddresses' }
  /** IPv4 clients looked like ::ffff:192.0.2.1 to the program, and look like 192.0.2.1 below xinetd. */
  | { readonly code: 'plainIpv4' }
  /** The portmapper knows one port of a program: that of IPv4. */
  | { readonly code: 'rpcByIpv4Alone' }
  /** xinetd does not start what another has registered: inetd has to end first, by SIGTERM, or `rpcinfo -d` goes before. */
  | { readonly code: 'rpcRegistered' }
  /**
   * The program has the group of the entry, and beside it the groups of its user. Among these xinetd counts the user's
   * own, in whose place inetd puts the entry's (child.c, set_credentials; initgroups(3)).
   */
  | { readonly code: 'ownGroupKept'; readonly group: string }
  /** This inetd takes no notice of a group beside root. */
  | { readonly code: 'groupIgnored'; readonly group: string }
  /** xinetd's `+Go` ends in a NUL (builtins.c, tcpmux_handler), which a client may stumble over. */
  | { readonly code: 'greetingWithNul' }
  /** xinetd takes one address of the name. */
  | { readonly code: 'addressByName'; readonly address: string }
  /** One of its sockets is not its own in inetd either; the entry at `line` has it. */
  | { readonly code: 'socketOfAnother'; readonly address: string | null; readonly line: number }
  | { readonly code: 'defaultsAct'; readonly attributes: readonly string[] }
  /** The entry gave its program not even a name. */
  | { readonly code: 'nameSupplied'; readonly name: string }
  /** After each answer xinetd throws away what else waits (service.c, svc_request and svc_postmortem). */
  | { readonly code: 'datagramsDropped' }

export type CannotReason =
  /** inetd does not take the entry. */
  | { readonly code: 'notTaken'; readonly refusal: Refusal }
  | { readonly code: 'unixSocket' }
  | { readonly code: 'socketType'; readonly value: string }
  | { readonly code: 'protocol'; readonly value: string }
  /** xinetd reads the datagram away before the program can (service.c, svc_request). */
  | { readonly code: 'datagramNowait' }
  | { readonly code: 'internalService'; readonly service: string }
  /** Not in /etc/services: inetd does not serve it either. */
  | { readonly code: 'serviceUnknown'; readonly service: string; readonly protocol: string }
  | { readonly code: 'badPort'; readonly value: string }
  | { readonly code: 'rpcUnknown'; readonly service: string }
  | { readonly code: 'userUnknown'; readonly user: string }
  | { readonly code: 'groupUnknown'; readonly group: string }
  /** xinetd refuses a service whose program it may not execute; inetd takes the call and hangs up. */
  | { readonly code: 'notExecutable'; readonly program: string }
  | { readonly code: 'notAbsolute'; readonly program: string }
  /** tcpd with nothing behind it. */
  | { readonly code: 'tcpdAlone' }
  /** xinetd's files know no quotes. */
  | { readonly code: 'cannotStand'; readonly value: string }
  /** Longer than xinetd reads at once. */
  | { readonly code: 'lineTooLong' }
  /** The entry at `line` (from 1) is for the same socket: the daemon takes the later one's program. */
  | { readonly code: 'sameSocket'; readonly line: number }
  /** The entry at `line` has the port already. */
  | { readonly code: 'portTaken'; readonly line: number }

export type Conversion = { readonly source: InetdSource } & (
  | {
      readonly kind: 'converted'
      /** For a folder of includedir; no other has it. */
      readonly fileName: string
      readonly text: string
      readonly notes: readonly Note[]
    }
  | { readonly kind: 'cannot'; readonly reason: CannotReason }
  | { readonly kind: 'stays'; readonly reason: 'rpc' }
)

/** A step of a conversion that may end it. */
export type Step<T> = { readonly value: T } | { readonly reason: CannotReason }

export function cannot(reason: CannotReason): { readonly reason: CannotReason } {
  return { reason }
}
