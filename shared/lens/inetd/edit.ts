import { endLine } from '../line'
import { isEntryLike, OFF } from './disabled'
import type { Dialect, InetdDocument, InetdLine } from './document'
import type { Edited } from './edited'
import { checked, refuse } from './edited'
import { eolOf, laidOut } from './layout'
import { scanLine } from './parse'
import { readEntries, readEntry } from './read'
import { wordsIn } from './read/words'
import { spelled } from './spell'

/*
 * Edits of a document: each gives a new one and leaves every line it need not touch as it was, or says why not. A
 * line is named by its place in `document.lines`.
 */

/** Takes the comment mark off, whichever it is, from the entry and the lines that were disabled with it. */
export function enable(document: InetdDocument, dialect: Dialect, at: number): Edited {
  const line = document.lines[at]
  if (line?.kind !== 'disabled') return refuse({ reason: 'notAnEntry' })
  if (endsEarly(line)) return refuse({ reason: 'outOfReach' })
  const count = disabledCount(document, dialect, at)
  const lines = document.lines.slice(at, at + count).map((one, index): InetdLine => {
    const text = one.text.slice(index === 0 ? line.mark.length : OFF.length)
    const bared = scanLine({ text, eol: one.eol }, undefined)
    return bared.kind === 'entry' ? { ...bared, wore: line.mark } : bared
  })
  if (lines[0]?.kind !== 'entry') return refuse({ reason: 'notAnEntry' })
  const next = withLines(document, at, count, lines)
  const reading = readEntries(next, dialect).find(({ from }) => from === at)
  if (entryCount(next, dialect, at) > count) return refuse({ reason: 'changesOthers' })
  if (reading?.outcome.kind === 'refused') {
    const { reason, value } = reading.outcome.refusal
    return refuse({ reason: 'daemonRefuses', refusal: reason, value })
  }
  return checked(document, next, dialect, { at, before: count, after: count })
}

/**
 * Comments an entry out: by the mark that was taken off it in this document, else by `#<off># ` where the file uses
 * that or a bare `#` would not be known again for an entry, else by `#`. The lines on which the entry goes on are
 * marked too: BSD's inetd would read them as an entry of their own.
 */
export function disable(document: InetdDocument, dialect: Dialect, at: number): Edited {
  const line = document.lines[at]
  if (line?.kind !== 'entry') return refuse({ reason: 'notAnEntry' })
  if (endsEarly(line)) return refuse({ reason: 'outOfReach' })
  // busybox takes what follows the backslash of a comment for the comment's.
  const count = dialect === 'busybox' ? 1 : entryCount(document, dialect, at)
  const style = line.wore ?? (usesOff(document) ? OFF : '#')
  const isPlain = count === 1 && isEntryLike(line.fields)
  const mark = isPlain && isDisabledBy(style, line) ? style : OFF
  const lines: InetdLine[] = []
  for (const [index, one] of document.lines.slice(at, at + count).entries()) {
    lines.push(scanLine({ text: (index === 0 ? mark : OFF) + one.text, eol: one.eol }, lines.at(-1)))
  }
  // NetBSD's statements go on at the margin; their lines would not be known for one entry again.
  if (lines.slice(1).some(({ kind }) => kind !== 'disabledMore')) return refuse({ reason: 'outOfReach' })
  const next = withLines(document, at, count, lines)
  if (goesOn(dialect) && next.lines[at + count]?.kind === 'disabledMore')
    return refuse({ reason: 'changesOthers' })
  return checked(document, next, dialect, { at, before: count, after: count })
}

/** Takes an entry out, enabled or not, with the lines on which it goes on. */
export function removeEntry(document: InetdDocument, dialect: Dialect, at: number): Edited {
  const kind = document.lines[at]?.kind
  if (kind !== 'entry' && kind !== 'disabled') return refuse({ reason: 'notAnEntry' })
  const count = kind === 'entry' ? entryCount(document, dialect, at) : disabledCount(document, dialect, at)
  return checked(document, withLines(document, at, count, []), dialect, { at, before: count, after: 0 })
}

