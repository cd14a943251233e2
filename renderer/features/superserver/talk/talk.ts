import { decode, encode } from '../../../../shared/codec'

/** How what is sent and heard is written. */
export type Notation = 'text' | 'hex'

const escapes: Readonly<Record<string, string>> = { n: '\n', r: '\r', t: '\t', '0': '\0', '\\': '\\' }

/** As hexadecimal digits; null: it cannot be read. Text knows `\r`, `\n`, `\t`, `\0`, `\\` and `\xHH`. */
export function toHex(written: string, notation: Notation): string | null {
  if (notation === 'hex') {
    const digits = written.replaceAll(/[\s:]/g, '').toLowerCase()
    return /^([0-9a-f]{2})*$/.test(digits) ? digits : null
  }
  const parts = written.split(/(\\x[0-9a-fA-F]{2}|\\.)/)
  let hex = ''
  for (const part of parts) {
    const byte = /^\\x([0-9a-fA-F]{2})$/.exec(part)?.[1]
    const letter = /^\\(.)$/.exec(part)?.[1]
    if (byte !== undefined) hex += byte.toLowerCase()
    else if (letter === undefined) hex += hexOf(part)
    else {
      const plain = escapes[letter]
      if (plain === undefined) return null
      hex += hexOf(plain)
    }
  }
  return hex
}

const hexOf = (text: string): string =>
  Array.from(encode(text), (byte) => byte.toString(16).padStart(2, '0')).join('')

const bytesOf = (hex: string): Uint8Array =>
  Uint8Array.from(hex.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16))

/** What was heard, to be read: UTF-8, with what is no text as its number. */
export function asText(hex: string): string {
  return decode(bytesOf(hex))
    .replaceAll('\r', '')
    .replaceAll(
      /[^\P{Cc}\n\t]|[\udc80-\udcff]/gu,
      (odd) => `\\x${(odd.charCodeAt(0) & 0xff).toString(16).padStart(2, '0')}`,
    )
}

/** Sixteen bytes a line: place, digits, letters. */
export function asDump(hex: string): string {
  const bytes = bytesOf(hex)
  const lines: string[] = []
  for (let at = 0; at < bytes.length; at += 16) {
    const row = Array.from(bytes.subarray(at, at + 16))
    const digits = row.map((byte) => byte.toString(16).padStart(2, '0')).join(' ')
    const letters = row
      .map((byte) => (byte >= 0x20 && byte < 0x7f ? String.fromCharCode(byte) : '.'))
      .join('')
    lines.push(`${at.toString(16).padStart(4, '0')}  ${digits.padEnd(47)}  ${letters}`)
  }
  return lines.join('\n')
}
