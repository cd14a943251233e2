/** What the preload script puts on the page's window as `wharfmaster`. */
export interface Bridge {
  /** Asks one method of the contract; the answer is an `Answer`. Rejects for a name that is not in it. */
  readonly call: (name: string, params: unknown) => Promise<unknown>
  /** Hears every event; the return value stops it. */
  readonly listen: (listener: (name: string, payload: unknown) => void) => () => void
}
