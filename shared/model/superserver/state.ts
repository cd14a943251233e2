import type { Dialect } from '../../lens/inetd'
import type { BootState } from '../../probe/boot'
import type { HostLookups } from '../../probe/host-lookups'
import type { PackageOffer } from '../../probe/package-offer'
import type { ServicePort } from '../../probe/name-files'
import type { SocketUnit } from '../../probe/socket-units'
import type { ListeningSocket } from '../../probe/ss'
import type { XinetdDump } from '../../probe/xinetd-dump'
import type { LogEntry, LogLine } from '../../probe/xinetd-log'
import type { FileImage, RunningProcess } from '../change'
import type { FailoverState } from './failover'

/** What was read of a host's super-server. Plain data: it travels to the renderer and into plans. */
export type SuperserverState = {
  /** Profile id. */
  readonly host: string
  /** null: no xinetd on this host. */
  readonly xinetd: XinetdState | null
  /** null: no inetd on this host, and no xinetd that reads inetd.conf. */
  readonly inetd: InetdState | null
  /** systemd's own sockets, which hold ports beside them; empty where there is no systemd. */
  readonly units: readonly SocketUnit[]
  /** null: no systemd on this host. */
  readonly systemd: SystemdState | null
  /** What of it has to do with redirections that change by themselves. */
  readonly failover: FailoverState
  readonly sockets: readonly ListeningSocket[]
  /** Whether the host's init starts them; null: it knows no such service. */
  readonly boot: { readonly xinetd: BootState | null; readonly inetd: BootState | null }
  readonly surroundings: Surroundings
  /** What the host's package manager would do to install xinetd; null: it has none. Absent: it was not asked. */
  readonly offer?: PackageOffer | null
}

/** What else decides who gets in. */
export type Surroundings = {
  /** The host's own time when it was read: seconds since 1970, and minutes of its day. null: not told. */
  readonly clock: { readonly now: number; readonly minute: number } | null
  /** Of the last minute. */
  readonly load: number | null
  readonly ipv6: boolean
  readonly services: GatheredFile
  readonly hostsAllow: GatheredFile
  readonly hostsDeny: GatheredFile
  /** /etc/networks, by name: the number as it stands there. */
  readonly networks: Readonly<Record<string, string>>
  /** Process ids of our own way in, from the shell that reads up to the first process. */
  readonly ancestors: readonly number[]
  /** The address from which we came to sshd, and whether that sshd asks hosts.allow; null: not told. */
  readonly ownWay: { readonly address: string; readonly wrapped: boolean } | null
}

export type XinetdState = {
  readonly build: XinetdBuild | null
  readonly daemon: Daemon | null
  /** The file that the daemon reads first: of its `-f`, else /etc/xinetd.conf. */
  readonly configuration: string
  /** All that is read from there, by path. */
  readonly files: Readonly<Record<string, GatheredFile>>
  /** Listings of the directories of includedir, by path as written. */
  readonly directories: Readonly<Record<string, GatheredDirectory>>
  readonly names: HostNames
  /** What the host's resolver makes of the names and addresses in those files, as far as it answered. */
  readonly lookups: HostLookups
  /** The daemon's own account of itself, as fresh as this state; null: it does not run, or could not be asked. */
  readonly dump: XinetdDump | null
  /** null: it was not read. Plans and proofs do without. */
  readonly log: DaemonLog | null
  readonly owner: FileOwner | null
}

/** The end of what the daemon logged, as far as it was read. */
export type DaemonLog = {
  readonly places: readonly LogPlace[]
  /** Of connections, oldest first. */
  readonly entries: readonly LogEntry[]
  /** Of the daemon itself, and of its children while they become a server; oldest first. */
  readonly messages: readonly LogLine[]
}

/** journal and syslog: where syslog's lines end up. file: of `log_type = FILE` or of the option -filelog. */
export type LogPlace = {
  readonly kind: 'file' | 'journal' | 'syslog'
  /** '' for the journal. */
  readonly path: string
  readonly status: 'read' | 'missing' | 'permission' | 'notRegular' | 'failed'
}

/** What `xinetd -version` prints: "2.3.15.3 libwrap loadavg". */
export type XinetdBuild = { readonly version: string; readonly options: readonly string[] }

export type InetdState = {
  /** Whose inetd it is; `xinetd` where xinetd runs with -inetd_compat and reads inetd.conf itself. */
  readonly dialect: Dialect
  readonly daemon: Daemon | null
  /** What it reads, in its order, by path. */
  readonly files: Readonly<Record<string, GatheredFile>>
  readonly names: HostNames
  readonly owner: FileOwner | null
}

/** What a new unit has to know of those that are there. */
export type SystemdState = {
  /** `systemctl --version`; null: not told. */
  readonly version: number | null
  /** Names of all services and sockets, in whatever directory of units. */
  readonly names: readonly string[]
  /** The sockets of /etc/systemd/system and the services beside them, by path. */
  readonly files: Readonly<Record<string, GatheredFile>>
}

export type Daemon = RunningProcess & {
  readonly argv: readonly string[]
  readonly pidfile: string | null
}

export type GatheredFile =
  | ({ readonly kind: 'file' } & FileImage)
  | { readonly kind: 'missing' }
  | { readonly kind: 'unreadable'; readonly why: 'permission' | 'notRegular' | 'tooLarge' | 'failed' }

export type GatheredDirectory =
  | { readonly kind: 'directory'; readonly entries: readonly string[] }
  | { readonly kind: 'missing' }
  | { readonly kind: 'unreadable' }

/** What names mean on the host. null: not known, so nothing is said about them. */
export type HostNames = {
  /** /etc/services with its aliases, and what else getservbyname would find. */
  readonly services: readonly ServicePort[] | null
  readonly protocols: readonly string[] | null
  readonly users: readonly string[] | null
  readonly groups: readonly string[] | null
  readonly rpc: readonly string[] | null
  /** By path, whether root may execute it; a path that is not here is not known. */
  readonly programs: Readonly<Record<string, boolean>>
}

/** A tool that writes these files itself, known by its marks in them. */
export type FileOwner = { readonly tool: string; readonly path: string; readonly line: number }
