import type { Json } from './canonical'

/*
 * A change as a value: what will be done on which host, in what order, whom it disturbs, and how the host is
 * asked whether it holds. Plans make it, previews show it, the engine applies it and takes it back; it can be
 * stored and sent as JSON. Texts of files are strings of shared/codec, so they stand for exact bytes.
 */

/** A sentence for the user: a key of the texts, and what fills it. */
export type Phrase = {
  readonly key: string
  readonly params: Readonly<Record<string, string | number>>
}

export type Change = {
  readonly title: Phrase
  /** Why, in the user's words; for the history. */
  readonly reason: string
  /** What the user wanted: plain JSON, planned anew when the host is not as it was. */
  readonly intent: Json
  /** What leads back once it holds, as an intent of the same capability. Absent: the files before it, or nothing. */
  readonly undo?: Json
  /** In the order in which they are applied. */
  readonly parts: readonly HostPart[]
}

export type HostPart = {
  /** Profile id. */
  readonly host: string
  /** `none`: the login may do all of it. Absent: root does it. */
  readonly need?: 'none'
  /**
   * network: the change may cut the way by which it is made. It is confirmed on a connection made anew, and never
   * made where nothing outlives the login.
   */
  readonly touches?: 'network'
  /** In order. One-way steps come last. */
  readonly steps: readonly Step[]
  readonly disturbs: readonly Disturbance[]
  readonly proof: Proof
}

/** What a file, or what its place, is made of beside its bytes. Null: the host has no such thing, or it was not asked. */
export type FileMetadata = {
  /** Permission bits with setuid, setgid and sticky: 0 to 0o7777. */
  readonly mode: number
  /** Numeric ids. */
  readonly uid: number
  readonly gid: number
  /** SELinux label. */
  readonly label: string | null
  /** Text of getfacl, only where it says more than the mode. */
  readonly acl: string | null
  /** Letters of lsattr that are set. */
  readonly attributes: string | null
}

/** A file as it was read. */
export type FileImage = FileMetadata & {
  readonly text: string
  /** SHA-256 of the bytes, lower-case hex. */
  readonly digest: string
  /** What the path's own symbolic link says; null: the path is the file itself. */
  readonly linkTarget: string | null
  /** How many names the file has. */
  readonly links: number
  /** Whether it is a mount point by itself: then it cannot be renamed over. */
  readonly mounted: boolean
}

/** A file as it shall be. */
export type FileContent = FileMetadata & {
  readonly text: string
  readonly digest: string
}

/** A program with its arguments, never a line for a shell; or a POSIX sh script with its positional parameters. */
export type Command =
  | { readonly kind: 'argv'; readonly argv: readonly string[] }
  | { readonly kind: 'script'; readonly script: string; readonly args: readonly string[] }

export type Step = WriteStep | CreateStep | DeleteStep | MoveStep | RuntimeStep | DaemonStep | OneWayStep

export type WriteStep = {
  readonly kind: 'write'
  readonly path: string
  readonly before: FileImage
  readonly after: FileContent
  readonly secret: boolean
}

export type CreateStep = {
  readonly kind: 'create'
  readonly path: string
  readonly after: FileContent
  readonly secret: boolean
}

export type DeleteStep = {
  readonly kind: 'delete'
  readonly path: string
  readonly before: FileImage
  readonly secret: boolean
}

export type MoveStep = {
  readonly kind: 'move'
  readonly from: string
  readonly to: string
  readonly before: FileImage
  readonly secret: boolean
}

/** Something set while it runs. What `capture` prints is given to `restore` as its standard input. */
export type RuntimeStep = {
  readonly kind: 'runtime'
  readonly title: Phrase
  readonly capture: Command
  readonly set: Command
  readonly restore: Command
}

/** A process, told from any later one of the same number by its start: clock ticks since boot, /proc/PID/stat 22. */
export type RunningProcess = { readonly pid: number; readonly startTime: string }

/** A daemon told to take up what was written. Exit codes prove nothing; the part's proof does. */
export type DaemonStep = {
  readonly kind: 'daemon'
  readonly title: Phrase
  /** The daemon's name, as its owner calls it: `xinetd`, `keepalived`. */
  readonly daemon: string
  readonly action: 'reload' | 'start' | 'stop' | 'restart'
  /** null: it did not run when the change was planned. */
  readonly before: RunningProcess | null
  readonly command: Command
  /** After the files are back: makes the daemon run as before, started anew if it is gone. */
  readonly restore: Command
  /**
   * After the files are back where the host went down in the middle, before any service starts; also if the step was
   * never come to. Absent: the files are all that it starts by.
   */
  readonly atBoot?: Command
}

/** Cannot be taken back; shown so, and confirmed by itself. */
export type OneWayStep = {
  readonly kind: 'oneWay'
  readonly title: Phrase
  readonly command: Command
}

/** Someone or something that notices the change. */
export type Disturbance = {
  readonly what: Phrase
  /** notice: nobody loses anything. sessions: live sessions end. outage: something stops answering. */
  readonly degree: 'notice' | 'sessions' | 'outage'
  /** The service, virtual service or display that it is about. */
  readonly subject: string
  /** Live sessions that end, as far as they are known. */
  readonly sessions: readonly Session[]
}

export type Session = { readonly peer: string; readonly pid: number | null; readonly since: string | null }

/** What must hold afterwards, in the words of one capability, which reads it back from the host. */
export type Proof = { readonly capability: string; readonly expect: Json }
