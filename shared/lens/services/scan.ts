import type { Line } from '../line'
import type { Entry, Malformed, Node, Reading } from './document'

/*
 * One line as Debian's glibc 2.36 reads it: nss_readline.c takes leading white space, empty lines and comments away;
 * files-parse.c (STRING_FIELD, INT_FIELD, parse_list) and files-service.c take the rest apart. C strings: a NUL ends the
 * line. White space is isspace(3) of the C locale, a carriage return among it.
 */

export function scan({ text, eol }: Line): Node {
  const nul = text.indexOf('\0')
  const end = nul === -1 ? text.length : nul
  const start = skipSpace(text, 0, end)
  if (start === end) return { kind: 'blank', text, eol }
  if (text[start] === '#') return { kind: 'comment', text, eol }
  const hash = text.indexOf('#')
  const hasComment = hash !== -1 && hash < end
  if (hasComment) return entryOr(read(text, start, hash), text, eol, text.slice(hash, end), end)

  const seen = nul === -1 ? text + eol.replace('\n', '') : text.slice(0, nul)
  const entry = entryOr(read(seen, start, seen.length), text, eol, null, end)
  const echo = nul !== -1 || !eol.endsWith('\n') ? seen.slice(seen.length - start) : ''
  return skipSpace(echo, 0, echo.length) === echo.length
    ? entry
    : misread(seen.slice(start) + echo, text, eol)
}

function misread(seen: string, text: string, eol: string): Node {
  const found = read(seen, 0, seen.length)
  if (typeof found === 'string') return { kind: 'malformed', reason: found, text, eol }
  const { name, port, protocol, aliases } = found
  return { kind: 'misread', name, port, protocol, aliases, text, eol }
}

type Found = Reading &
  Pick<Entry, 'nameAt' | 'portAt' | 'portEnd' | 'protocolAt' | 'aliasesAt' | 'aliasesEnd'>

function entryOr(
  found: Found | Malformed['reason'],
  text: string,
  eol: string,
  comment: string | null,
  end: number,
): Node {
  if (typeof found === 'string') return { kind: 'malformed', reason: found, text, eol }
  const commentAt = end - (comment?.length ?? 0)
  return { kind: 'entry', ...found, comment, commentAt, commentEnd: end, text, eol }
}

/** As strtoull(3) of base 0 takes it: files-service.c passes `10, 0` for `swallow, base`, so that `0x50` is 80 and `080` no number. */
const NUMBER = /([+-]?)(?:(0[xX])([0-9a-fA-F]+)|(0)([0-7]*)|([1-9][0-9]*))/y

function read(text: string, nameAt: number, end: number): Found | Malformed['reason'] {
  const nameEnd = skipWord(text, nameAt, end)
  const name = text.slice(nameAt, nameEnd)
  const portAt = skipSpace(text, nameEnd, end)
  if (portAt === end) return 'portMissing'
  NUMBER.lastIndex = portAt
  const number = NUMBER.exec(text)
  if (number === null) return 'portNotANumber'
  const [whole, sign = '', hex, hexDigits, octal, octalDigits, digits = ''] = number
  const port = portOf(sign, hex ?? octal ?? '', hexDigits ?? octalDigits ?? digits)
  if (port === null) return 'portTooBig'
  const portEnd = portAt + whole.length
  if (portEnd === end) {
    const place = { nameAt, portAt, portEnd, protocolAt: null, aliasesAt: portEnd, aliasesEnd: portEnd }
    return { name, port, protocol: '', aliases: [], ...place }
  }
  if (text[portEnd] !== '/') return 'noSlashBehindPort'
  let protocolAt = portEnd + 1
  while (text[protocolAt] === '/' && protocolAt < end) protocolAt += 1
  const protocolEnd = skipWord(text, protocolAt, end)
  const protocol = text.slice(protocolAt, protocolEnd)
  const { aliases, aliasesAt, aliasesEnd } = readAliases(text, protocolEnd, end)
  return { name, port, protocol, aliases, nameAt, portAt, portEnd, protocolAt, aliasesAt, aliasesEnd }
}

function readAliases(
  text: string,
  from: number,
  end: number,
): Pick<Found, 'aliases' | 'aliasesAt' | 'aliasesEnd'> {
  const aliases: string[] = []
  let aliasesAt = from
  let aliasesEnd = from
  for (let at = skipSpace(text, from, end); at < end; at = skipSpace(text, aliasesEnd, end)) {
    if (aliases.length === 0) aliasesAt = at
    aliasesEnd = skipWord(text, at, end)
    aliases.push(text.slice(at, aliasesEnd))
  }
  return { aliases, aliasesAt, aliasesEnd }
}

/**
 * strtoull(3), of which htons keeps the low 16 bits; null: more than 32 bits. Debian's glibc passes such a line over
 * (its patch any/local-nss-overflow.diff); glibc itself takes it for 65535 (strtou32).
 */
function portOf(sign: string, prefix: string, digits: string): number | null {
  const magnitude = digits.replace(/^0+/, '')
  // 2^64 has 22 octal digits; more than that is out of range, and slow to turn into a number.
  if (magnitude.length > 22) return null
  const base = prefix === '' ? '' : prefix === '0' ? '0o' : '0x'
  const value = magnitude === '' ? 0n : BigInt(base + magnitude)
  if (value >= 2n ** 64n) return null
  const wrapped = sign === '-' ? BigInt.asUintN(64, -value) : value
  return wrapped > 0xffffffffn ? null : Number(wrapped & 0xffffn)
}

export function isSpace(code: number): boolean {
  return code === 32 || (code >= 9 && code <= 13)
}

function skipSpace(text: string, from: number, end: number): number {
  let at = from
  while (at < end && isSpace(text.charCodeAt(at))) at += 1
  return at
}

function skipWord(text: string, from: number, end: number): number {
  let at = from
  while (at < end && !isSpace(text.charCodeAt(at))) at += 1
  return at
}
