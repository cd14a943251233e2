import type { Problem } from '../../../shared/contract'
import {
  drawnPortionBytes,
  streamChunkBytes,
  streamWindowBytes,
  type StreamDown,
  type StreamUp,
} from '../../../shared/contract/stream'
import { assertNever } from '../../../shared/assert-never'

export interface ShellListener {
  opened(): void
  /** `drawn` is called once the bytes are on the screen; the host is held back until then. */
  data(bytes: Uint8Array, drawn: () => void): void
  /** The last call. */
  ended(problem: Problem | null, code: number | null): void
}

/** The page's end of a terminal stream: keeps to the window's credit in both directions. */
export class ShellStream {
  readonly #port: MessagePort
  readonly #listener: ShellListener
  #queue: Uint8Array<ArrayBuffer>[] = []
  #credit = streamWindowBytes
  #drawn = 0
  #open = false
  #over = false

  constructor(port: MessagePort, listener: ShellListener) {
    this.#port = port
    this.#listener = listener
    // The host process is our own code and speaks the contract's types.
    port.addEventListener('message', (event: MessageEvent) => this.#receive(event.data as StreamDown))
    port.start()
  }

  get open(): boolean {
    return this.#open && !this.#over
  }

  /** Bytes that wait for the host to take them. */
  get waiting(): number {
    return this.#queue.reduce((sum, { length }) => sum + length, 0)
  }

  send(bytes: Uint8Array): void {
    if (this.#over) return
    for (let at = 0; at < bytes.length; at += streamChunkBytes) {
      this.#queue.push(bytes.slice(at, at + streamChunkBytes))
    }
    this.#flow()
  }

  resize(columns: number, rows: number): void {
    this.#post({ type: 'resize', columns, rows })
  }

  /** Ends the shell; the listener hears nothing more. */
  close(): void {
    if (this.#over) return
    this.#post({ type: 'close' })
    this.#finish()
  }

  /** The other side is gone without a word, as when its process ended. */
  abandon(problem: Problem): void {
    if (this.#over) return
    this.#finish()
    this.#listener.ended(problem, null)
  }

  #receive(message: StreamDown): void {
    if (this.#over) return
    switch (message.type) {
      case 'opened':
        this.#open = true
        this.#listener.opened()
        this.#flow()
        return
      case 'data': {
        const { length } = message.bytes
        this.#listener.data(message.bytes, () => this.#giveCredit(length))
        return
      }
      case 'credit':
        this.#credit += message.bytes
        this.#flow()
        return
      case 'notice':
        return
      case 'end':
        this.#finish()
        this.#listener.ended(message.problem, message.code)
        return
      default:
        assertNever(message)
    }
  }

  #giveCredit(bytes: number): void {
    this.#drawn += bytes
    if (this.#drawn < drawnPortionBytes || this.#over) return
    this.#post({ type: 'credit', bytes: this.#drawn })
    this.#drawn = 0
  }

  #flow(): void {
    while (this.#open && !this.#over) {
      const next = this.#queue[0]
      if (next === undefined || next.length > this.#credit) return
      this.#queue.shift()
      this.#credit -= next.length
      this.#post({ type: 'data', bytes: next })
    }
  }

  #finish(): void {
    this.#over = true
    this.#queue = []
    this.#port.close()
  }

  #post(message: StreamUp): void {
    if (!this.#over) this.#port.postMessage(message)
  }
}
