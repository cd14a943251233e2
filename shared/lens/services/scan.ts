import type { Line } from '../line'
import { withWord } from '../words'
import type { Entry, Malformed, Node } from './document'

/*
 * One line as Debian's glibc 2.36 reads it: nss_readline.c takes leading white space, empty lines and comments away;
 * files-parse.c (STRING_FIELD, INT_FIELD, parse_list) and files-service.c take the rest apart. C strings: a NUL ends the
 * line. White space is isspace(3) of the C locale, a carriage return among it.
 */

export function scan(line: Line): Node {
  const { text, eol } = line
  const nul = text.indexOf('\0')
  const end = nul === -1 ? text.length : nul
  const start = skipSpace(text, 0, end)
  if (start === end) return { kind: 'blank', text, eol }
  const hash = text.indexOf('#')
  if (hash === start) return { kind: 'comment', text, eol }
  if (hash !== -1 && hash < end) return read(text, start, hash, line, text.slice(hash, end), end)

  const seen = nul !== -1 ? text.slice(0, nul) : eol.startsWith('\r') ? `${text}\r` : text
  const isEchoed = start > 0 && (nul !== -1 || !eol.endsWith('\n'))
  const echo = isEchoed ? seen.slice(seen.length - start) : ''
  return skipSpace(echo, 0, echo.length) === echo.length
    ? read(seen, start, seen.length, line, null, end)
    : misread(seen.slice(start) + echo, line)
}

function misread(seen: string, line: Line): Node {
  const found = read(seen, 0, seen.length, line, null, seen.length)
  if (found.kind === 'malformed') return found
  const { name, port, protocol, aliases, text, eol } = found
  return { kind: 'misread', name, port, protocol, aliases, text, eol }
}

/** What glibc makes of a stretch of the text that it sees. */
function read(
  seen: string,
  nameAt: number,
  end: number,
  { text, eol }: Line,
  comment: string | null,
  commentEnd: number,
): Entry | Malformed {
  const nameEnd = skipWord(seen, nameAt, end)
  const portAt = skipSpace(seen, nameEnd, end)
  if (portAt === end) return { kind: 'malformed', reason: 'portMissing', text, eol }
  const number = readPort(seen, portAt, end)
  if (typeof number === 'string') return { kind: 'malformed', reason: number, text, eol }
  const { port, portEnd } = number
  const hasProtocol = portEnd < end
  if (hasProtocol && seen[portEnd] !== '/') {
    return { kind: 'malformed', reason: 'noSlashBehindPort', text, eol }
  }
  let protocolAt = portEnd
  while (seen[protocolAt] === '/' && protocolAt < end) protocolAt += 1
  const protocolEnd = skipWord(seen, protocolAt, end)
  let aliases: string[] = []
  let aliasesAt = protocolEnd
  let aliasesEnd = protocolEnd
  for (let at = skipSpace(seen, protocolEnd, end); at < end; at = skipSpace(seen, aliasesEnd, end)) {
    if (aliases.length === 0) aliasesAt = at
    aliasesEnd = skipWord(seen, at, end)
    aliases = withWord(aliases, seen.slice(at, aliasesEnd))
  }
  return {
    kind: 'entry',
    name: seen.slice(nameAt, nameEnd),
    port,
    protocol: seen.slice(protocolAt, protocolEnd),
    aliases,
    nameAt,
    portAt,
    portEnd,
    protocolAt: hasProtocol ? protocolAt : null,
    aliasesAt,
    aliasesEnd,
    comment,
    commentAt: commentEnd - (comment?.length ?? 0),
    commentEnd,
    text,
    eol,
  }
}

type Port = { readonly port: number; readonly portEnd: number }

/** Digits that surely stay below 2^32. */
const FEW = 9

/** As strtoull(3) of base 0 takes it: files-service.c passes `10, 0` for `swallow, base`, so that `0x50` is 80 and `080` no number. */
const NUMBER = /([+-]?)(?:(0[xX])([0-9a-fA-F]+)|(0)([0-7]*)|([1-9][0-9]*))/y

function readPort(text: string, portAt: number, end: number): Port | Malformed['reason'] {
  // Nearly every line has a plain decimal number, which needs none of the rules for others.
  const digitsEnd = skipDigits(text, portAt, end)
  const isPlain = digitsEnd > portAt && digitsEnd <= portAt + FEW && text[portAt] !== '0'
  if (isPlain) return { port: decimal(text, portAt, digitsEnd) & 0xffff, portEnd: digitsEnd }

  NUMBER.lastIndex = portAt
  const number = NUMBER.exec(text)
  if (number === null) return 'portNotANumber'
  const [whole, sign = '', hex, hexDigits, octal, octalDigits, digits = ''] = number
  const port = portOf(sign, hex ?? octal ?? '', hexDigits ?? octalDigits ?? digits)
  return port === null ? 'portTooBig' : { port, portEnd: portAt + whole.length }
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

function skipDigits(text: string, from: number, end: number): number {
  let at = from
  while (at < end && text.charCodeAt(at) >= 48 /* 0 */ && text.charCodeAt(at) <= 57 /* 9 */) at += 1
  return at
}

function decimal(text: string, from: number, end: number): number {
  let value = 0
  for (let at = from; at < end; at++) value = 10 * value + text.charCodeAt(at) - 48
  return value
}
