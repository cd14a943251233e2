import type { HostAddress } from '../../probe/ip-address'

/** What a host is and how it is. Plain data; null: the host does not say. */
export type HostFacts = {
  /** Profile id. */
  readonly host: string
  readonly system: SystemFacts
  readonly load: LoadFacts
  readonly addresses: readonly HostAddress[]
  readonly tools: ToolFacts
  /** Tools that keep files of this host as they want them, and by what they are known. */
  readonly managers: readonly FileManager[]
}

export type SystemFacts = {
  readonly hostname: string
  /** As the system calls itself: "Debian GNU/Linux 12 (bookworm)". */
  readonly name: string
  /** os-release's ID: `debian`, `rhel`, `freebsd`; null without the file. */
  readonly id: string | null
  readonly version: string | null
  readonly kernel: string
  readonly release: string
  /** As `uname -m`. */
  readonly architecture: string
  readonly init: InitSystem | null
  /** What it runs in: `kvm`, `vmware`, `lxc`, `docker`, `systemd-nspawn`, `uml` …; `none` on bare metal. */
  readonly virtualization: string | null
  readonly packageManager: PackageManager | null
  /** IANA name, else the offset. */
  readonly timeZone: string | null
  /** Of the clock, such as `+0800`. */
  readonly utcOffset: string | null
  readonly user: string
  readonly root: boolean
}

export const initSystems = ['systemd', 'openrc', 'runit', 's6', 'busybox', 'sysvinit', 'bsd'] as const
export type InitSystem = (typeof initSystems)[number]

export const packageManagers = [
  'apt',
  'dnf',
  'yum',
  'zypper',
  'pacman',
  'apk',
  'pkg',
  'opkg',
  'emerge',
] as const
export type PackageManager = (typeof packageManagers)[number]

export type LoadFacts = {
  /** Seconds since the epoch. */
  readonly bootedAt: number | null
  /** Over 1, 5 and 15 minutes. */
  readonly average: readonly [number, number, number] | null
  readonly processors: number | null
  /** Bytes. */
  readonly memory: MemoryFacts | null
  /** The file system of `/`, bytes. */
  readonly disk: { readonly total: number; readonly used: number; readonly available: number } | null
  /** Sessions that are logged in. */
  readonly users: number | null
}

export type MemoryFacts = {
  readonly total: number
  /** What can be had without swapping. */
  readonly available: number
  readonly swapTotal: number
  readonly swapFree: number
}

/** running: null when it cannot be told, such as of a daemon without a pidfile. */
export type DaemonFacts = { readonly installed: boolean; readonly running: boolean | null }

export type ToolFacts = {
  readonly superservers: readonly ({ readonly name: SuperserverName } & DaemonFacts)[]
  readonly balancer: {
    readonly ipvsadm: boolean
    readonly keepalived: DaemonFacts
    /** The kernel has its table: ip_vs is loaded. */
    readonly kernel: boolean
  }
  /** Programs that serve or start desktops. */
  readonly vnc: readonly string[]
  readonly shells: readonly string[]
  readonly sudo: boolean
  readonly doas: boolean
}

export const superserverNames = [
  'xinetd',
  'openbsd-inetd',
  'inetutils-inetd',
  'busybox-inetd',
  'inetd',
] as const
export type SuperserverName = (typeof superserverNames)[number]

export type FileManager = { readonly tool: string; readonly evidence: string }
