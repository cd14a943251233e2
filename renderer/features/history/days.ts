import type { HistoryEntry } from '../../../shared/contract'

export interface Day {
  /** Midnight of the day, where the user is: milliseconds since the epoch. */
  readonly start: number
  readonly entries: readonly HistoryEntry[]
}

/** The entries by the day on which they were begun, in their own order. */
export function daysOf(entries: readonly HistoryEntry[]): readonly Day[] {
  const days: { readonly start: number; readonly entries: HistoryEntry[] }[] = []
  for (const entry of entries) {
    const start = new Date(entry.at).setHours(0, 0, 0, 0)
    const last = days.at(-1)
    if (last?.start === start) last.entries.push(entry)
    else days.push({ start, entries: [entry] })
  }
  return days
}

/** Today and yesterday by their names, in the language; then the date. */
export function dayName(start: number, now: number, locale: string): string {
  const today = new Date(now).setHours(0, 0, 0, 0)
  const yesterday = new Date(today - 1).setHours(0, 0, 0, 0)
  if (start === today || start === yesterday) {
    const word = new Intl.RelativeTimeFormat(locale, { numeric: 'auto' }).format(
      start === today ? 0 : -1,
      'day',
    )
    return word.charAt(0).toLocaleUpperCase(locale) + word.slice(1)
  }
  return new Intl.DateTimeFormat(locale, { dateStyle: 'full' }).format(start)
}
