import type { Duplex } from 'node:stream'
import type { StreamDown } from '../../../shared/contract/stream'
import { streamChunkBytes, streamWindowBytes } from '../../../shared/contract/stream'
import { welcome } from './rfb/handshake'

/**
 * Joins a display, behind its handshake, to the viewer of a page, which goes through a handshake of its own with us.
 * Neither side is read faster than the other takes: the viewer gives credit when it has drawn, we when SSH has sent.
 */
export class Joint {
  readonly #display: Duplex
  readonly #send: (message: StreamDown) => void
  /** Bytes that the viewer may still be sent. */
  #down = streamWindowBytes
  /** Bytes that the viewer may still send. */
  #up = streamWindowBytes
  /** What the viewer has said of its handshake. */
  #greeted: 'version' | 'choice' | 'done' = 'version'
  #said: Buffer = Buffer.alloc(0)

  constructor(display: Duplex, send: (message: StreamDown) => void) {
    this.#display = display
    this.#send = send
    this.#give(welcome.greeting)
  }

  /** The viewer has taken this many bytes. */
  credit(bytes: number): void {
    this.#down += bytes
    this.#flow()
  }

  /** False: the viewer sent more than it had credit for, which our own page never does. */
  write(bytes: Uint8Array): boolean {
    if (bytes.length > this.#up) return false
    this.#up -= bytes.length
    const rest = this.#greeted === 'done' ? bytes : this.#greet(bytes)
    if (rest.length === 0) this.#taken(bytes.length)
    else if (this.#display.writable) {
      this.#display.write(rest, (error) => {
        // An error ends the channel, and that is told as the stream's end.
        if (!error) this.#taken(bytes.length)
      })
    }
    return true
  }

  /** Gives back what belongs to the display already. */
  #greet(bytes: Uint8Array): Uint8Array {
    this.#said = Buffer.concat([this.#said, bytes])
    if (this.#greeted === 'version' && this.#said.length >= welcome.versionBytes) {
      this.#greeted = 'choice'
      this.#give(welcome.types)
    }
    const all = welcome.versionBytes + welcome.choiceBytes
    if (this.#said.length < all) return new Uint8Array()
    this.#greeted = 'done'
    this.#give(welcome.result)
    // Only now: what the server says first has to come after our result.
    this.#display.on('readable', () => this.#flow())
    this.#flow()
    return this.#said.subarray(all)
  }

  #taken(bytes: number): void {
    this.#up += bytes
    this.#send({ type: 'credit', bytes })
  }

  #flow(): void {
    if (this.#greeted !== 'done') return
    for (;;) {
      const size = Math.min(this.#display.readableLength, this.#down, streamChunkBytes)
      if (size === 0) {
        // Also reads the end of the stream, which takes no credit.
        if (this.#display.readableLength === 0) this.#display.read(0)
        return
      }
      const chunk: unknown = this.#display.read(size)
      if (!(chunk instanceof Uint8Array)) return
      this.#give(chunk)
    }
  }

  #give(bytes: Uint8Array): void {
    this.#down -= bytes.length
    // A port clones the whole buffer below a view, so the view gets a buffer of its own size.
    this.#send({ type: 'data', bytes: new Uint8Array(bytes) })
  }
}
