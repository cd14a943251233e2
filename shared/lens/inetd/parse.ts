import type { Line } from '../line'
import { splitLines } from '../line'
import { isEntryLike, markOf, OFF } from './disabled'
import type { Field, InetdDocument, InetdLine } from './document'

export function parse(text: string): InetdDocument {
  const lines: InetdLine[] = []
  let above: InetdLine | undefined
  for (const line of splitLines(text)) {
    above = scanLine(line, above)
    lines.push(above)
  }
  return { lines }
}

/** What a line is, given the one above it. */
export function scanLine({ text, eol }: Line, above: InetdLine | undefined): InetdLine {
  if (text.startsWith('#')) return scanComment(text, eol, above)
  const fields = fieldsIn(text, 0)
  const head = fields[0]
  if (head === undefined) return { kind: 'blank', text, eol }
  if (head.at > 0) return { kind: 'indented', text, eol, fields }
  if (fields.length === 1 && head.text.endsWith(':')) {
    return { kind: 'address', text, eol, address: head.text.slice(0, -1) }
  }
  if (head.text === '.include') return { kind: 'include', text, eol, pattern: fields[1]?.text ?? '' }
  return { kind: 'entry', text, eol, fields, wore: null }
}

function scanComment(text: string, eol: string, above: InetdLine | undefined): InetdLine {
  if (text.startsWith('#@')) return { kind: 'policy', text, eol, policy: text.slice(2).trim() }
  if (
    (above?.kind === 'disabled' || above?.kind === 'disabledMore') &&
    above.mark === OFF &&
    text.startsWith(OFF) &&
    (text[OFF.length] === ' ' || text[OFF.length] === '\t')
  ) {
    return { kind: 'disabledMore', text, eol, mark: OFF }
  }
  const mark = markOf(text)
  // The rule needs no more than these, and a long comment is not to be split for nothing.
  const beginning = fieldsIn(text, mark.length, 6)
  const isOff = mark === OFF && beginning.length > 0
  if (!isOff && !isEntryLike(beginning)) return { kind: 'comment', text, eol }
  return { kind: 'disabled', text, eol, mark, fields: fieldsIn(text, mark.length) }
}

/** Words from a place on, split at blanks and tabs. */
export function fieldsIn(text: string, from: number, most = Infinity): readonly Field[] {
  const fields: Field[] = []
  let at = from
  while (fields.length < most) {
    while (at < text.length && isBlank(text.charCodeAt(at))) at += 1
    if (at >= text.length) break
    const start = at
    while (at < text.length && !isBlank(text.charCodeAt(at))) at += 1
    fields.push({ text: text.slice(start, at), at: start })
  }
  return fields
}

function isBlank(code: number): boolean {
  return code === 32 || code === 9
}