/**
 * Adds an entry before the line `at` (`document.lines.length`: at the end), in the columns of its neighbours.
 * @param words service, socket type, protocol, wait, user, program, then the program's arguments
 */
export function addEntry(
  document: InetdDocument,
  dialect: Dialect,
  at: number,
  words: readonly string[],
): Edited {
  const spelt: string[] = []
  for (const word of words) {
    const one = spelled(word, dialect)
    if (one === null) return refuse({ reason: 'cannotStand', value: word })
    spelt.push(one)
  }
  const text = laidOut(spelt, document, at)
  // Every daemon but GNU's takes a carriage return for the last letter of the last argument.
  const eol = dialect === 'inetutils' ? eolOf(document) : '\n'
  const fresh = scanLine({ text, eol }, undefined)
  if (fresh.kind !== 'entry' || JSON.stringify(wordsIn(text, dialect)) !== JSON.stringify(words)) {
    return refuse({ reason: 'cannotStand', value: words[0] ?? '' })
  }
  const outcome = readEntry(words, dialect)
  if (outcome.kind === 'refused') {
    return refuse({ reason: 'daemonRefuses', refusal: outcome.refusal.reason, value: outcome.refusal.value })
  }
  const [warning] = outcome.entry.warnings
  if (warning !== undefined) return refuse({ reason: 'takenOtherwise', warning })
  const place = Math.max(0, Math.min(at, document.lines.length))
  const before = document.lines
    .slice(0, place)
    .map((line, index) => (index === place - 1 ? endLine(line, eolOf(document)) : line))
  const next = { lines: [...before, fresh, ...document.lines.slice(place)] }
  const reading = readEntries(next, dialect).find(({ from }) => from === place)
  if (reading?.to !== place + 1) return refuse({ reason: 'changesOthers' })
  if (reading.outcome.kind === 'refused') {
    // An `addr:` line above may leave it without an address of its family.
    const { reason, value } = reading.outcome.refusal
    return refuse({ reason: 'daemonRefuses', refusal: reason, value })
  }
  return checked({ lines: [...before, ...document.lines.slice(place)] }, next, dialect, {
    at: place,
    before: 0,
    after: 1,
  })
}

function usesOff({ lines }: InetdDocument): boolean {
  return lines.some((line) => line.kind === 'disabled' && line.mark === OFF)
}

/** To a daemon in C the line ends there; what it then is, no edit of ours should decide. */
function endsEarly({ text }: InetdLine): boolean {
  return text.includes('\0')
}

function isDisabledBy(mark: string, { text, eol }: InetdLine): boolean {
  const line = scanLine({ text: mark + text, eol }, undefined)
  return line.kind === 'disabled' && line.mark === mark
}

function entryCount(document: InetdDocument, dialect: Dialect, at: number): number {
  const readings = readEntries(document, dialect).filter(({ from }) => from === at)
  if (readings.length > 0) return Math.max(1, ...readings.slice(0, 2).map(({ to }) => to - at))
  // A daemon that ends further up reads none of it.
  let count = 1
  while (goesOn(dialect) && document.lines[at + count]?.kind === 'indented') count += 1
  return count
}

/** Whether an indented line goes on with the entry above. */
function goesOn(dialect: Dialect): boolean {
  return dialect === 'freebsd' || dialect === 'netbsd' || dialect === 'openbsd'
}

/** In dialects that take each line for itself nothing was disabled along. */
function disabledCount({ lines }: InetdDocument, dialect: Dialect, at: number): number {
  if (!goesOn(dialect)) return 1
  let count = 1
  while (lines[at + count]?.kind === 'disabledMore') count += 1
  return count
}

/** The lines below are looked at anew as far as what stands above them tells what they are. */
function withLines(
  { lines }: InetdDocument,
  at: number,
  count: number,
  wanted: readonly InetdLine[],
): InetdDocument {
  const next = [...lines.slice(0, at), ...wanted, ...lines.slice(at + count)]
  for (let below = at + wanted.length; below < next.length; below++) {
    const line = next[below]
    if (line === undefined || !line.text.startsWith(OFF)) break
    next[below] = scanLine(line, next[below - 1])
  }
  return { lines: next }
}
