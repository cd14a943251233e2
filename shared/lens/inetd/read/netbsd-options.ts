import type { Cursor } from './cursor'

/** `key = value value,` of a NetBSD statement. */
export type Option = { readonly key: string; readonly values: readonly string[] }

/** What stands behind `svc on`: its options to the `;`, and what follows that on its line. null: broken, the file is read no further. */
export type Statement = { readonly options: readonly Option[]; readonly rest: string }

const ESCAPES: Readonly<Record<string, string>> = {
  '\\': '\\',
  n: '\n',
  t: '\t',
  r: '\r',
  "'": "'",
  '"': '"',
}

/** NetBSD's parse_v2.c: parse_invoke_handler() and next_value(). White space, comments and line ends separate. */
export function readOptions(text: string, cursor: Cursor): Statement | null {
  const scanner = { text, at: 0, cursor }
  const options: Option[] = []
  for (;;) {
    if (!skipSpace(scanner)) return null
    const key = keyAt(scanner)
    if (key === null) return null
    const values: string[] = []
    for (;;) {
      if (!skipSpace(scanner)) return null
      const next = scanner.text[scanner.at]
      if (next === ',' || next === ';') break
      const value = valueAt(scanner)
      if (value === null) return null
      values.push(value)
    }
    options.push({ key, values })
    const end = scanner.text[scanner.at]
    scanner.at += 1
    if (end === ';') return { options, rest: scanner.text.slice(scanner.at).replace(/^[ \t\v\f\r]+/, '') }
  }
}

type Scanner = { text: string; at: number; readonly cursor: Cursor }

/** skip_whitespace(): false at the end of the file. */
function skipSpace(scanner: Scanner): boolean {
  for (;;) {
    while (isBlank(scanner.text[scanner.at])) scanner.at += 1
    if (scanner.at < scanner.text.length && scanner.text[scanner.at] !== '#') return true
    const line = scanner.cursor.nextLine()
    if (line === null) return false
    scanner.text = line.text
    scanner.at = 0
  }
}

/** A name and its `=`. A line end must not follow the name at once. */
function keyAt(scanner: Scanner): string | null {
  const start = scanner.at
  while (/[A-Za-z_]/.test(scanner.text[scanner.at] ?? '')) scanner.at += 1
  const key = scanner.text.slice(start, scanner.at)
  const next = scanner.text[scanner.at]
  if (next !== '=' && next !== '#' && !isBlank(next)) return null
  if (next !== '=' && (!skipSpace(scanner) || scanner.text[scanner.at] !== '=')) return null
  scanner.at += 1
  return key
}

function valueAt(scanner: Scanner): string | null {
  const parts: string[] = []
  for (;;) {
    const start = scanner.at
    while (isPlain(scanner.text[scanner.at])) scanner.at += 1
    parts.push(scanner.text.slice(start, scanner.at))
    const quote = scanner.text[scanner.at]
    if (quote !== '"' && quote !== "'") return parts.join('')
    const quoted = quotedAt(scanner, quote)
    if (quoted === null) return null
    parts.push(quoted)
  }
}

/** parse_quotes(): backslash escapes, and no line end within. */
function quotedAt(scanner: Scanner, quote: string): string | null {
  const parts: string[] = []
  for (let at = scanner.at + 1; ;) {
    const character = scanner.text[at]
    if (character === undefined) return null
    if (character === quote) {
      scanner.at = at + 1
      return parts.join('')
    }
    if (character !== '\\') {
      parts.push(character)
      at += 1
      continue
    }
    const escape = scanner.text[at + 1] ?? ''
    const hex = /^[0-9a-fA-F]{2}/.exec(scanner.text.slice(at + 2, at + 4))?.[0]
    const plain = ESCAPES[escape]
    if (escape === 'x' && hex !== undefined) {
      parts.push(String.fromCharCode(Number.parseInt(hex, 16)))
      at += 4
    } else if (plain !== undefined) {
      parts.push(plain)
      at += 2
    } else return null
  }
}

function isPlain(character: string | undefined): boolean {
  return character !== undefined && !isBlank(character) && !'#,;"\''.includes(character)
}

function isBlank(character: string | undefined): boolean {
  return character === ' ' || character === '\t'
}
