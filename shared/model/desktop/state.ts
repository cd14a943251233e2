import type { RunningProcess } from '../change'

/** What was read of a host's remote desktops. Plain data: it travels to the renderer and into plans. */
export type DesktopState = {
  /** Profile id. */
  readonly host: string
  /** Who the login is: whose desktops can be started and stopped without more rights. */
  readonly login: Login
  readonly software: VncSoftware
  readonly displays: readonly VncDisplay[]
  readonly locks: readonly XLock[]
  /** Displays that have a socket in /tmp/.X11-unix. */
  readonly sockets: readonly number[]
  /** TCP ports from 5900 to 6099 on which something listens; null: the host has no ss. */
  readonly ports: readonly number[] | null
  /** Sessions of the login that are over, by their logs, the latest first. */
  readonly ended: readonly EndedSession[]
}

export type Login = {
  readonly uid: number
  readonly name: string
  readonly home: string
  /** Where the VNC server keeps the login's password, logs and settings: ~/.vnc, or ~/.config/tigervnc. */
  readonly folder: string
  /** Whether a password file stands there that the server accepts: not empty, mode 0600 or stricter. */
  readonly hasPassword: boolean
}

export type VncSoftware = {
  /** The X server that speaks RFB; null: none was found. */
  readonly server: VncServer | null
  /** What starts a desktop with its session. */
  readonly starter: Starter | null
  /** The program that makes a password file, `vncpasswd` or `tigervncpasswd`; null: none. */
  readonly passwordTool: string | null
}

export type VncServer = {
  readonly path: string
  /** `TigerVNC`; null: it did not say. */
  readonly product: string | null
  readonly version: readonly number[]
}

/** debian: tigervncserver. classic: vncserver, TigerVNC up to 1.10 and its ancestors. */
export type Starter = { readonly kind: 'debian' | 'classic'; readonly path: string }

export type VncDisplay = RunningProcess & {
  readonly number: number
  readonly program: string
  readonly owner: { readonly uid: number; readonly name: string }
  /** Started by whom: a wrapper script, a systemd unit, a super-server, or by itself. */
  readonly model: DisplayModel
  /** As the server announces itself; null: it did not say. */
  readonly title: string | null
  /** The size now where the display could be asked, else the one it was started with. */
  readonly geometry: { readonly width: number; readonly height: number; readonly live: boolean } | null
  readonly depth: number | null
  readonly endpoint: Endpoint | null
  readonly reach: Reach
  readonly security: { readonly types: readonly string[]; readonly said: boolean }
  /** Milliseconds since the epoch. */
  readonly startedAt: number | null
  /** Viewers connected over TCP; those on a Unix socket cannot be told apart. */
  readonly viewers: readonly string[]
  /** Programs that show on it, as far as the login may see them. */
  readonly programs: readonly { readonly pid: number; readonly name: string }[]
  readonly log: SessionLog | null
}

export type DisplayModel =
  | { readonly kind: 'wrapper' }
  | { readonly kind: 'unit'; readonly unit: string }
  | { readonly kind: 'superServer' }
  | { readonly kind: 'plain' }

export type Endpoint =
  | { readonly kind: 'tcp'; readonly address: string; readonly port: number }
  | { readonly kind: 'unix'; readonly path: string }

/** Who could connect to it without SSH. own: the owner alone, by the socket's mode. local: every user of the host. */
export type Reach = 'own' | 'local' | 'network' | 'unknown'

export type XLock = {
  readonly display: number
  /** null: the file holds no pid. */
  readonly pid: number | null
  /** Name of the live process of that number; null: there is none. */
  readonly program: string | null
}

export type EndedSession = {
  readonly display: number
  readonly log: SessionLog
  /** Milliseconds since the epoch, the log's last change. */
  readonly endedAt: number | null
}

export type SessionLog = {
  readonly path: string
  /** The last lines. */
  readonly tail: string
}
