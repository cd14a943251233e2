import type { Hunk } from '../../../shared/model/change'

/** One line of a difference as it is drawn. */
export interface Row {
  readonly kind: 'context' | 'added' | 'removed'
  readonly oldLine: number | null
  readonly newLine: number | null
  readonly text: string
  readonly ended: boolean
  /** The part that differs from the line it is paired with: from and to, in characters of `text`. */
  readonly accent: readonly [number, number] | null
}

/** The lines of a hunk with their numbers; a removed line and the added one that replaces it show where they differ. */
export function rowsOf(hunk: Hunk): readonly Row[] {
  let oldLine = hunk.oldStart
  let newLine = hunk.newStart
  const rows: Row[] = hunk.lines.map(({ kind, text, ended }) => ({
    kind,
    text,
    ended,
    oldLine: kind === 'added' ? null : oldLine++,
    newLine: kind === 'removed' ? null : newLine++,
    accent: null,
  }))
  return accented(rows)
}

function accented(rows: readonly Row[]): readonly Row[] {
  const out = [...rows]
  let at = 0
  while (at < out.length) {
    const removed = runOf(out, at, 'removed')
    const added = runOf(out, at + removed, 'added')
    // Only runs of one length are surely line for line.
    if (removed > 0 && removed === added) {
      for (let i = at; i < at + removed; i += 1) pair(out, i, i + removed)
    }
    at += Math.max(1, removed + added)
  }
  return out
}

function runOf(rows: readonly Row[], from: number, kind: Row['kind']): number {
  let to = from
  while (rows[to]?.kind === kind) to += 1
  return to - from
}

function pair(rows: Row[], oldAt: number, newAt: number): void {
  const before = rows[oldAt]
  const after = rows[newAt]
  if (before === undefined || after === undefined) return
  const shorter = Math.min(before.text.length, after.text.length)
  let head = 0
  while (head < shorter && before.text[head] === after.text[head]) head += 1
  let tail = 0
  while (tail < shorter - head && before.text.at(-1 - tail) === after.text.at(-1 - tail)) tail += 1
  // Lines with little in common are better read whole.
  if (head + tail < shorter / 3) return
  rows[oldAt] = { ...before, accent: [head, before.text.length - tail] }
  rows[newAt] = { ...after, accent: [head, after.text.length - tail] }
}
