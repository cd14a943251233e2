import type { Dialect, Entry, InetdDocument, Listen } from '../../../shared/lens/inetd'
import { readEntries } from '../../../shared/lens/inetd'
import type { Verdict } from './judge'

/** What runs, told so that two accounts of it can be compared. */
export type Account = { readonly end: string; readonly entries: readonly string[] }

export function accountOf(document: InetdDocument, dialect: Dialect): Account {
  const readings = readEntries(document, dialect)
  const end = readings.some(({ outcome }) => outcome.kind === 'refused' && outcome.refusal.effect === 'hangs')
    ? 'hangs'
    : 'alive'
  const told = readings.flatMap(({ outcome }) =>
    outcome.kind === 'entry' ? tellEntry(outcome.entry, dialect) : [],
  )
  // It tells of an entry when it has read the next, which it never has where it hangs.
  return { end, entries: collected(end === 'hangs' ? told.slice(0, -1) : told) }
}

/**
 * The daemon tells of a unix entry whose socket it could not make: of the wrong type, say. It runs where there is a
 * socket.
 */
export function accountOfDaemon({ end, log, sockets }: Verdict, dialect: Dialect): Account {
  const told: Told[] = []
  // Words may hold carriage returns and what else is no newline.
  for (const line of log.split('\n')) {
    const one = dialect === 'openbsd' ? tellOpenbsdLine(line) : tellInetutilsLine(line)
    if (one === null) continue
    const path = / (\S*) unix$/.exec(one.key)?.[1]
    if (path === undefined || sockets.includes(` ${path} `)) told.push(one)
  }
  return { end, entries: collected(told) }
}

/** A line of the daemon's, by what makes two of them the same service and what else is said. */
type Told = { readonly key: string; readonly changing: string; readonly rest: string }

/**
 * A later entry for the same socket puts its values in the earlier one's place, but for some that the daemon keeps
 * (config(), "sep->se_wait may be holding the pid"): those are told of the first alone.
 */
function collected(told: readonly Told[]): readonly string[] {
  const seen = new Set<string>()
  const lines = told.map(({ key, changing, rest }) => {
    const isFirst = !seen.has(key)
    seen.add(key)
    return isFirst ? `${key} ${changing} ${rest}` : `again ${key} ${rest}`
  })
  return lines.sort()
}

function tellEntry(entry: Entry, dialect: Dialect): readonly Told[] {
  // Each pass of openbsd-inetd puts the last address first.
  const families = [
    entry.listens.filter(({ family }) => family === 'ipv4' || family === 'unix'),
    entry.listens.filter(({ family }) => family === 'ipv6' || family === 'dual'),
  ]
  const listens = dialect === 'openbsd' ? families.flatMap((some) => [...some].reverse()) : entry.listens
  return listens.map((listen) => tellListen(entry, listen, dialect))
}

function tellListen(entry: Entry, { address, family }: Listen, dialect: Dialect): Told {
  const isSecond =
    dialect === 'openbsd' && family !== 'ipv4' && family !== 'unix' && !/[46]$/.test(entry.protocol)
  const protocol = isSecond ? `${entry.protocol}6` : entry.protocol
  const server = entry.program === 'internal' ? 'internal' : entry.program.path
  const versions = entry.rpc === null ? '' : `${entry.rpc.low}-${entry.rpc.high}`
  const limit = entry.max ?? (dialect === 'openbsd' ? 256 : 0)
  return {
    key: `${family === 'unix' ? '' : (address ?? '*')} ${entry.service} ${protocol}`,
    changing: `wait=${entry.wait ? 1 : 0} builtin=${entry.program === 'internal' ? 1 : 0}`,
    rest: `${versions} max=${limit} user=${entry.user} group=${entry.group ?? ''} server=${server}`,
  }
}

const OPENBSD_LINE =
  /^(?:ADD|REDO): (?:(.*):)?([^ ]*) (?:rpcprog=-?\d+, rpcvers=(\d+)\/(\d+), )?proto=([^ ]*), wait\.max=(\d+)\.(-?\d+) user:group=(.*):([^ :]*|\(default\)) builtin=([0-9a-f]+) server=(.*)$/s

/** print_service() of openbsd-inetd. */
function tellOpenbsdLine(line: string): Told | null {
  const match = OPENBSD_LINE.exec(line)
  if (match === null) return null
  const [, host, service = '', high, low, protocol = '', wait = '', max = ''] = match
  const [user = '', group = '', builtin = '', server = ''] = match.slice(8)
  return {
    key: `${protocol === 'unix' ? '' : (host ?? '*')} ${service} ${protocol}`,
    changing: `wait=${wait} builtin=${builtin === '0' ? 0 : 1}`,
    rest: `${low === undefined ? '' : `${low}-${high ?? ''}`} max=${max} user=${user} group=${group === '(default)' ? '' : group} server=${server}`,
  }
}

const INETUTILS_LINE =
  /^[^ ]+:\d+: (?:ADD|REDO) *: (.*):([^: ]*) proto=([^ ]*), wait=(\d+), max=(\d+), user=(.*) group=(.*) builtin=([^ ]*) server=(.*)$/s

/** print_service() of GNU inetutils. */
function tellInetutilsLine(line: string): Told | null {
  const match = INETUTILS_LINE.exec(line)
  if (match === null) return null
  const [, host = '', service = '', protocol = '', wait = '', max = '', user = ''] = match
  const [group = '', builtin = '', server = ''] = match.slice(7)
  return {
    key: `${host} ${service} ${protocol}`,
    changing: `wait=${wait} builtin=${builtin === 'no' ? 0 : 1}`,
    rest: ` max=${max} user=${user} group=${group} server=${server}`,
  }
}
