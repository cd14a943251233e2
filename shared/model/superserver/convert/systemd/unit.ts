import type { XinetdService } from '../../xinetd/resolve'

/** A file for /etc/systemd/system. */
export type Unit = { readonly name: string; readonly text: string }

/** Why an attribute has no counterpart. Those of the first lines leave nothing to be run at all. */
export type LostReason =
  /** xinetd answers it itself. */
  | 'internal'
  | 'tcpmux'
  | 'rpc'
  | 'sensor'
  /** systemd-socket-proxyd(8) is a program for it. */
  | 'redirect'
  | 'socketType'
  | 'protocol'
  /** A socket unit takes addresses alone. */
  | 'boundToName'
  | 'noPort'
  | 'notAbsolute'
  /** A limit of 0. */
  | 'nobodyIn'
  /** A word is no address. Without it, `only_from` lets fewer in, and `no_access` more. */
  | 'notAnAddress'
  /** hosts.allow and hosts.deny are not asked any more. */
  | 'libwrap'
  | 'noClock'
  | 'noLoad'
  | 'noBanner'
  /** The journal has a line for each start and end, and no other. */
  | 'journal'
  | 'identity'
  | 'intercept'
  | 'retry'
  | 'unknown'

export type Lost = {
  readonly attribute: string
  readonly values: readonly string[]
  readonly why: LostReason
}

/** What is expressed, and yet not quite the same. */
export type UnitNote =
  /**
   * The kernel drops the packets: a client waits in vain, where xinetd took the call and hung up. Where it cannot, as in
   * many containers, systemd says so in its journal and lets everyone in.
   */
  | 'packetsDropped'
  /** Over the limit the socket fails, and stays so until somebody starts it; xinetd comes back by itself. */
  | 'rateStopsForGood'
  /** Over the limit the socket rests until the second is over; xinetd shuts it for as long as it was told. */
  | 'rateRests'
  /** The variables are those of systemd, not those that xinetd was started with. */
  | 'managerEnvironment'
  /** REMOTE_ADDR and REMOTE_PORT stand in the environment, in the place of xinetd's REMOTE_HOST. */
  | 'remoteAddress'
  /** The program has all groups of its user; xinetd took them away. */
  | 'supplementaryGroups'
  /** systemd runs one program for all datagrams; xinetd would have started one for each. */
  | 'oneForAll'

export type SystemdUnits = {
  /** The socket first. None: nothing of it can be run. */
  readonly units: readonly Unit[]
  /** Whether the socket is to be enabled, as the service is. */
  readonly enable: boolean
  readonly lost: readonly Lost[]
  readonly notes: readonly UnitNote[]
}

export type SystemdContext = {
  /** `systemctl --version`. From 255 on a socket can rest instead of failing (PollLimitBurst). */
  readonly version: number
  /** Names of units of the host, with their suffix. */
  readonly taken: readonly string[]
}

export function valuesOf({ settings }: XinetdService, name: string): readonly string[] {
  return Object.hasOwn(settings, name) ? (settings[name]?.values ?? []) : []
}

export function valueOf(service: XinetdService, name: string): string | null {
  return valuesOf(service, name)[0] ?? null
}

export function hasFlag(service: XinetdService, flag: string): boolean {
  return valuesOf(service, 'flags').includes(flag)
}
