import type { Line } from '../line'
import type { Attribute, BodyLine, Malformed } from './document'

/*
 * The daemon's reading of one line (parsesup.c): C strings, so a NUL ends the line; isspace() of the C locale
 * where it skips white space; blanks and tabs alone where it splits words.
 */

const BLANK_OR_COMMENT = /^[ \t\v\f\r]*(#|$)/
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

export function blankOrComment(line: Line): 'blank' | 'comment' | null {
  const match = BLANK_OR_COMMENT.exec(visible(line.text))
  if (match === null) return null
  return match[1] === '#' ? 'comment' : 'blank'
}

export function isBrace(line: Line, brace: '{' | '}'): boolean {
  return visible(line.text).replace(/[ \t\v\f\r]+/g, '') === brace
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
