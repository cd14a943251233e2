/** Minutes since midnight; both ends belong to it. */
type Interval = { readonly from: number; readonly to: number }

const DAY = 24 * 60

/** Whether a minute of the day lies in one of the intervals `H:MM-H:MM` (time.c, ti_current_time_check). */
export function isOpenAt(intervals: readonly string[], minute: number): boolean {
  return intervals.map(intervalOf).some(({ from, to }) => from <= minute && minute <= to)
}

/** How many minutes until it opens, 0 while it is open; at most a day. null: it has no interval. */
export function minutesUntilOpen(intervals: readonly string[], minute: number): number | null {
  if (isOpenAt(intervals, minute)) return 0
  const waits = intervals.map((text) => (intervalOf(text).from - minute + DAY) % DAY)
  return waits.length === 0 ? null : Math.min(...waits)
}

function intervalOf(text: string): Interval {
  const [from = 0, to = 0] = text.split('-').map((clock) => {
    const [hours = 0, minutes = 0] = clock.split(':').map(Number)
    return hours * 60 + minutes
  })
  return { from, to }
}
