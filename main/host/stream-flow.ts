import type { Readable, Writable } from 'node:stream'
import { streamChunkBytes, streamWindowBytes } from '../../shared/contract/stream'

/** Bytes that may still be sent before the other side gives more credit. Never below zero. */
class Credit {
  #bytes: number

  constructor(bytes: number) {
    this.#bytes = bytes
  }

  get bytes(): number {
    return this.#bytes
  }

  give(bytes: number): void {
    this.#bytes += bytes
  }

  take(bytes: number): void {
    this.#bytes = Math.max(0, this.#bytes - bytes)
  }
}

/** In a flood sshd sends packets of few kilobytes. A message for each would take longer than drawing it. */
const worthSendingBytes = 32 * 1024

/**
 * Carries what comes from a host to a page, as fast as the page takes it. Without credit nothing is read; then the
 * SSH window closes and the host waits.
 */
export class Outflow {
  readonly #credit: Credit
  readonly #windowBytes: number
  readonly #portionBytes: number
  readonly #source: Readable
  readonly #send: (bytes: Uint8Array) => void

  /**
   * @param windowBytes what may be on its way to the page
   * @param first goes before all that comes from the source, and counts
   * @param portionBytes the page gives credit in portions of this size. As long as it has one to give, small pieces
   * wait for it and gather. Infinity: nothing waits
   */
  constructor(
    source: Readable,
    windowBytes: number,
    send: (bytes: Uint8Array) => void,
    { first, portionBytes = Infinity }: { readonly first?: Uint8Array; readonly portionBytes?: number } = {},
  ) {
    this.#credit = new Credit(windowBytes)
    this.#windowBytes = windowBytes
    this.#portionBytes = portionBytes
    this.#source = source
    this.#send = send
    if (first !== undefined) this.#give(first)
    source.on('readable', () => this.#flow())
    this.#flow()
  }

  /** The page has taken this many bytes. */
  credit(bytes: number): void {
    this.#credit.give(bytes)
    this.#flow()
  }

  #flow(): void {
    for (;;) {
      const size = Math.min(this.#source.readableLength, this.#credit.bytes, streamChunkBytes)
      if (size === 0) {
        // Also reads the end of the stream, which takes no credit.
        if (this.#source.readableLength === 0) this.#source.read(0)
        return
      }
      const taken = this.#windowBytes - this.#credit.bytes
      if (taken >= this.#portionBytes && this.#source.readableLength < worthSendingBytes) return
      const chunk: unknown = this.#source.read(size)
      if (!(chunk instanceof Uint8Array)) return
      this.#give(chunk)
    }
  }

  #give(bytes: Uint8Array): void {
    this.#credit.take(bytes.length)
    // A port clones the whole buffer below a view, so the view gets a buffer of its own size.
    this.#send(new Uint8Array(bytes))
  }
}

/**
 * Carries what a page sends to a host. Credit goes back once the SSH window took the bytes, so that a large paste
 * waits in the page and not here.
 */
export class Inflow {
  readonly #credit = new Credit(streamWindowBytes)
  readonly #target: Writable
  readonly #giveCredit: (bytes: number) => void
  readonly #filter: (bytes: Uint8Array) => Uint8Array | null

  /** @param filter what of it goes on; null: it is nothing that a page may send */
  constructor(
    target: Writable,
    giveCredit: (bytes: number) => void,
    filter: (bytes: Uint8Array) => Uint8Array | null = (bytes) => bytes,
  ) {
    this.#target = target
    this.#giveCredit = giveCredit
    this.#filter = filter
  }

  /** False: the page sent more than it had credit for, or what it may not; our own page does neither. */
  write(bytes: Uint8Array): boolean {
    if (bytes.length > this.#credit.bytes) return false
    const passed = this.#filter(bytes)
    if (passed === null) return false
    this.#credit.take(bytes.length)
    if (passed.length === 0) this.#taken(bytes.length)
    else if (this.#target.writable) {
      this.#target.write(passed, (error) => {
        // An error ends the channel, and that is told as the stream's end.
        if (!error) this.#taken(bytes.length)
      })
    }
    return true
  }

  #taken(bytes: number): void {
    this.#credit.give(bytes)
    this.#giveCredit(bytes)
  }
}
