import type { Duplex } from 'node:stream'
import type { StreamDown } from '../../../shared/contract/stream'
import { streamWindowBytes } from '../../../shared/contract/stream'
import { Inflow, Outflow } from '../../host/stream-flow'
import { ClientMessages } from './rfb/client-messages'
import { sharedClientInit, welcome, welcomeAnswerBytes } from './rfb/handshake'

/**
 * Joins a display, behind its handshake, to the viewer of a page, which goes through a handshake of its own with us.
 * Neither side is read faster than the other takes: the viewer gives credit when it has drawn, we when SSH has sent.
 */
export class Joint {
  readonly #down: Outflow
  readonly #up: Inflow
  readonly #messages: ClientMessages
  /** Bytes of the viewer's own handshake that are still to come, and go no further. */
  #handshake = welcomeAnswerBytes

  /** @param lookOnly whether the viewer may do no more than look now */
  constructor(display: Duplex, lookOnly: () => boolean, send: (message: StreamDown) => void) {
    this.#messages = new ClientMessages(lookOnly)
    display.write(sharedClientInit)
    this.#up = new Inflow(
      display,
      (bytes) => send({ type: 'credit', bytes }),
      (bytes) => this.#afterHandshake(bytes),
    )
    this.#down = new Outflow(display, streamWindowBytes, (bytes) => send({ type: 'data', bytes }), {
      first: welcome,
    })
  }

  /** The viewer has taken this many bytes. */
  credit(bytes: number): void {
    this.#down.credit(bytes)
  }

  /** False: the viewer sent what our own page never does: more than it had credit for, or no message at all. */
  write(bytes: Uint8Array): boolean {
    return this.#up.write(bytes)
  }

  #afterHandshake(bytes: Uint8Array): Uint8Array | null {
    const rest = this.#messages.filter(bytes.subarray(this.#handshake))
    this.#handshake = Math.max(0, this.#handshake - bytes.length)
    return rest
  }
}
