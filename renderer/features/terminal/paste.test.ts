import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { joinLines, needsConsent, reviewPaste } from './paste'

describe('reviewPaste', () => {
  it('counts lines as they would be run', () => {
    expect(reviewPaste('').lines).toBe(0)
    expect(reviewPaste('ls').lines).toBe(1)
    expect(reviewPaste('ls\n').lines).toBe(1)
    expect(reviewPaste('ls\r\npwd').lines).toBe(2)
    expect(reviewPaste('a\rb\rc').lines).toBe(3)
    expect(reviewPaste('a\n\n\n').lines).toBe(3)
  })

  it('takes out what could end bracketed paste, however it is nested', () => {
    expect(reviewPaste('a\u001b[201~b')).toMatchObject({ text: 'a[201~b', removed: 1 })
    expect(reviewPaste('\u001b[20\u001b[201~1~')).toMatchObject({ text: '[20[201~1~', removed: 2 })
    expect(reviewPaste('\u009b201~')).toMatchObject({ text: '201~', removed: 1 })
  })

  it('keeps tabs, line ends and every printed character', () => {
    const text = 'tab\there 你好 🚀 é\u00a0end\n'
    expect(reviewPaste(text)).toMatchObject({ text, removed: 0 })
  })

  it('sends no control character whatever is pasted', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: fc.integer({ min: 0, max: 0x100 }).map((n) => String.fromCharCode(n)) }),
        (text) => {
          const review = reviewPaste(text)
          // eslint-disable-next-line no-control-regex -- they are what must not be there
          expect(review.text).not.toMatch(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/)
          expect(reviewPaste(review.text)).toMatchObject({ text: review.text, removed: 0 })
        },
      ),
    )
  })
})

describe('needsConsent', () => {
  it('asks for more lines than the user lets through, and for any control character', () => {
    expect(needsConsent(reviewPaste('a\nb'), 2)).toBe(false)
    expect(needsConsent(reviewPaste('a\nb\nc'), 2)).toBe(true)
    expect(needsConsent(reviewPaste('a\u0007'), 2)).toBe(true)
  })
})

describe('joinLines', () => {
  it('makes one line that ends nothing', () => {
    expect(joinLines('a\n  b\n\nc\n')).toBe('a b c')
  })
})
