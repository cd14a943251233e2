/** What is needed to say when a line was written that tells the host's local time alone. */
export type HostClock = {
  /** Seconds since 1970 when the log was read. */
  readonly now: number
  /** Of the host's local time then, in seconds east of UTC. */
  readonly offset: number
  /** As in /usr/share/zoneinfo, for lines from before summer time began or ended; null: not known. */
  readonly zone: string | null
}

/** A local time as it is written; month from 1. */
export type LocalTime = {
  readonly year: number
  readonly month: number
  readonly day: number
  readonly hour: number
  readonly minute: number
  readonly second: number
}

/** Local time to seconds since 1970. */
export type LocalReader = (local: LocalTime) => number

/**
 * Reads local times of one host. An hour that a clock shows twice in autumn is taken for the one in summer time. Of a zone
 * that is not known here the offset of now holds for all times.
 */
export function localReader({ offset, zone }: HostClock): LocalReader {
  const offsetAt = zone === null ? null : offsetsOf(zone)
  return (local) => {
    const wall = secondsOf(local)
    if (offsetAt === null) return wall - offset
    // The larger of the offsets around it is summer time's; it holds if the clock did show that time by it.
    const around = [offsetAt(wall - DAY), offsetAt(wall + DAY)].sort((a, b) => b - a)
    const fitting = around.find((one) => offsetAt(wall - one) === one)
    return wall - (fitting ?? Math.min(...around))
  }
}

/** The year that a stamp leaves out: the last in which it is not later than now, give or take a clock that is a day ahead. */
export function withYear(local: Omit<LocalTime, 'year'>, read: LocalReader, now: number): LocalTime {
  const thisYear = { ...local, year: new Date(now * 1000).getUTCFullYear() + 1 }
  const lastYears = [0, 1, 2].map((back) => ({ ...thisYear, year: thisYear.year - back }))
  return lastYears.find((one) => read(one) <= now + DAY) ?? thisYear
}

const DAY = 86_400

const secondsOf = ({ year, month, day, hour, minute, second }: LocalTime): number =>
  Date.UTC(year, month - 1, day, hour, minute, second) / 1000

/** Seconds east of UTC of a zone at a time; null: a zone that is not known here. */
function offsetsOf(zone: string): ((at: number) => number) | null {
  let format: Intl.DateTimeFormat
  try {
    format = new Intl.DateTimeFormat('en-US', { timeZone: zone, ...FIELDS })
  } catch (error) {
    if (error instanceof RangeError) return null
    throw error
  }
  const known = new Map<number, number>()
  return (at) => {
    // Zones change at whole quarters of an hour; asking Intl for each line of a log would take a second.
    const quarter = Math.floor(at / 900) * 900
    const offset = known.get(quarter) ?? offsetBy(format, quarter)
    known.set(quarter, offset)
    return offset
  }
}

const FIELDS = {
  hourCycle: 'h23',
  year: 'numeric',
  month: 'numeric',
  day: 'numeric',
  hour: 'numeric',
  minute: 'numeric',
  second: 'numeric',
} as const

function offsetBy(format: Intl.DateTimeFormat, at: number): number {
  const said = new Map(format.formatToParts(at * 1000).map(({ type, value }) => [type, Number(value)]))
  const field = (name: Intl.DateTimeFormatPartTypes): number => said.get(name) ?? 0
  const wall = secondsOf({
    year: field('year'),
    month: field('month'),
    day: field('day'),
    hour: field('hour'),
    minute: field('minute'),
    second: field('second'),
  })
  return wall - at
}
