import type { Writable } from 'node:stream'
import { streamWindowBytes } from '../../../shared/contract/stream'
import { Credit } from './credit'

/**
 * Carries what is typed and pasted to the shell. Credit goes back once the SSH window took the bytes, so that a
 * large paste waits in the window's page and not here.
 */
export class Input {
  readonly #credit = new Credit(streamWindowBytes)
  readonly #target: Writable
  readonly #giveCredit: (bytes: number) => void

  constructor(target: Writable, giveCredit: (bytes: number) => void) {
    this.#target = target
    this.#giveCredit = giveCredit
  }

  /** False: the page sent more than it had credit for, which our own page never does. */
  write(bytes: Uint8Array): boolean {
    if (bytes.length > this.#credit.bytes) return false
    if (!this.#target.writable) return true
    this.#credit.take(bytes.length)
    this.#target.write(bytes, (error) => {
      // An error ends the channel, and that is told as the stream's end.
      if (error) return
      this.#credit.give(bytes.length)
      this.#giveCredit(bytes.length)
    })
    return true
  }
}
