import type { FailReason, LogEntry } from '../../../probe/xinetd-log'
import { plainAddress } from '../admission/peer'
import type { DaemonLog } from '../state'

/** One that came to a service, put together from all that the log says of it. */
export type Connection = {
  /** Seconds since 1970. */
  readonly at: number
  readonly id: string
  /** An IPv4 address that the log has as `::ffff:a.b.c.d` stands plainly; null: not logged. */
  readonly from: string | null
  /** Of the server; 0: xinetd answered by itself. null: not logged, or there was none. */
  readonly pid: number | null
  readonly outcome: Outcome
  /** How long its server ran; null: not known, or it runs. */
  readonly seconds: number | null
  /** Who the client's host said the user is. */
  readonly user: string | null
  readonly traffic: { readonly received: number; readonly sent: number } | null
  /** What the process logged that was to become its server: why it did not, mostly. */
  readonly notes: readonly string[]
}

export type Outcome =
  | { readonly kind: 'refused'; readonly reason: FailReason | 'identity' }
  /** Its end is not logged, or not yet. */
  | { readonly kind: 'letIn' }
  /** Let in, but its program could not be made to run: xinetd ends the connection, with status 0 (child.c, exec_server). */
  | { readonly kind: 'notStarted' }
  | { readonly kind: 'ended'; readonly status: number | null; readonly signal: number | null }

/** Those of all services, oldest first. */
export function connectionsOf({ entries, messages }: DaemonLog): readonly Connection[] {
  const found: Draft[] = []
  for (const entry of entries) take(entry, found)
  for (const { at, writer, text } of messages) {
    const child = writer === null ? undefined : openAt(found, at, writer)
    if (child === undefined || child.notes.includes(text)) continue
    child.notes.push(text)
    if (NOT_STARTED.test(text) && child.outcome.kind !== 'refused') child.outcome = { kind: 'notStarted' }
  }
  return found.map(({ end: _, child: __, ...connection }) => connection)
}

/** child.c, exec_server and set_credentials. */
const NOT_STARTED =
  /^(?:[A-Z]+: )?(?:execv\( .* \)|setgid|setuid|initgroups\( .* \)|setgroups\( .* \)) failed: /s

type Draft = { -readonly [K in keyof Connection]: Connection[K] } & {
  notes: string[]
  /** When its server's end was logged. */
  end: number | null
  /** A child's refusal that was logged before the parent logged the start of it. */
  child: { readonly writer: number | null } | null
}

function take(entry: LogEntry, found: Draft[]): void {
  const { at, id, writer } = entry
  switch (entry.kind) {
    case 'start': {
      const early = refusedEarly(found, entry)
      if (early !== undefined) {
        early.pid = entry.pid
        early.end = null
        early.child = null
        return
      }
      // xinetd itself answered: no end of a process will be told.
      found.push({
        ...blank(at, id),
        from: plain(entry.from),
        pid: entry.pid,
        end: entry.pid === 0 ? at : null,
      })
      return
    }
    case 'fail': {
      const from = plain(entry.from)
      const outcome = { kind: 'refused', reason: entry.reason } as const
      const isByChild = CHILD_REFUSES.has(entry.reason)
      const begun = isByChild ? begunFor(found, at, id, writer, from) : undefined
      if (begun === undefined)
        found.push({ ...blank(at, id), from, outcome, end: at, child: isByChild ? { writer } : null })
      else begun.outcome = outcome
      return
    }
    case 'exit': {
      const begun = last(found, (one) => one.id === id && one.end === null && one.pid === entry.pid)
      // Without a pid it is told whose end it is only if there is but one that it can be of.
      if (begun === undefined || (entry.pid === null && hasOther(found, begun))) return
      begun.end = at
      if (begun.outcome.kind === 'refused') return
      begun.outcome = { kind: 'ended', status: entry.status, signal: entry.signal }
      begun.seconds = entry.seconds
      return
    }
    case 'noId': {
      const begun = begunFor(found, at, id, writer, plain(entry.from))
      if (begun !== undefined) begun.outcome = { kind: 'refused', reason: 'identity' }
      return
    }
    case 'userId':
    case 'traffic': {
      const begun = writtenBy(found, at, id, writer)
      if (begun === undefined) return
      if (entry.kind === 'userId') begun.user = entry.text
      else begun.traffic = { received: entry.received, sent: entry.sent }
      return
    }
    case 'data':
      return
  }
}

/** The parent logs the start and its child the refusal (child.c): the clock may tick in between. */
const SOON = 2
/** By the child; the parent refuses before there is one (access.c, access_control). */
const CHILD_REFUSES: ReadonlySet<FailReason> = new Set(['address', 'libwrap', 'other'])

/** The start that a refusal belongs to. In files nobody says who wrote: then by its address and time. */
function begunFor(
  found: readonly Draft[],
  at: number,
  id: string,
  writer: number | null,
  from: string | null,
): Draft | undefined {
  const isOpen = (one: Draft): boolean => one.id === id && one.outcome.kind === 'letIn' && one.end === null
  if (writer !== null) return last(found, (one) => isOpen(one) && one.pid === writer)
  const isNear = (one: Draft): boolean =>
    at - one.at <= SOON && (one.from === from || one.from === null || from === null)
  return found.find((one) => isOpen(one) && isNear(one))
}

/** The refusal by a child that was quicker to write than its parent. */
function refusedEarly(
  found: readonly Draft[],
  { at, id, pid, from }: Extract<LogEntry, { kind: 'start' }>,
): Draft | undefined {
  if (pid === 0) return undefined
  return found.find(
    (one) =>
      one.child !== null &&
      one.id === id &&
      at - one.at <= SOON &&
      (one.child.writer === null || pid === null
        ? one.from === plain(from) || one.from === null || from === null
        : one.child.writer === pid),
  )
}

/** Of a file, where nobody says who wrote: only if it can be of no other. */
function writtenBy(
  found: readonly Draft[],
  at: number,
  id: string,
  writer: number | null,
): Draft | undefined {
  if (writer !== null) return openAt(found, at, writer)
  const begun = last(found, (one) => one.id === id && one.end === null)
  return begun === undefined || hasOther(found, begun) ? undefined : begun
}

/** Process ids come again: of the one that it was at that time. */
function openAt(found: readonly Draft[], at: number, pid: number): Draft | undefined {
  return last(
    found,
    (one) => one.pid === pid && one.at <= Math.ceil(at) && (one.end === null || at < one.end + SOON),
  )
}

function hasOther(found: readonly Draft[], begun: Draft): boolean {
  return found.some((one) => one !== begun && one.id === begun.id && one.end === null)
}

function last(found: readonly Draft[], is: (one: Draft) => boolean): Draft | undefined {
  for (let index = found.length - 1; index >= 0; index -= 1) {
    const one = found[index]
    if (one !== undefined && is(one)) return one
  }
  return undefined
}

const plain = (address: string | null): string | null => (address === null ? null : plainAddress(address))

const blank = (at: number, id: string): Draft => ({
  at,
  id,
  from: null,
  pid: null,
  outcome: { kind: 'letIn' },
  seconds: null,
  user: null,
  traffic: null,
  notes: [],
  end: null,
  child: null,
})
