import type { HostsAccessDocument } from '../../../lens/hosts-access'
import type { XinetdBuild } from '../state'

/** A client that would connect, and when. */
export type AdmissionRequest = {
  /** IPv4 or IPv6; `::ffff:a.b.c.d` is the IPv4 address in it. */
  readonly address: string
  /** What the host finds when it looks the address up: `unknown`, as libwrap puts it, is no name; null: not known. */
  readonly name: string | null
  /**
   * What it finds for `::ffff:a.b.c.d`, by which xinetd asks for a client of IPv4 on an IPv6 socket. The library takes that
   * to DNS as the plain address, but does not find it in /etc/hosts: there, `only_from = localhost` keeps 127.0.0.1 out.
   */
  readonly mappedName: string | null
  /** Of the host's own day, from 0 to 1439. */
  readonly minute: number
}

/** What there is besides the configuration. */
export type AdmissionContext = {
  /** null: not known, so what is compiled in is not known either. */
  readonly build: XinetdBuild | null
  /** Whether the kernel has IPv6; without it a service that is bound to no address listens on IPv4. */
  readonly ipv6: boolean
  /** Servers that run: of the service, and of these for the address. */
  readonly running: { readonly service: number; readonly address: number }
  /** Servers of all services, and how many the daemon may have (its option -limit); null: no limit. */
  readonly processes: { readonly running: number; readonly limit: number } | null
  /** Of the last minute (/proc/loadavg); null: not known. */
  readonly load: number | null
  /** Whether it is paused for its cps, and until when (seconds since 1970; null: not known). */
  readonly pause: { readonly until: number | null } | null
  /** Addresses in the list of the sensors, as the daemon wrote them into its log. */
  readonly banned: readonly string[]
  /** hosts.allow and hosts.deny; null: not read. */
  readonly wrappers: { readonly allow: HostsAccessDocument; readonly deny: HostsAccessDocument } | null
  /**
   * By name in only_from and no_access: whether it resolved when the daemon read it. What did is listed as `(HOST)` in its
   * dump; a name that is not here is not known.
   */
  readonly resolved: Readonly<Record<string, boolean>>
  /** /etc/networks, by name: the number as it stands there. */
  readonly networks: Readonly<Record<string, string>>
}
