import type { Dialect, InetdDocument } from './document'
import type { Reading, RefusalReason, Warning } from './entry'
import { readEntries } from './read'

export type EditRefusal =
  /** There is no entry at that line, or for enable none that is commented out. */
  | { readonly reason: 'notAnEntry' }
  /** The format, in this dialect, cannot hold the value as one word. */
  | { readonly reason: 'cannotStand'; readonly value: string }
  /** The field stands on a line further down, or among quotes that are not ours to move. */
  | { readonly reason: 'outOfReach' }
  /** The daemon would not take the entry. */
  | { readonly reason: 'daemonRefuses'; readonly refusal: RefusalReason; readonly value: string }
  /** The daemon would take the entry otherwise than it is written. */
  | { readonly reason: 'takenOtherwise'; readonly warning: Warning }
  /** Other lines would be read in another way than before: an indented line below would go on with another entry. */
  | { readonly reason: 'changesOthers' }

export type Edited =
  | { readonly kind: 'edited'; readonly document: InetdDocument }
  | { readonly kind: 'refused'; readonly refusal: EditRefusal }

export function refuse(refusal: EditRefusal): Edited {
  return { kind: 'refused', refusal }
}

/** How many lines from `at` on stand in the place of how many. */
export type Place = { readonly at: number; readonly before: number; readonly after: number }

/** The edit, if all that stands outside its place is read as it was, and nothing inside reaches out of it. */
export function checked(
  document: InetdDocument,
  next: InetdDocument,
  dialect: Dialect,
  { at, before, after }: Place,
): Edited {
  const oldOutside = outside(readEntries(document, dialect), at, before)
  const newOutside = outside(readEntries(next, dialect), at, after)
  const isSame =
    oldOutside.length === newOutside.length &&
    oldOutside.every((reading, index) => isSameReading(reading, newOutside[index], at, after - before))
  return isSame ? { kind: 'edited', document: next } : refuse({ reason: 'changesOthers' })
}

function outside(readings: readonly Reading[], at: number, length: number): readonly Reading[] {
  return readings.filter(({ from, to }) => from < at || to > at + length)
}

function isSameReading(old: Reading, now: Reading | undefined, at: number, shift: number): boolean {
  if (now === undefined) return false
  const moved = old.from >= at ? shift : 0
  return (
    old.from + moved === now.from &&
    old.to + moved === now.to &&
    JSON.stringify(old.outcome) === JSON.stringify(now.outcome)
  )
}
