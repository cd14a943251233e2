import type { RawChannel } from '@novnc/novnc'
import { assertNever } from '../../../shared/assert-never'
import type { Problem } from '../../../shared/contract'
import {
  streamChunkBytes,
  streamWindowBytes,
  type StreamDown,
  type StreamUp,
} from '../../../shared/contract/stream'

/** Credit is given back in portions of this size, so that a flood does not answer each chunk by a message. */
const creditPortionBytes = 32 * 1024

export interface DesktopListener {
  /** The display waits for a viewer to be put on this stream. */
  opened(): void
  /** The last call. null: it was closed from here. */
  ended(problem: Problem | null): void
}

/** The page's end of a desktop's stream, in the form in which noVNC wants its connection. */
export class DesktopStream implements RawChannel {
  readonly protocol = ''
  binaryType = 'arraybuffer'
  onopen: RawChannel['onopen'] = null
  onmessage: RawChannel['onmessage'] = null
  onclose: RawChannel['onclose'] = null
  onerror: RawChannel['onerror'] = null
  readyState: RawChannel['readyState'] = 'connecting'
  readonly #port: MessagePort
  readonly #listener: DesktopListener
  #unread: () => number = () => 0
  #queue: Uint8Array<ArrayBuffer>[] = []
  #credit = streamWindowBytes
  /** Bytes handed to the viewer for which no credit was given back yet. */
  #held = 0
  #frame = 0
  #bytes = 0

  constructor(port: MessagePort, listener: DesktopListener) {
    this.#port = port
    this.#listener = listener
    // The host process is our own code and speaks the contract's types.
    port.addEventListener('message', (event: MessageEvent) => this.#receive(event.data as StreamDown))
    port.start()
  }

  /** Bytes that came since it was opened. */
  get received(): number {
    return this.#bytes
  }

  /** Says how many of the bytes that the viewer was given wait in it: for those the host waits too. */
  measure(unread: () => number): void {
    this.#unread = unread
  }

  send(data: Uint8Array): void {
    if (this.readyState !== 'open') return
    for (let at = 0; at < data.length; at += streamChunkBytes) {
      this.#queue.push(data.slice(at, at + streamChunkBytes))
    }
    this.#flow()
  }

  close(): void {
    if (this.readyState === 'closed') return
    this.#post({ type: 'close' })
    this.#finish(null)
  }

  /** The other side is gone without a word, as when its process ended. */
  abandon(problem: Problem): void {
    if (this.readyState !== 'closed') this.#finish(problem)
  }

  #receive(message: StreamDown): void {
    if (this.readyState === 'closed') return
    switch (message.type) {
      case 'opened':
        this.readyState = 'open'
        this.#listener.opened()
        return
      case 'data':
        this.#take(message.bytes)
        return
      case 'credit':
        this.#credit += message.bytes
        this.#flow()
        return
      case 'notice':
        return
      case 'end':
        this.#finish(message.problem)
        return
      default:
        assertNever(message)
    }
  }

  #take(bytes: Uint8Array): void {
    this.#bytes += bytes.length
    this.#held += bytes.length
    // A message's bytes have a buffer of their own: structured clone makes it.
    this.onmessage?.({ data: bytes.slice().buffer })
    this.#giveCredit()
  }

  #giveCredit(): void {
    const waiting = this.#unread()
    const read = this.#held - waiting
    if (read >= creditPortionBytes) {
      this.#held -= read
      this.#post({ type: 'credit', bytes: read })
    }
    // It reads on when a picture is decoded, and tells nobody.
    if (waiting > 0 && this.#frame === 0 && this.readyState === 'open') {
      this.#frame = requestAnimationFrame(() => {
        this.#frame = 0
        this.#giveCredit()
      })
    }
  }

  #flow(): void {
    while (this.readyState === 'open') {
      const next = this.#queue[0]
      if (next === undefined || next.length > this.#credit) return
      this.#queue.shift()
      this.#credit -= next.length
      this.#post({ type: 'data', bytes: next })
    }
  }

  #finish(problem: Problem | null): void {
    this.readyState = 'closed'
    cancelAnimationFrame(this.#frame)
    this.#queue = []
    this.#port.close()
    this.#listener.ended(problem)
    this.onclose?.({ code: 1000, reason: '' })
  }

  #post(message: StreamUp): void {
    if (this.readyState !== 'closed') this.#port.postMessage(message)
  }
}
