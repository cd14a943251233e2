import type { Readable } from 'node:stream'
import { streamChunkBytes } from '../../../shared/contract/stream'
import { Credit } from './credit'

/**
 * Bytes on the way to the screen that it has not drawn yet. Less than the stream's window allows: what is on the
 * way when Ctrl+C is pressed has to be drawn before the prompt is.
 */
export const screenWindowBytes = 256 * 1024

/**
 * Carries what the shell prints to the window, as fast as the window takes it. Without credit nothing is read;
 * then the SSH window closes and the program on the host waits.
 */
export class Output {
  readonly #credit = new Credit(screenWindowBytes)
  readonly #source: Readable
  readonly #send: (bytes: Uint8Array) => void

  constructor(source: Readable, send: (bytes: Uint8Array) => void) {
    this.#source = source
    this.#send = send
    source.on('readable', () => this.#flow())
    this.#flow()
  }

  /** The screen has drawn this many bytes. */
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
      const chunk: unknown = this.#source.read(size)
      if (!(chunk instanceof Uint8Array)) return
      this.#credit.take(chunk.length)
      // A port clones the whole buffer below a view, so the view gets a buffer of its own size.
      this.#send(new Uint8Array(chunk))
    }
  }
}
