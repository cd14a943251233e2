/** One line of docs/benchmarks.md: the same thing done by us and by another, side by side in one run. */
export type Line = {
  readonly name: string
  /** `a` by `b`. Less is better: both are times, or bytes of memory. */
  readonly ratio: number
  /** What `ratio` may be at most. */
  readonly limit: number
  /** Ours. */
  readonly a: number
  /** The other's. */
  readonly b: number
  readonly unit: string
  /** Why a ratio of more than 1.5 is let pass. */
  readonly why?: string
}

export function line(name: string, a: number, b: number, unit: string, limit: number, why?: string): Line {
  return { name, ratio: a / b, limit, a, b, unit, ...(why === undefined ? {} : { why }) }
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((one, other) => one - other)
  const middle = sorted[Math.floor(sorted.length / 2)]
  if (middle === undefined) throw new Error('a median of nothing')
  return middle
}
