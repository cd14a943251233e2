import fc from 'fast-check'
import { describe, expect, it, vi } from 'vitest'
import { PieceNames } from './piece-names'

const nonce = 'a1b2'
const mark = `${nonce} P `

function heard(chunks: readonly Buffer[]): readonly string[] {
  const names: string[] = []
  const pieces = new PieceNames(nonce, (name) => names.push(name))
  for (const chunk of chunks) pieces.hear(chunk)
  return names
}

describe('names of pieces', () => {
  it('are those of whole lines that begin with the mark, wherever the chunks are cut', () => {
    const line = fc.oneof(
      fc.constantFrom(
        '',
        'x',
        mark,
        `${mark}list`,
        ` ${mark}no`,
        `${mark}größe`,
        nonce,
        `${nonce} P`,
        'a1b2 X 3',
      ),
      fc.string({ maxLength: 12 }).map((text) => text.replaceAll('\n', '')),
    )
    fc.assert(
      fc.property(fc.array(line), fc.array(fc.nat(40)), (lines, cuts) => {
        const text = Buffer.from(lines.join('\n'))
        const chunks: Buffer[] = []
        let at = 0
        for (const cut of cuts) chunks.push(text.subarray(at, (at = Math.min(text.length, at + cut))))
        chunks.push(text.subarray(at))
        const expected = lines
          .slice(0, -1)
          .filter((one) => one.startsWith(mark) && one.length > mark.length)
          .map((one) => one.slice(mark.length))
        expect(heard(chunks)).toEqual(expected)
      }),
    )
  })

  it('cost each byte of an endless line once: nothing of it is held or copied again', () => {
    const concat = vi.spyOn(Buffer, 'concat')
    try {
      for (const begin of ['', mark]) {
        const names: string[] = []
        const pieces = new PieceNames(nonce, (name) => names.push(name))
        pieces.hear(Buffer.from(begin))
        concat.mockClear()
        const chunk = Buffer.alloc(64, 'x')
        let held = 0
        for (let i = 0; i < 20_000; i += 1) {
          pieces.hear(chunk)
          held = Math.max(held, pieces.held)
        }
        const copied = concat.mock.results.reduce(
          (sum, { value }) => sum + (Buffer.isBuffer(value) ? value.length : 0),
          0,
        )
        expect(held).toBeLessThan(300)
        expect(copied).toBeLessThan(2_000)
        pieces.hear(Buffer.from(`\n${mark}next\n`))
        expect(names).toEqual(['next'])
      }
    } finally {
      concat.mockRestore()
    }
  })
})
