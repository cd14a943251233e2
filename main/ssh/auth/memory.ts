/**
 * What the user answered during this connection's life, so that a second connection of the same route, or one
 * mended after a drop, does not ask again. In memory alone; forgotten when the transport closes.
 */
export class AnswerMemory {
  private readonly answers = new Map<string, string>()

  recall(key: string): string | undefined {
    return this.answers.get(key)
  }

  keep(key: string, answer: string): void {
    this.answers.set(key, answer)
  }

  /** An answer that the server refused is not tried again. */
  forget(key: string): void {
    this.answers.delete(key)
  }

  clear(): void {
    this.answers.clear()
  }
}
