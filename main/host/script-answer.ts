import { decode } from '../../shared/codec'
import type { Section } from './script'

export interface Piece {
  /** As given to `wm_piece`; '' for what came before the first. */
  readonly name: string
  readonly bytes: Uint8Array
}

export type SectionAnswer =
  | {
      readonly kind: 'done'
      /** Exit code of its last command, or of `exit`. */
      readonly code: number
      readonly pieces: readonly Piece[]
      readonly stderr: string
    }
  /** Given up after its seconds; the pieces are what it had said by then. */
  | { readonly kind: 'late'; readonly seconds: number; readonly pieces: readonly Piece[] }
  /** The answer ended before it, or within it. */
  | { readonly kind: 'missing' }

export interface ScriptAnswer {
  /** In the order of the script. */
  readonly sections: readonly SectionAnswer[]
  /** The script came to its end. */
  readonly complete: boolean
}

interface Frame {
  readonly kind: string
  readonly words: readonly string[]
  readonly from: number
  readonly to: number
}

/** The mark that stands before each frame of an answer. What comes before the first is noise of rc files. */
export const frameMark = (nonce: string): Uint8Array => Buffer.from(`\n${nonce} `, 'latin1')

/** The mark of the last frame: nothing that follows it is of interest. */
export const endMark = (nonce: string): Uint8Array => Buffer.from(`\n${nonce} Z\n`, 'latin1')

/** Reads what a script of `buildScript` printed; the data between the frames may hold any bytes. */
export function parseScriptAnswer(
  nonce: string,
  sections: readonly Section[],
  answer: Uint8Array,
): ScriptAnswer {
  const frames = [...framesOf(nonce, answer)]
  const said = (frame: Frame) => answer.subarray(frame.from, frame.to)
  const read = (section: Section, index: number): SectionAnswer => {
    const start = frames.findIndex((frame) => frame.kind === 'B' && frame.words[0] === String(index))
    if (start === -1) return { kind: 'missing' }
    const pieces: Piece[] = []
    for (let at = start; at < frames.length; at++) {
      const frame = frames[at]
      if (frame === undefined) break
      switch (frame.kind) {
        case 'B':
          if (at !== start) return { kind: 'missing' }
          pieces.push({ name: '', bytes: said(frame) })
          break
        case 'P':
          pieces.push({ name: frame.words.join(' '), bytes: said(frame) })
          break
        case 'E':
          if (frames[at + 1]?.kind === 'X')
            return { kind: 'done', code: Number(frame.words[1]), pieces, stderr: decode(said(frame)) }
          break
        case 'T':
          return { kind: 'late', seconds: section.seconds, pieces }
        default:
          return { kind: 'missing' }
      }
    }
    return { kind: 'missing' }
  }
  return { sections: sections.map(read), complete: frames.at(-1)?.kind === 'Z' }
}

function* framesOf(nonce: string, answer: Uint8Array): Generator<Frame> {
  const buffer = Buffer.from(answer.buffer, answer.byteOffset, answer.byteLength)
  const mark = frameMark(nonce)
  let at = buffer.indexOf(mark)
  while (at !== -1) {
    const head = buffer.indexOf(0x0a, at + mark.length)
    if (head === -1) return
    const next = buffer.indexOf(mark, head)
    const [kind = '', ...words] = buffer.toString('latin1', at + mark.length, head).split(' ')
    yield {
      kind,
      words,
      from: Math.min(head + 1, next === -1 ? buffer.length : next),
      to: next === -1 ? buffer.length : next,
    }
    at = next
  }
}
