import type { NetworkName } from './net/addresses'
import type { Ran } from './run'

/** container: systemd in namespaces, on the machine's kernel. kernel: user-mode Linux, with IPVS and nfsd. */
export type HostKind = 'systemd' | 'kernel'

export type HostFile = string | { readonly content: string | Uint8Array; readonly mode?: number }

export type HostOptions = {
  /** A host name: letters, digits, hyphens; at most 20. */
  readonly name: string
  readonly kind?: HostKind
  /** Where it is connected. Default: front alone. The first is the one of `address`. */
  readonly networks?: readonly NetworkName[]
  /** Its default route: an address, usually the director's in `back`. Default: none. */
  readonly gateway?: string
  /** Further addresses on its first network (`lab.virtualAddress`). */
  readonly virtualAddresses?: readonly string[]
  /** Written before it boots, owned by root; mode 0644 unless given. */
  readonly files?: Readonly<Record<string, HostFile>>
  /** Lines of sshd_config, put before Debian's; sshd takes the first value of a keyword. */
  readonly sshd?: Readonly<Record<string, string | number>>
  /**
   * Small ext4 file systems of their own, by mount point, in megabytes (at least 4): to be filled up or made
   * read-only, and, on a `kernel` host, to lose in a crash what was not synced. They start with what lies below them,
   * so that /etc can be one. A container's are loop mounts of the machine, and lose nothing.
   */
  readonly volumes?: Readonly<Record<string, number>>
  /** Host keys: the ones this name had in earlier runs (default), or new ones. */
  readonly hostKeys?: 'kept' | 'fresh'
  /** systemd units enabled before it boots. */
  readonly units?: readonly string[]
  /** POSIX sh, run as root once SSH answers; must exit with 0. */
  readonly run?: string
  /** `kernel` only: megabytes of memory (default 256), and whether systemd boots (default) or a tiny init, 3 s faster. */
  readonly memory?: number
  readonly init?: 'systemd' | 'tiny'
}

export type ShellOptions = {
  /** Default root. The script runs under /bin/sh whatever the login shell is. */
  readonly user?: string
  readonly input?: string | Uint8Array
  /** Default 60 000. */
  readonly timeoutMs?: number
}

/** A running practice host. None of this goes through the app's own code. */
export type Host = {
  readonly name: string
  readonly kind: HostKind
  /** In the first of its networks; the machine itself and the other hosts of that network reach it. */
  readonly address: string
  readonly addresses: Readonly<Partial<Record<NetworkName, string>>>
  readonly port: 22
  /** Its public host keys, `TYPE BASE64`, as for known_hosts. */
  readonly hostKeys: readonly string[]
  /** Runs a POSIX sh script as root. A code other than 0 is an answer. */
  sh(script: string, options?: ShellOptions): Promise<Answered>
  /** As sh(), but rejects on a code other than 0; gives stdout. */
  must(script: string, options?: ShellOptions): Promise<string>
  readFile(path: string): Promise<Buffer>
  /** Keeps owner and mode of a file that exists; a new one is root's, 0644 unless `mode` says otherwise. */
  writeFile(path: string, content: string | Uint8Array, mode?: number): Promise<void>
  /** Asks the system to reboot, and resolves when SSH answers again. */
  reboot(): Promise<void>
  /** Ends it at once, as a power cut does; its disk stays for start(). */
  crash(): Promise<void>
  /** Boots it again after crash(), and resolves when SSH answers. */
  start(): Promise<void>
  /** Takes it down with its disk. */
  down(): Promise<void>
}

export type Answered = Omit<Ran, 'stdout'> & { readonly stdout: string }
