import { assertNever } from '../../../shared/assert-never'
import { decode } from '../../../shared/codec'
import type { DaemonLog, LogPlace } from '../../../shared/model/superserver'
import type { HostClock } from '../../../shared/probe/log-stamp'
import { logEntryOf, parseLogLines, type LogEntry, type LogLine } from '../../../shared/probe/xinetd-log'
import type { Piece } from '../../host/script-answer'

const kept = 2000

/**
 * What `tellLog` or `readServiceLog` said; null: they were not asked.
 * @param keptOfService how many entries of each: a busy one must not push out what a quiet one did last
 */
export function readLog(
  pieces: readonly Piece[],
  clock: HostClock | null,
  keptOfService = 60,
): DaemonLog | null {
  const places = placesIn(pieces)
  if (places.length === 0 || clock === null) return null
  const entries: LogEntry[] = []
  const messages = new Map<string, LogLine>()
  // syslogd may write a line into several files.
  const ofSyslog = new Set<string>()
  for (const { place, notices, lines } of places) {
    const fresh = lines
      .split('\n')
      .filter((line) => place.kind !== 'syslog' || !ofSyslog.has(line))
      .join('\n')
    if (place.kind === 'syslog') for (const line of lines.split('\n')) ofSyslog.add(line)
    for (const line of parseLogLines(fresh, clock)) {
      const entry = logEntryOf(line)
      if (entry !== null) entries.push(entry)
    }
    for (const line of parseLogLines(`${notices}\n${fresh}`, clock))
      if (logEntryOf(line) === null && isOfInterest(line)) messages.set(JSON.stringify(line), line)
  }
  const byTime = (a: { readonly at: number }, b: { readonly at: number }): number =>
    Math.floor(a.at) - Math.floor(b.at)
  return {
    places: places.map(({ place }) => place),
    entries: lately(entries.sort(byTime), keptOfService),
    messages: [...messages.values()].sort(byTime).slice(-kept),
  }
}

/** At each reload the daemon tells of every file that it reads: of no interest here. */
function isOfInterest({ text }: LogLine): boolean {
  return !/^(?:[A-Z]+: )?(?:Reading included configuration file: |readjusting service )/.test(text)
}

function lately(entries: readonly LogEntry[], keptOfService: number): readonly LogEntry[] {
  const counts = new Map<string, number>()
  const last = [...entries].reverse().filter(({ id }) => {
    const count = (counts.get(id) ?? 0) + 1
    counts.set(id, count)
    return count <= keptOfService
  })
  return last.slice(0, kept).reverse()
}

type Told = { place: LogPlace; notices: string; lines: string }

function placesIn(pieces: readonly Piece[]): readonly Told[] {
  const found: Told[] = []
  for (const { name, bytes } of pieces) {
    const text = decode(bytes)
    if (name === 'log') {
      const [, kind, path = ''] = /^(file|journal|syslog) (.*)$/s.exec(text) ?? []
      if (kind === 'file' || kind === 'journal' || kind === 'syslog')
        found.push({ place: { kind, path, status: 'failed' }, notices: '', lines: '' })
      continue
    }
    const last = found.at(-1)
    if (last === undefined || !isAboutPlace(name)) continue
    switch (name) {
      case 'logMissing':
        last.place = { ...last.place, status: 'missing' }
        break
      case 'logPermission':
        last.place = { ...last.place, status: 'permission' }
        break
      case 'logNotRegular':
        last.place = { ...last.place, status: 'notRegular' }
        break
      case 'logNotices':
        last.notices = text
        break
      case 'logLines':
        last.lines = text
        last.place = { ...last.place, status: 'read' }
        break
      default:
        assertNever(name)
    }
  }
  return found
}

const aboutPlace = ['logMissing', 'logPermission', 'logNotRegular', 'logNotices', 'logLines'] as const
const isAboutPlace = (name: string): name is (typeof aboutPlace)[number] =>
  aboutPlace.some((one) => one === name)

/** What `tellClock` said; null: it could not be told. */
export function readClock(clock: string, zone: string): HostClock | null {
  const [, now, sign, hours, minutes] = /^(\d+) \d+:\d+ ([+-])(\d\d)(\d\d)/.exec(clock) ?? []
  if (now === undefined) return null
  const offset = (Number(hours) * 60 + Number(minutes)) * 60
  // /usr/share/zoneinfo/posix and /right hold the same zones once more.
  const name = zone
    .trim()
    .replace(/^.*\/zoneinfo\//, '')
    .replace(/^(posix|right)\//, '')
  return { now: Number(now), offset: sign === '-' ? -offset : offset, zone: name === '' ? null : name }
}
