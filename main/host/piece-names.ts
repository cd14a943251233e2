import { decode } from '../../shared/codec'

/** A name is a constant of a script of ours; a longer line that looks like one is data. */
const maxName = 200
const newline = 0x0a

/**
 * Hears the names of the pieces in an answer as it comes, for progress. Of a line only as much is held as shows
 * that it is none, so a file without newlines costs no more than one with them.
 */
export class PieceNames {
  readonly #mark: Buffer
  readonly #tell: (name: string) => void
  /** What has come of a line that may yet be a mark; null: this line is none. */
  #line: Buffer | null = Buffer.alloc(0)

  constructor(nonce: string, tell: (name: string) => void) {
    this.#mark = Buffer.from(`${nonce} P `)
    this.#tell = tell
  }

  /** How many bytes are held until the line ends. */
  get held(): number {
    return this.#line?.length ?? 0
  }

  hear(chunk: Buffer): void {
    for (let at = 0; at < chunk.length;) {
      const end = chunk.indexOf(newline, at)
      this.#add(chunk.subarray(at, end === -1 ? chunk.length : end))
      if (end === -1) return
      this.#end()
      at = end + 1
    }
  }

  #add(bytes: Buffer): void {
    if (this.#line === null || bytes.length === 0) return
    const room = this.#mark.length + maxName - this.#line.length
    const line = Buffer.concat([this.#line, bytes.subarray(0, room)])
    const length = Math.min(line.length, this.#mark.length)
    const isMark = line.compare(this.#mark, 0, length, 0, length) === 0
    this.#line = isMark && bytes.length <= room ? line : null
  }

  #end(): void {
    const line = this.#line
    this.#line = Buffer.alloc(0)
    if (line !== null && line.length > this.#mark.length) this.#tell(decode(line.subarray(this.#mark.length)))
  }
}
