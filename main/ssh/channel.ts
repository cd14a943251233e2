import type { Duplex, Readable } from 'node:stream'
import type { ClientChannel } from 'ssh2'

export interface ChannelEnd {
  /** null: it ended by a signal, was closed from here, or the connection was lost. */
  readonly code: number | null
  /** Such as `SIGTERM`. */
  readonly signal: string | null
  /** The connection went away under it: what was read may be cut short. */
  readonly lost: boolean
}

/** A byte stream through SSH. When nobody reads, its window closes and the other side waits. */
export interface Channel {
  readonly stream: Duplex
  /** null with a pty and for forwards. When not null it has to be read (or resumed) as well. */
  readonly stderr: Readable | null
  /** Resolves once the channel is closed on both sides; never rejects. */
  readonly closed: Promise<ChannelEnd>
  /** Ends it at once; what was not read is dropped. */
  close(): void
}

export interface ShellChannel extends Channel {
  resize(columns: number, rows: number): void
  /** Sends a signal without `SIG`, such as `INT`. Many servers ignore it; a pty's Ctrl+C is surer. */
  signal(name: string): void
}

/** A terminal as the other side sees it. `modes` as of RFC 4254 §8, such as `{ ECHO: 0 }`. */
export interface Pty {
  readonly term: string
  readonly columns: number
  readonly rows: number
  readonly modes?: Readonly<Record<string, number>>
}

export interface ChannelHooks {
  /** Called once when its place among the connection's sessions is free again. */
  released(): void
  /** Whether the connection under it still stands. */
  alive(): boolean
}

export function wrapChannel(raw: ClientChannel, hasStderr: boolean, hooks: ChannelHooks): ShellChannel {
  // A pty and a forward have no second stream; unread bytes on it would hold the window.
  if (!hasStderr) raw.stderr.resume()
  const closed = new Promise<ChannelEnd>((resolve) => {
    // ssh2 tells how it ended a second time here. 'exit' itself is missed where a quick command's answer and its end
    // come in one piece: it is emitted before the caller who waits for the channel has it.
    raw.on('close', (code?: number | null, signal?: string) => {
      hooks.released()
      resolve({ code: code ?? null, signal: signal ?? null, lost: !hooks.alive() })
    })
  })
  return {
    stream: raw,
    stderr: hasStderr ? raw.stderr : null,
    closed,
    close() {
      raw.close()
      // ssh2 tells of the end only when everything that came was read.
      raw.resume()
      raw.stderr.resume()
    },
    resize(columns, rows) {
      raw.setWindow(rows, columns, 0, 0)
    },
    signal(name) {
      raw.signal(name)
    },
  }
}
