import type { Line } from '../line'
import { withWord } from '../words'
import type { Attribute, BodyLine, Malformed, Operator } from './document'

/*
 * The daemon's reading of one line (parsesup.c): C strings, so a NUL ends the line; isspace() of the C locale
 * where it skips white space; blanks and tabs alone where it splits words.
 */

const HASH = 35
const PLUS = 43
const MINUS = 45
const EQUALS = 61

/** The part of a line that a C string holds. */
export function visible(text: string): string {
  return text.slice(0, visibleEnd(text))
}

function visibleEnd(text: string): number {
  const nul = text.indexOf('\0')
  return nul === -1 ? text.length : nul
}

/** Words as str_parse(" \t") gives them. */
export function words(text: string, from = 0, end = text.length): readonly string[] {
  let found: string[] = []
  let at = from
  for (;;) {
    while (at < end && isBlank(text.charCodeAt(at))) at += 1
    if (at >= end) return found
    const start = at
    while (at < end && !isBlank(text.charCodeAt(at))) at += 1
    found = withWord(found, text.slice(start, at))
  }
}

export function blankOrComment({ text }: Line): 'blank' | 'comment' | null {
  return passiveAt(text, skipSpace(text, 0))
}

function passiveAt(text: string, at: number): 'blank' | 'comment' | null {
  if (isEnd(text, at)) return 'blank'
  return text.charCodeAt(at) === HASH ? 'comment' : null
}

/** Whether the brace stands there once and nothing else does. */
export function isBrace({ text }: Line, brace: '{' | '}'): boolean {
  const at = skipSpace(text, 0)
  return text.charCodeAt(at) === brace.charCodeAt(0) && isEnd(text, skipSpace(text, at + 1))
}

export function scanBodyLine({ text, eol }: Line): BodyLine {
  const at = skipSpace(text, 0)
  const passive = passiveAt(text, at)
  return passive === null ? scanAttribute(text, eol, at) : { kind: passive, text, eol }
}

/** A name, white space, an operator, values. */
function scanAttribute(text: string, eol: string, nameAt: number): Attribute | Malformed {
  const end = visibleEnd(text)
  const nameEnd = skipName(text, nameAt, end)
  const operatorAt = skipSpace(text, nameEnd)
  if (text.charCodeAt(nameEnd) === EQUALS)
    return { kind: 'malformed', text, eol, reason: 'noSpaceBeforeOperator' }
  if (operatorAt === end) return { kind: 'malformed', text, eol, reason: 'nothingAfterName' }
  const operator = operatorIn(text, operatorAt)
  if (operator === null) return { kind: 'malformed', text, eol, reason: 'badOperator' }
  const valuesAt = operatorAt + operator.length
  return {
    kind: 'attribute',
    text,
    eol,
    name: text.slice(nameAt, nameEnd),
    operator,
    values: words(text, valuesAt, end),
    nameAt,
    operatorAt,
    valuesAt,
  }
}

function operatorIn(text: string, at: number): Operator | null {
  const code = text.charCodeAt(at)
  if (code === EQUALS) return '='
  if (text.charCodeAt(at + 1) !== EQUALS) return null
  return code === PLUS ? '+=' : code === MINUS ? '-=' : null
}

function isEnd(text: string, at: number): boolean {
  return at === text.length || text.charCodeAt(at) === 0
}

/** A name ends at white space, at a `=` or with the line. */
function skipName(text: string, from: number, end: number): number {
  let at = from
  for (; at < end; at++) {
    const code = text.charCodeAt(at)
    if (code === EQUALS || isSpace(code)) break
  }
  return at
}

function skipSpace(text: string, from: number): number {
  let at = from
  while (at < text.length && isSpace(text.charCodeAt(at))) at += 1
  return at
}

/** isspace(3) of the C locale, but for the newline, which no line holds. */
function isSpace(code: number): boolean {
  return code === 32 || code === 9 || (code >= 11 && code <= 13)
}

function isBlank(code: number): boolean {
  return code === 32 || code === 9
}
