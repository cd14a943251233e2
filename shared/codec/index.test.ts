import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { decode, encode, isEncodable } from './index'

const bytesOf = (...values: number[]) => Uint8Array.from(values)

describe('codec', () => {
  it('gives every byte sequence back', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 400 }), (bytes) => {
        expect(encode(decode(bytes))).toEqual(bytes)
      }),
      { numRuns: 2000 },
    )
  })

  it('gives bytes back that lie near the edges of UTF-8', () => {
    const edge = fc.constantFrom(
      0x00,
      0x7f,
      0x80,
      0xbf,
      0xc0,
      0xc1,
      0xc2,
      0xdf,
      0xe0,
      0xa0,
      0x9f,
      0xed,
      0xef,
      0xf0,
      0x90,
      0x8f,
      0xf4,
      0xf5,
      0xff,
    )
    fc.assert(
      fc.property(fc.array(edge, { maxLength: 12 }), (values) => {
        const bytes = Uint8Array.from(values)
        expect(encode(decode(bytes))).toEqual(bytes)
      }),
      { numRuns: 5000 },
    )
  })

  it('agrees with the platform decoder on valid UTF-8', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        const bytes = new TextEncoder().encode(text)
        expect(decode(bytes)).toBe(text)
        expect(encode(text)).toEqual(bytes)
      }),
    )
  })

  it('escapes each invalid byte by itself', () => {
    expect(decode(bytesOf(0x61, 0xff, 0x62))).toBe('a\udcffb')
    expect(decode(bytesOf(0xc0, 0xaf))).toBe('\udcc0\udcaf')
    expect(decode(bytesOf(0xed, 0xa0, 0x80))).toBe('\udced\udca0\udc80')
    expect(decode(bytesOf(0xe4, 0xbd))).toBe('\udce4\udcbd')
    expect(decode(bytesOf(0xef, 0xbb, 0xbf, 0x61))).toBe('\ufeffa')
  })

  it('refuses a surrogate that no byte stands behind', () => {
    for (const text of ['\ud800', 'a\udc7f', '\udd00', '\ud83d', '\udbffz']) {
      expect(isEncodable(text)).toBe(false)
      expect(() => encode(text)).toThrow(RangeError)
    }
    for (const text of ['', 'ascii', '\udc80\udcff', '😀', '中文']) {
      expect(isEncodable(text)).toBe(true)
      expect(encode(text).length).toBeGreaterThanOrEqual(text.length === 0 ? 0 : 1)
    }
  })

  it('says the same by isEncodable as by encode', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0xd700, max: 0xe0ff }), { maxLength: 8 }), (units) => {
        const text = String.fromCharCode(...units)
        let threw = false
        try {
          encode(text)
        } catch (error) {
          expect(error).toBeInstanceOf(RangeError)
          threw = true
        }
        expect(isEncodable(text)).toBe(!threw)
      }),
    )
  })

  it('comes to the end of 10 MB of mixed bytes', () => {
    const bytes = new Uint8Array(10 * 1024 * 1024)
    for (let at = 0; at < bytes.length; at++) bytes[at] = (at * 31 + (at >> 8)) & 0xff
    const back = encode(decode(bytes))
    expect(back.length).toBe(bytes.length)
    expect(back.every((byte, at) => byte === bytes[at])).toBe(true)
  }, 30_000)
})
