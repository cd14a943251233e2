import type { Line } from '../line'
import type { Attribute, BodyLine, Malformed } from './document'

/*
 * The daemon's reading of one line (parsesup.c): C strings, so a NUL ends the line; isspace() of the C locale
 * where it skips white space; blanks and tabs alone where it splits words.
 */

const ATTRIBUTE = /^([ \t\v\f\r]*)([^ \t\v\f\r=]+)([ \t\v\f\r]+)(\+=|-=|=)/
const NAME_THEN_OPERATOR = /^[ \t\v\f\r]*[^ \t\v\f\r=]*=/
const NAME_ALONE = /^[ \t\v\f\r]*[^ \t\v\f\r=]+[ \t\v\f\r]*$/

/** The part of a line that a C string holds. */
export function visible(text: string): string {
  const nul = text.indexOf('\0')
  return nul === -1 ? text : text.slice(0, nul)
}

/** Words as str_parse(" \t") gives them. */
export function words(text: string): readonly string[] {
  return text.split(/[ \t]+/).filter((word) => word !== '')
}

export function blankOrComment({ text }: Line): 'blank' | 'comment' | null {
  const at = skipSpace(text, 0)
  if (at === text.length || text.charCodeAt(at) === 0) return 'blank'
  return text.charCodeAt(at) === 35 /* # */ ? 'comment' : null
}

/** Whether the brace stands there once and nothing else does. */
export function isBrace({ text }: Line, brace: '{' | '}'): boolean {
  const at = skipSpace(text, 0)
  if (text[at] !== brace) return false
  const end = skipSpace(text, at + 1)
  return end === text.length || text.charCodeAt(end) === 0
}

/** isspace(3) of the C locale, but for the newline, which no line holds. */
function skipSpace(text: string, from: number): number {
  let at = from
  for (; at < text.length; at++) {
    const code = text.charCodeAt(at)
    if (code !== 32 && code !== 9 && (code < 11 || code > 13)) break
  }
  return at
}

export function scanBodyLine(line: Line): BodyLine {
  const passive = blankOrComment(line)
  if (passive !== null) return { kind: passive, ...line }
  return scanAttribute(line)
}

function scanAttribute(line: Line): Attribute | Malformed {
  const text = visible(line.text)
  const match = ATTRIBUTE.exec(text)
  if (match === null) return { kind: 'malformed', ...line, reason: whyMalformed(text) }
  const [whole, lead = '', name = '', gap = '', operator = ''] = match
  return {
    kind: 'attribute',
    ...line,
    name,
    operator: operator === '+=' ? '+=' : operator === '-=' ? '-=' : '=',
    values: words(text.slice(whole.length)),
    nameAt: lead.length,
    operatorAt: lead.length + name.length + gap.length,
    valuesAt: whole.length,
  }
}

function whyMalformed(text: string): Malformed['reason'] {
  if (NAME_THEN_OPERATOR.test(text)) return 'noSpaceBeforeOperator'
  return NAME_ALONE.test(text) ? 'nothingAfterName' : 'badOperator'
}
