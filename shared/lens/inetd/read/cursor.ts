import type { InetdDocument } from '../document'

/** What one fgets gives: a line, or as much of it as the daemon's buffer holds. A NUL hides what follows it, as in every C string. */
export type Chunk = { readonly text: string; readonly isIndented: boolean; readonly line: number }

/** Chunks of at most so many bytes; null: whole lines. A carriage return is a character like any other to every inetd. */
export function chunksOf({ lines }: InetdDocument, most: number | null): readonly Chunk[] {
  const chunks: Chunk[] = []
  for (const [line, { text, eol }] of lines.entries()) {
    const whole = eol.startsWith('\r') ? `${text}\r` : text
    for (const piece of pieces(whole, eol.endsWith('\n'), most)) {
      const nul = piece.indexOf('\0')
      chunks.push({
        text: nul === -1 ? piece : piece.slice(0, nul),
        isIndented: piece.startsWith(' ') || piece.startsWith('\t'),
        line,
      })
    }
  }
  return chunks
}

function pieces(text: string, isEnded: boolean, most: number | null): readonly string[] {
  // No character takes more than three bytes a unit.
  if (most === null || text.length * 3 < most) return [text]
  const cut: string[] = []
  let start = 0
  let size = 0
  for (let at = 0; at < text.length;) {
    const point = text.codePointAt(at) ?? 0
    const bytes = bytesOf(point)
    if (size + bytes > most) {
      cut.push(text.slice(start, at))
      start = at
      size = 0
    }
    size += bytes
    at += point > 0xffff ? 2 : 1
  }
  cut.push(text.slice(start))
  // The newline itself did not fit any more, and is a line of its own.
  if (isEnded && size === most) cut.push('')
  return cut
}

/** In the codec of the app: U+DC80–U+DCFF stand for one byte each. */
function bytesOf(point: number): number {
  if (point < 0x80 || (point >= 0xdc80 && point <= 0xdcff)) return 1
  if (point < 0x800) return 2
  return point > 0xffff ? 4 : 3
}

/** Where a daemon is in its file. */
export type Cursor = {
  readonly nextLine: () => Chunk | null
  /** Whether the next byte of the file is a blank or a tab (`c = getc(fconfig); ungetc`). */
  readonly isNextIndented: () => boolean
  readonly position: () => number
  /** The line after the last one that was read. */
  readonly lineAfter: () => number
}

export function cursorOver(chunks: readonly Chunk[]): Cursor {
  let at = 0
  return {
    nextLine: () => {
      const chunk = chunks[at] ?? null
      if (chunk !== null) at += 1
      return chunk
    },
    isNextIndented: () => chunks[at]?.isIndented ?? false,
    position: () => at,
    lineAfter: () => (chunks[at - 1]?.line ?? -1) + 1,
  }
}
