import { describe, expect, it } from 'vitest'
import type { HistoryEntry } from '../../../shared/contract'
import { dayName, daysOf } from './days'

const at = (year: number, month: number, day: number, hour: number): number =>
  new Date(year, month - 1, day, hour).getTime()

const entry = (time: number): HistoryEntry => ({
  id: String(time),
  at: time,
  by: 'ann@desk',
  hosts: [],
  title: { key: 'x', params: {} },
  reason: '',
  outcome: null,
  undoOf: null,
  undoneBy: null,
})

describe('days of the history', () => {
  it('are cut at midnight, and keep the order of the entries', () => {
    const times = [at(2026, 3, 2, 9), at(2026, 3, 2, 0), at(2026, 3, 1, 23)]
    expect(
      daysOf(times.map(entry)).map(({ start, entries }) => [start, entries.map((one) => one.at)]),
    ).toEqual([
      [at(2026, 3, 2, 0), times.slice(0, 2)],
      [at(2026, 3, 1, 0), times.slice(2)],
    ])
    expect(daysOf([])).toEqual([])
  })

  it('are named as people say them, over the end of a month too', () => {
    const now = at(2026, 3, 1, 12)
    expect(dayName(at(2026, 3, 1, 0), now, 'en')).toBe('Today')
    expect(dayName(at(2026, 2, 28, 0), now, 'en')).toBe('Yesterday')
    expect(dayName(at(2026, 2, 28, 0), now, 'zh-CN')).toBe('昨天')
    expect(dayName(at(2026, 2, 27, 0), now, 'en')).toBe('Friday, February 27, 2026')
  })
})
