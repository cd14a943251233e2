import { describe, expect, it } from 'vitest'
import { asDump, asText, toHex } from './talk'

describe('what is said to a service', () => {
  it.each([
    ['GET / HTTP/1.0\\r\\n\\r\\n', 'text', '474554202f20485454502f312e300d0a0d0a'],
    ['\\x00\\xfFä\\\\', 'text', '00ffc3a45c'],
    ['', 'text', ''],
    ['de AD:be\nef', 'hex', 'deadbeef'],
  ] as const)('%j as %s', (written, notation, hex) => {
    expect(toHex(written, notation)).toBe(hex)
  })
  it.each([
    ['\\q', 'text'],
    ['\\x1', 'text'],
    ['abc', 'hex'],
    ['xy', 'hex'],
  ] as const)('%j as %s cannot be read', (written, notation) => {
    expect(toHex(written, notation)).toBeNull()
  })
})

describe('what is heard', () => {
  it('is text where it is text, and numbers where it is not', () => {
    expect(asText('68690d0a00e5bda9ff')).toBe('hi\n\\x00彩\\xff')
  })
  it('is a dump of sixteen bytes a line', () => {
    expect(asDump('00'.repeat(16) + '4142')).toBe(
      `0000  ${'00 '.repeat(15)}00  ${'.'.repeat(16)}\n0010  41 42${' '.repeat(42)}  AB`,
    )
    expect(asDump('')).toBe('')
  })
})
