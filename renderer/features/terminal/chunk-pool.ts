import { streamChunkBytes } from '../../../shared/contract/stream'

/** Smaller ones are left to the garbage collector, which takes them while they are young. */
const smallestPooled = 2 * 1024

/**
 * Buffers that are used again and again for what goes to the screen. xterm holds on to some fifty chunks that it has
 * drawn already; in a flood those would grow old, and lie about by the ten megabytes until a full collection.
 */
export class ChunkPool {
  readonly #free: Uint8Array[] = []

  /** `use` gets the bytes, and says when it needs them no more. */
  lend(bytes: Uint8Array, use: (bytes: Uint8Array, done: () => void) => void, done: () => void): void {
    if (bytes.length < smallestPooled || bytes.length > streamChunkBytes) {
      use(bytes, done)
      return
    }
    const buffer = this.#free.pop() ?? new Uint8Array(streamChunkBytes)
    buffer.set(bytes)
    use(buffer.subarray(0, bytes.length), () => {
      this.#free.push(buffer)
      done()
    })
  }
}
