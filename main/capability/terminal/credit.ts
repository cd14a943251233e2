/** Bytes that may still be sent before the other side gives more credit. Never below zero. */
export class Credit {
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
