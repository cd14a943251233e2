import { describe, expect, it } from 'vitest'
import { localReader, withYear } from './log-stamp'

const at = (iso: string): number => Date.parse(iso) / 1000
const local = (text: string) => {
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = text.split(/\D/).map(Number)
  return { year, month, day, hour, minute, second }
}

describe('local time of a host', () => {
  const now = at('2026-11-23T12:00:00Z')
  const paris = localReader({ now, offset: 3600, zone: 'Europe/Paris' })
  it.each([
    ['2026-11-23 13:00:00', '2026-11-23T12:00:00Z'],
    ['2026-07-01 13:00:00', '2026-07-01T11:00:00Z'],
    // Shown twice, at 00:30Z and at 01:30Z.
    ['2026-10-25 02:30:00', '2026-10-25T00:30:00Z'],
    ['2026-10-25 03:00:00', '2026-10-25T02:00:00Z'],
    ['2026-03-29 01:59:59', '2026-03-29T00:59:59Z'],
    ['2026-03-29 03:00:00', '2026-03-29T01:00:00Z'],
  ])('%s in Paris', (text, iso) => {
    expect(paris(local(text))).toBe(at(iso))
  })

  it('is read in zones of half an hour, and far to the east', () => {
    const read = (zone: string) => localReader({ now, offset: 0, zone })(local('2026-11-23 00:10:00'))
    expect(read('Asia/Kolkata')).toBe(at('2026-11-22T18:40:00Z'))
    expect(read('Pacific/Kiritimati')).toBe(at('2026-11-22T10:10:00Z'))
  })

  it.each([null, 'Harbour/Quay', 'posixrules'])('goes by the offset of now where the zone is %s', (zone) => {
    expect(localReader({ now, offset: -7200, zone })(local('2026-07-01 10:00:00'))).toBe(
      at('2026-07-01T12:00:00Z'),
    )
  })
})

describe('a stamp without a year', () => {
  it.each([
    ['2027-01-02T00:00:00Z', { month: 12, day: 31 }, 2026],
    ['2027-01-02T00:00:00Z', { month: 1, day: 1 }, 2027],
    // The host's clock is some hours ahead of its log reader's.
    ['2026-12-31T20:00:00Z', { month: 1, day: 1 }, 2027],
    ['2026-11-23T00:00:00Z', { month: 11, day: 30 }, 2025],
  ])('read on %s: %j', (now, day, year) => {
    const clock = { now: at(now), offset: 0, zone: null }
    expect(withYear({ ...day, hour: 1, minute: 0, second: 0 }, localReader(clock), clock.now).year).toBe(year)
  })
})
