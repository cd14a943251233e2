import type { Duplex } from 'node:stream'

/** The other side closed the connection before it had said enough. */
export class StreamEnded extends Error {
  constructor() {
    super('the connection was closed')
  }
}

/** Reads exact numbers of bytes from a stream, and leaves the rest in it for whoever comes next. */
export class ByteReader {
  readonly #stream: Duplex
  #failed: Error | null = null
  #wake: (() => void) | null = null

  constructor(stream: Duplex) {
    this.#stream = stream
    stream.on('readable', this.#look)
    stream.on('end', this.#end)
    stream.on('close', this.#end)
    stream.on('error', this.#error)
  }

  readonly #look = () => this.#wake?.()
  readonly #end = () => this.#error(new StreamEnded())
  readonly #error = (error: Error) => {
    this.#failed ??= error
    this.#wake?.()
  }

  /** Rejects with StreamEnded, or with the stream's own error. One read at a time. */
  async read(bytes: number): Promise<Buffer> {
    if (bytes === 0) return Buffer.alloc(0)
    for (;;) {
      const chunk: unknown = this.#stream.read(bytes)
      if (Buffer.isBuffer(chunk)) {
        if (chunk.length === bytes) return chunk
        // At its end a stream gives what is left, however little.
        throw new StreamEnded()
      }
      if (this.#failed !== null) throw this.#failed
      await new Promise<void>((resolve) => (this.#wake = resolve))
      this.#wake = null
    }
  }

  async uint8(): Promise<number> {
    return (await this.read(1)).readUInt8(0)
  }

  async uint32(): Promise<number> {
    return (await this.read(4)).readUInt32BE(0)
  }

  /** Lets go of the stream. */
  release(): void {
    this.#stream.off('readable', this.#look)
    this.#stream.off('end', this.#end)
    this.#stream.off('close', this.#end)
    this.#stream.off('error', this.#error)
  }
}
