import { localReader, withYear, type HostClock, type LocalReader } from './log-stamp'

/*
 * The log of xinetd, as files and syslog have it (xlog's filelog.c and slog.c; measured on 2.3.15.3):
 *
 *   26/11/23@17:42:45: START: busy pid=99 from=::ffff:127.0.0.1          log_type = FILE: local time, no writer
 *   26/11/23@17:42:45 xinetd[49]: ERROR: Deactivating service busy …     the option -filelog
 *   1795455765.659498 looker xinetd[49]: Deactivating service busy …     journalctl -o short-unix
 *   2026-11-23T17:42:45+0000 looker xinetd[49]: …                        journalctl -o short-iso, and rsyslog
 *   Nov 23 17:42:45 looker xinetd[49]: …                                 syslog's own: local time, no year
 *
 * What it says of connections (log.c; access.c, access_code_names; child.c; redirect.c; ident.c):
 *
 *   START: busy pid=99 from=::ffff:127.0.0.1
 *   FAIL: busy connections per second from=::ffff:127.0.0.1
 *   EXIT: busy status=0 pid=99 duration=0(sec)
 *   USERID: busy UNIX :root
 *   NOID: busy 192.0.2.7 connection refused
 *   TRAFFIC: redir in=0(bytes) out=3(bytes)
 *   DATA: login root
 */

/** One line, told of nobody knows what. */
export type LogLine = {
  /** Seconds since 1970. */
  readonly at: number
  /** Process id of who wrote it: the daemon, or a child of it that serves a connection; null: not told. */
  readonly writer: number | null
  readonly text: string
}

/** Why somebody was refused, in the daemon's words; `other` is for those of other builds. */
export const failReasons = [
  'address',
  'time',
  'fork',
  'service_limit',
  'per_source_limit',
  'process_limit',
  'libwrap',
  'load',
  'connections per second',
  'other',
] as const
export type FailReason = (typeof failReasons)[number]

/** What a line says of a connection. `id` is the service's; `from` is null where the daemon was not asked to log it. */
export type LogEntry = { readonly at: number; readonly id: string; readonly writer: number | null } & (
  | { readonly kind: 'start'; readonly pid: number | null; readonly from: string | null }
  | { readonly kind: 'fail'; readonly reason: FailReason; readonly from: string | null }
  | {
      readonly kind: 'exit'
      readonly pid: number | null
      readonly status: number | null
      readonly signal: number | null
      readonly seconds: number | null
    }
  /** Who the client's host says the user is: anything that somebody over there chose. */
  | { readonly kind: 'userId'; readonly text: string }
  /** It would not say, and the service wants to know. */
  | { readonly kind: 'noId'; readonly from: string; readonly text: string }
  | { readonly kind: 'traffic'; readonly received: number; readonly sent: number }
  | { readonly kind: 'data'; readonly text: string }
)

const FILE = /^(\d\d)\/(\d{1,2})\/(\d{1,2})@([01]\d|2[0-3]):([0-5]\d):([0-6]\d)(?: \S+\[(\d{1,9})\])?: (.*)$/s
const TAIL = String.raw` \S+ xinetd(?:\[(\d{1,9})\])?: (.*)$`
const UNIX = new RegExp(String.raw`^(\d{1,12})\.\d+${TAIL}`, 's')
const ISO = new RegExp(String.raw`^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(?:\.\d+)?(Z|[+-]\d\d:?\d\d)${TAIL}`, 's')
const PLAIN = new RegExp(String.raw`^([A-Z][a-z]{2}) {1,2}(\d{1,2}) (\d\d):(\d\d):(\d\d)${TAIL}`, 's')
/** The daemon writes 2 KiB at most (msg.c, BUFSIZE); what is longer is somebody else's. */
const LONGEST = 4096
const MONTHS = 'Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec'.split(' ')

/** The lines that can be told, in their order; what is no line of xinetd's is left out. */
export function parseLogLines(text: string, clock: HostClock): readonly LogLine[] {
  const read = localReader(clock)
  return text.split('\n').flatMap((raw) => {
    if (raw.length > LONGEST) return []
    const line = fileLine(raw, read) ?? syslogLine(raw, read, clock.now)
    return line === null || Number.isNaN(line.at) ? [] : [line]
  })
}

