import { describe, expect, it } from 'vitest'
import { keysymOf } from './keysym'

describe('keysyms', () => {
  it('are the character itself in Latin-1', () => {
    expect(keysymOf(0x41)).toBe(0x41)
    expect(keysymOf(0xe4)).toBe(0xe4)
  })
  it('are Unicode beyond it', () => {
    expect(keysymOf(0x7801)).toBe(0x01007801)
    expect(keysymOf(0x1f6a2)).toBe(0x0101f6a2)
  })
  it('are keys for line ends and tabs', () => {
    expect(keysymOf(0x0a)).toBe(0xff0d)
    expect(keysymOf(0x09)).toBe(0xff09)
  })
})
