import type { Line } from '../line'
import { splitLines } from '../line'
import { isEntryLike, markOf, OFF } from './disabled'
import type { Field, InetdDocument, InetdLine } from './document'

export function parse(text: string): InetdDocument {
  const lines: InetdLine[] = []
  for (const line of splitLines(text)) lines.push(scanLine(line, lines.at(-1)))
  return { lines }
}

/** What a line is, given the one above it. */
export function scanLine({ text, eol }: Line, above: InetdLine | undefined): InetdLine {
  const line: Line = { text, eol }
  const first = text.charCodeAt(0)
  if (first === 35 /* # */) return scanComment(line, above)
  const fields = fieldsIn(text, 0)
  const [head, ...more] = fields.slice(0, 2)
  if (head === undefined) return { kind: 'blank', ...line }
  if (first === 32 || first === 9) return { kind: 'indented', ...line, fields }
  if (head.text.endsWith(':') && more.length === 0) {
    return { kind: 'address', ...line, address: head.text.slice(0, -1) }
  }
  if (head.text === '.include') {
    return { kind: 'include', ...line, pattern: more[0]?.text ?? '' }
  }
  return { kind: 'entry', ...line, fields, wore: null }
}

function scanComment(line: Line, above: InetdLine | undefined): InetdLine {
  const { text } = line
  if (text.startsWith('#@')) return { kind: 'policy', ...line, policy: text.slice(2).trim() }
  if (
    (above?.kind === 'disabled' || above?.kind === 'disabledMore') &&
    above.mark === OFF &&
    text.startsWith(OFF) &&
    (text[OFF.length] === ' ' || text[OFF.length] === '\t')
  ) {
    return { kind: 'disabledMore', ...line, mark: OFF }
  }
  const mark = markOf(text)
  // The rule needs no more than these, and a long comment is not to be split for nothing.
  const beginning = fieldsIn(text, mark.length, 6)
  const isOff = mark === OFF && beginning.length > 0
  if (!isOff && !isEntryLike(beginning)) return { kind: 'comment', ...line }
  return { kind: 'disabled', ...line, mark, fields: fieldsIn(text, mark.length) }
}

/** Words from a place on, split at blanks and tabs. */
export function fieldsIn(text: string, from: number, most = Infinity): readonly Field[] {
  const fields: Field[] = []
  let at = from
  while (fields.length < most) {
    while (isBlank(text, at)) at += 1
    if (at >= text.length) break
    const start = at
    while (at < text.length && !isBlank(text, at)) at += 1
    fields.push({ text: text.slice(start, at), at: start })
  }
  return fields
}

function isBlank(text: string, at: number): boolean {
  const code = text.charCodeAt(at)
  return code === 32 || code === 9
}