function fileLine(raw: string, read: LocalReader): LogLine | null {
  const [, year, month, day, hour, minute, second, writer, text] = FILE.exec(raw) ?? []
  if (text === undefined) return null
  const at = read({
    year: 2000 + Number(year),
    month: Number(month),
    day: Number(day),
    hour: Number(hour),
    minute: Number(minute),
    second: Number(second),
  })
  return { at, writer: numberOf(writer), text }
}

function syslogLine(raw: string, read: LocalReader, now: number): LogLine | null {
  const [, seconds, unixWriter, unixText] = UNIX.exec(raw) ?? []
  if (unixText !== undefined) return { at: Number(seconds), writer: numberOf(unixWriter), text: unixText }
  const [, time, zone = 'Z', isoWriter, isoText] = ISO.exec(raw) ?? []
  if (isoText !== undefined) {
    // Of a zone, Date.parse wants the colon that journalctl leaves out.
    const at = Date.parse(`${time}${zone.replace(/^([+-]\d\d)(\d\d)$/, '$1:$2')}`) / 1000
    return { at, writer: numberOf(isoWriter), text: isoText }
  }
  const [, name = '', day, hour, minute, second, writer, text] = PLAIN.exec(raw) ?? []
  const month = MONTHS.indexOf(name) + 1
  if (text === undefined || month === 0) return null
  const local = {
    month,
    day: Number(day),
    hour: Number(hour),
    minute: Number(minute),
    second: Number(second),
  }
  return { at: read(withYear(local, read, now)), writer: numberOf(writer), text }
}

const START = /^START: (\S+)(?: pid=(\d{1,9}))?(?: from=(.+))?$/s
const EXIT =
  /^EXIT: (\S+)(?: (status|signal)=(\d{1,9}))?(?: pid=(\d{1,9}))?(?: duration=(-?\d{1,12})\(sec\))?$/s
const FAIL = /^FAIL: (\S+) (.+?)(?: from=(.+))?$/s
const NOID = /^NOID: (\S+) (\S+) (.*)$/s
const TRAFFIC = /^TRAFFIC: (\S+) in=(\d{1,15})\(bytes\) out=(\d{1,15})\(bytes\)$/s
const TOLD = /^(USERID|DATA): (\S+) (.*)$/s

/** What the line says of a connection; null: it says something else. */
export function logEntryOf({ at, writer, text }: LogLine): LogEntry | null {
  const line = text.trimEnd()
  switch (line.slice(0, line.indexOf(':'))) {
    case 'START': {
      const [, id, pid, from] = START.exec(line) ?? []
      return id === undefined
        ? null
        : { at, writer, kind: 'start', id, pid: numberOf(pid), from: addressOf(from) }
    }
    case 'EXIT': {
      const [, id, how, number, pid, seconds] = EXIT.exec(line) ?? []
      if (id === undefined) return null
      const status = how === 'status' ? numberOf(number) : null
      const signal = how === 'signal' ? numberOf(number) : null
      const pair = { pid: numberOf(pid), seconds: numberOf(seconds) }
      return { at, writer, kind: 'exit', id, status, signal, ...pair }
    }
    case 'FAIL': {
      const [, id, said, from] = FAIL.exec(line) ?? []
      if (id === undefined) return null
      const reason = failReasons.find((one) => one === said) ?? 'other'
      return { at, writer, kind: 'fail', id, reason, from: addressOf(from) }
    }
    case 'NOID': {
      const [, id, from = '', told = ''] = NOID.exec(line) ?? []
      return id === undefined ? null : { at, writer, kind: 'noId', id, from, text: told }
    }
    case 'TRAFFIC': {
      const [, id, received, sent] = TRAFFIC.exec(line) ?? []
      return id === undefined
        ? null
        : { at, writer, kind: 'traffic', id, received: Number(received), sent: Number(sent) }
    }
    case 'USERID':
    case 'DATA': {
      const [, kind, id, told = ''] = TOLD.exec(line) ?? []
      return id === undefined
        ? null
        : { at, writer, kind: kind === 'DATA' ? 'data' : 'userId', id, text: told }
    }
    default:
      return null
  }
}

/** connection.c, conn_addrstr: a datagram of a service that waits has none. */
const addressOf = (text: string | undefined): string | null =>
  text === undefined || text === '<no address>' ? null : text

const numberOf = (text: string | undefined): number | null => (text === undefined ? null : Number(text))
