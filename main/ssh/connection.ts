import type { Asker } from './asker'
import type { Channel, ChannelEnd, Pty, ShellChannel } from './channel'
import type { Environment } from './environment'
import type { KnownHosts } from './known-hosts/store'
import type { Route } from './route'
import type { Sftp } from './sftp/sftp'
import type { StepTimes } from './session/handshake'
import type { KeyRenewal } from './session/link'
import { SshTransport } from './session/transport'
import type { Answer } from '../../shared/contract/answer'
import type { ConnectionNote, Negotiated } from '../../shared/contract/host'
import type { Problem } from '../../shared/contract/problem'

export type ConnectionState =
  | { readonly kind: 'connecting'; readonly hop: string; readonly step: string }
  | {
      readonly kind: 'up'
      /** Milliseconds since the epoch. */
      readonly since: number
      readonly negotiated: Negotiated
      readonly notes: readonly ConnectionNote[]
    }
  /** `retryAt`: milliseconds since the epoch; null: it waits for `retry()`. */
  | { readonly kind: 'lost'; readonly problem: Problem; readonly retryAt: number | null }
  | { readonly kind: 'closed' }

export interface ExecOptions {
  /** Written, then closed. Without it the command reads end of file at once. */
  readonly stdin?: Uint8Array | string
  /** Of stdout and of stderr each. What is over is cut, the command ended, and `truncated` set. */
  readonly maxBytes: number
  /** From the call to the answer, the wait for a free session included. */
  readonly timeoutMs: number
  readonly signal?: AbortSignal
  readonly pty?: Pty
}

export interface ExecResult {
  readonly code: number | null
  readonly signal: string | null
  readonly stdout: Uint8Array
  readonly stderr: Uint8Array
  readonly truncated: boolean
}

/**
 * One host, over as many SSH connections as its MaxSessions makes necessary, shared by all who want something
 * of it. Nothing is ever sent twice: what runs when the connection is lost fails with `ssh.lost`.
 */
export interface Transport {
  readonly state: ConnectionState
  /** Called at each change from now on; returns what ends that. */
  onState(callback: (state: ConnectionState) => void): () => void
  exec(command: string, options: ExecOptions): Promise<Answer<ExecResult>>
  open(
    command: string,
    options: { readonly pty?: Pty; readonly signal?: AbortSignal },
  ): Promise<Answer<Channel>>
  shell(options: {
    readonly pty: Pty
    /** A server takes only the names its AcceptEnv lists, and does not say so. */
    readonly env?: Readonly<Record<string, string>>
    readonly signal?: AbortSignal
  }): Promise<Answer<ShellChannel>>
  /** A TCP connection made by the host, direct-tcpip. Takes no session. */
  forward(host: string, port: number): Promise<Answer<Channel>>
  /** A connection to a Unix socket on the host, direct-streamlocal@openssh.com. Takes no session. */
  forwardStreamLocal(path: string): Promise<Answer<Channel>>
  sftp(): Promise<Answer<Sftp>>
  /**
   * The same host by connections made anew, its jumps too, with the answers that were given to this one. It is to be
   * closed by itself.
   */
  anew(): Transport
  /** Tries now, in the place of waiting for `retryAt`. Does nothing unless lost. */
  retry(): void
  /** Ends everything and forgets every answer. For good. */
  close(): void
}

export interface ConnectDeps {
  readonly asker: Asker
  readonly knownHosts: KnownHosts
  readonly env: Environment
  /** Never gets a secret. */
  readonly log: (line: string) => void
  readonly times?: StepTimes
  readonly keepaliveMs?: number
  readonly renewal?: KeyRenewal
  /** Pauses between tries in milliseconds; the last one is repeated. */
  readonly pauses?: readonly number[]
}

/** Starts to connect at once; the state tells how it goes. */
export function connect(route: Route, deps: ConnectDeps): Transport {
  return new SshTransport(route, deps)
}

export type { Channel, ChannelEnd, Pty, ShellChannel }
