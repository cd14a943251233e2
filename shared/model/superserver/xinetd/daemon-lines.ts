import { decode, encode } from '../../../codec'
import type { Line } from '../../../lens/line'
import { splitLines } from '../../../lens/line'

/** A line as the daemon gets it, and on which line of the file (from 1) it stands. */
export type DaemonLine = Line & { readonly number: number }

/** Size of the buffer through which xinetd reads (sio, SIO_BUFFER_SIZE; measured on 2.3.15.3). */
const BUFFER = 8192

/**
 * The lines of a file as the daemon's reader (sio.c, Srdline) gives them. A line is cut where two buffers are full,
 * or one when the line begins with it; the byte before the cut is lost, and what follows is a line of its own.
 */
export function daemonLines(text: string): readonly DaemonLine[] {
  const lines = splitLines(text)
  if (lines.every((line) => line.text.length < BUFFER / 3))
    return lines.map((line, at) => ({ ...line, number: at + 1 }))
  let offset = 0
  return lines.flatMap((line, at) => {
    const bytes = encode(line.text + line.eol)
    const pieces = cut(bytes, offset)
    offset += bytes.length
    if (pieces.length === 1) return [{ ...line, number: at + 1 }]
    return pieces.flatMap((piece) => splitLines(decode(piece))).map((piece) => ({ ...piece, number: at + 1 }))
  })
}

function cut(bytes: Uint8Array, offset: number): readonly Uint8Array[] {
  const pieces: Uint8Array[] = []
  let start = 0
  while (start < bytes.length) {
    const at = offset + start
    const limit = (Math.floor(at / BUFFER) + (at % BUFFER === 0 ? 1 : 2)) * BUFFER - offset
    if (limit >= bytes.length) {
      pieces.push(bytes.subarray(start))
      break
    }
    pieces.push(bytes.subarray(start, limit - 1))
    start = limit
  }
  return pieces
}

/** Whether the line fills a buffer, so that the daemon may cut it, or has. */
export function mayBeCut(line: Line): boolean {
  return line.text.length >= BUFFER / 3 && encode(line.text).length >= BUFFER - 1
}
