import type { Dialect, InetdDocument, InetdLine } from './document'
import type { Edited } from './edited'
import { checked, refuse } from './edited'
import type { Entry, Outcome } from './entry'
import { scanLine } from './parse'
import { readEntries, readEntry } from './read'
import type { Word } from './read/words'
import { wordAt, wordsIn } from './read/words'
import { spelled } from './spell'

const FIELDS = ['service', 'socketType', 'protocol', 'wait', 'user', 'program'] as const

/** A column of inetd.conf(5). `service` is written with its address, `user` with group and class, as one word. */
export type FieldName = (typeof FIELDS)[number]

/** Writes another word in one column of an entry, enabled or not; all else of its line stays. */
export function setField(
  document: InetdDocument,
  dialect: Dialect,
  at: number,
  field: FieldName,
  value: string,
): Edited {
  return rewrite(document, dialect, at, (words) => {
    const word = words[FIELDS.indexOf(field)]
    return word === undefined ? null : { from: word.from, to: word.to, values: [value] }
  })
}

/** Makes the arguments of an entry's program these, its own name first. */
export function setArguments(
  document: InetdDocument,
  dialect: Dialect,
  at: number,
  values: readonly string[],
): Edited {
  return rewrite(document, dialect, at, (words) => {
    const program = words[FIELDS.length - 1]
    const from = words[FIELDS.length]?.from ?? program?.to
    return from === undefined ? null : { from, to: words.at(-1)?.to ?? from, values }
  })
}

type Change = { readonly from: number; readonly to: number; readonly values: readonly string[] }

function rewrite(
  document: InetdDocument,
  dialect: Dialect,
  at: number,
  changeOf: (words: readonly Word[]) => Change | null,
): Edited {
  const line = document.lines[at]
  if (line?.kind !== 'entry' && line?.kind !== 'disabled') return refuse({ reason: 'notAnEntry' })
  const mark = line.kind === 'disabled' ? line.mark : ''
  const body = line.text.slice(mark.length)
  const words = placesIn(body, dialect)
  const change = words === null || goesOn(document, dialect, at) ? null : changeOf(words)
  if (words === null || change === null) return refuse({ reason: 'outOfReach' })
  const spelt: string[] = []
  for (const value of change.values) {
    const one = spelled(value, dialect)
    if (one === null) return refuse({ reason: 'cannotStand', value })
    spelt.push(one)
  }
  const isAppended = words.every(({ from }) => from !== change.from) && spelt.length > 0
  const text = body.slice(0, change.from) + (isAppended ? ' ' : '') + spelt.join(' ') + body.slice(change.to)
  if (text === body) return { kind: 'edited', document }
  const wanted = [
    ...words.filter(({ to }) => to <= change.from),
    ...change.values.map((word) => ({ word })),
    ...words.filter(({ from }) => from >= change.to),
  ].map(({ word }) => word)
  // A carriage return at the end would be the last letter of a word that is ours; behind a comment it is the comment's.
  const isLast = body.slice(change.to).trim() === ''
  const eol = isLast && dialect !== 'inetutils' ? line.eol.replace('\r', '') : line.eol
  const next = scanLine({ text: mark + text, eol }, undefined)
  if (!isKept(line, next) || JSON.stringify(wordsIn(text, dialect)) !== JSON.stringify(wanted)) {
    return refuse({ reason: 'cannotStand', value: change.values[0] ?? '' })
  }
  const kept: InetdLine = next.kind === 'entry' && line.kind === 'entry' ? { ...next, wore: line.wore } : next
  const edited = { lines: document.lines.map((one, index) => (index === at ? kept : one)) }
  const old = outcomeAt(
    document,
    dialect,
    at,
    words.map(({ word }) => word),
  )
  const now = outcomeAt(edited, dialect, at, wanted)
  if (now.kind === 'refused') {
    return refuse({ reason: 'daemonRefuses', refusal: now.refusal.reason, value: now.refusal.value })
  }
  const warning = now.entry.warnings.find((one) => !hasWarning(old, one))
  if (warning !== undefined) return refuse({ reason: 'takenOtherwise', warning })
  return checked(document, edited, dialect, { at, before: 1, after: 1 })
}

/** The same kind of line, by the same mark. */
function isKept(line: InetdLine, next: InetdLine): boolean {
  if (line.kind === 'disabled') return next.kind === 'disabled' && next.mark === line.mark
  return next.kind === line.kind
}

/**
 * Where the words stand. GNU's argcv has no places for us: with quotes in the line it is left alone, and so is every
 * line in which a C string ends before it does.
 */
function placesIn(text: string, dialect: Dialect): readonly Word[] | null {
  if (text.includes('\0')) return null
  if (dialect === 'inetutils' && /["']/.test(text)) return null
  const quoting = dialect === 'freebsd' ? 'whole' : dialect === 'netbsd' ? 'shell' : 'none'
  const end = dialect === 'busybox' && text.includes('#') ? text.indexOf('#') : text.length
  const words: Word[] = []
  const visible = text.slice(0, end)
  for (let word = wordAt(visible, 0, quoting); word !== null; word = wordAt(visible, word.next, quoting)) {
    words.push(word)
  }
  return words
}

function goesOn({ lines }: InetdDocument, dialect: Dialect, at: number): boolean {
  if (lines[at + 1]?.kind === 'disabledMore') return true
  if (lines[at]?.kind !== 'entry') return false
  const reading = readEntries({ lines }, dialect).find(({ from }) => from === at)
  return reading !== undefined && reading.to > at + 1
}

/** What the daemon makes of the line; of a disabled one what it would. */
function outcomeAt(document: InetdDocument, dialect: Dialect, at: number, words: readonly string[]): Outcome {
  const reading = readEntries(document, dialect).find(({ from }) => from === at)
  return reading?.outcome ?? readEntry(words, dialect)
}

function hasWarning(outcome: Outcome, warning: Entry['warnings'][number]): boolean {
  return (
    outcome.kind === 'entry' &&
    outcome.entry.warnings.some((one) => JSON.stringify(one) === JSON.stringify(warning))
  )
}
