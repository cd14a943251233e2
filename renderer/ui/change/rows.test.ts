import { describe, expect, it } from 'vitest'
import { diffHunks } from '../../../shared/model/change'
import { rowsOf } from './rows'

const rows = (before: string, after: string) => diffHunks(before, after).flatMap((hunk) => rowsOf(hunk))

describe('rowsOf', () => {
  it('numbers the lines of both sides', () => {
    expect(
      rows('a\nb\nc\n', 'a\nX\nc\nd\n').map(({ kind, oldLine, newLine }) => [kind, oldLine, newLine]),
    ).toEqual([
      ['context', 1, 1],
      ['removed', 2, null],
      ['added', null, 2],
      ['context', 3, 3],
      ['added', null, 4],
    ])
  })

  it('marks what differs between a line and the one that replaces it', () => {
    const [removed, added] = rows('\tdisable\t\t= yes\n', '\tdisable\t\t= no\n')
    expect(removed?.text.slice(...(removed.accent ?? [0, 0]))).toBe('yes')
    expect(added?.text.slice(...(added.accent ?? [0, 0]))).toBe('no')
  })

  it('marks nothing where lines have little in common, or do not pair', () => {
    expect(rows('abcdef\n', 'uvwxyz\n').every(({ accent }) => accent === null)).toBe(true)
    expect(rows('disable = yes\n', 'disable = no\nmore\n').every(({ accent }) => accent === null)).toBe(true)
  })
})
