import type { Line } from '../line'

/** The library's buffer for one line with its newline and NUL (hosts_access.c, BUFLEN). */
const ROOM = 2048

export type Read = {
  readonly lines: readonly Line[]
  readonly logical: string
  readonly end: 'newline' | 'fileEnd' | 'lineTooLong'
}

/** Joins lines as misc.c, xgets does: over a backslash before the newline, and over a newline behind a NUL. */
export function readAt(lines: readonly Line[], start: number): Read {
  let logical = ''
  let room = ROOM
  for (let at = start; at < lines.length; at++) {
    const line = lines[at]
    if (line === undefined) break
    const text = textOf(line)
    if (!fits(line, room - 1)) return { lines: lines.slice(start), logical, end: 'lineTooLong' }
    const isEnded = line.eol.endsWith('\n') && !text.includes('\0')
    if (isEnded && !text.endsWith('\\')) {
      return { lines: lines.slice(start, at + 1), logical: logical + text, end: 'newline' }
    }
    const kept = keptOf(line)
    logical += kept
    room -= byteLength(kept)
  }
  return { lines: lines.slice(start), logical, end: 'fileEnd' }
}

/** What the library keeps of a line. */
export function keptOf(line: Line): string {
  const text = textOf(line)
  const nul = text.indexOf('\0')
  if (nul !== -1) return text.slice(0, nul)
  return line.eol.endsWith('\n') && text.endsWith('\\') ? text.slice(0, -1) : text
}

/** The line without its newline; a carriage return belongs to it. */
function textOf({ text, eol }: Line): string {
  return eol.startsWith('\r') ? `${text}\r` : text
}

function fits({ text, eol }: Line, room: number): boolean {
  // A letter is one to three bytes: only where these disagree they are counted.
  if (text.length + eol.length > room) return false
  return 3 * text.length + eol.length <= room || byteLength(text) + eol.length <= room
}

/** How many bytes the host's file holds for a text; see shared/codec. */
function byteLength(text: string): number {
  let bytes = 0
  for (let at = 0; at < text.length; at++) {
    const unit = text.charCodeAt(at)
    // Half of a pair is 2 of its 4 bytes; an escaped byte that stands alone is 1.
    if (unit < 0x80) bytes += 1
    else if (unit < 0x800) bytes += 2
    else if (unit < 0xd800 || unit > 0xdfff) bytes += 3
    else if (unit < 0xdc00 || isHigh(text.charCodeAt(at - 1))) bytes += 2
    else bytes += 1
  }
  return bytes
}

function isHigh(unit: number): boolean {
  return unit >= 0xd800 && unit < 0xdc00
}
