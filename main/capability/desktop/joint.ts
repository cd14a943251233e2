import type { Duplex } from 'node:stream'
import type { StreamDown } from '../../../shared/contract/stream'
import { streamChunkBytes, streamWindowBytes } from '../../../shared/contract/stream'
import { ClientMessages } from './rfb/client-messages'
import { sharedClientInit, welcome, welcomeAnswerBytes } from './rfb/handshake'

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
  /** Bytes of the viewer's own handshake that are still to come, and go no further. */
  #handshake = welcomeAnswerBytes
  readonly #messages: ClientMessages

  /** @param lookOnly whether the viewer may do no more than look now */
  constructor(display: Duplex, lookOnly: () => boolean, send: (message: StreamDown) => void) {
    this.#messages = new ClientMessages(lookOnly)
    this.#display = display
    this.#send = send
    this.#give(welcome)
    display.write(sharedClientInit)
    display.on('readable', () => this.#flow())
    this.#flow()
  }

  /** The viewer has taken this many bytes. */
  credit(bytes: number): void {
    this.#down += bytes
    this.#flow()
  }

  /** False: the viewer sent what our own page never does: more than it had credit for, or no message at all. */
  write(bytes: Uint8Array): boolean {
    if (bytes.length > this.#up) return false
    this.#up -= bytes.length
    const rest = this.#messages.filter(bytes.subarray(this.#handshake))
    if (rest === null) return false
    this.#handshake = Math.max(0, this.#handshake - bytes.length)
    if (rest.length === 0) this.#taken(bytes.length)
    else if (this.#display.writable) {
      this.#display.write(rest, (error) => {
        // An error ends the channel, and that is told as the stream's end.
        if (!error) this.#taken(bytes.length)
      })
    }
    return true
  }

  #taken(bytes: number): void {
    this.#up += bytes
    this.#send({ type: 'credit', bytes })
  }

  #flow(): void {
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
