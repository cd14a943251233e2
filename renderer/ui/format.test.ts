import { describe, expect, it } from 'vitest'
import { ago, bytes, duration } from './format'

describe('format', () => {
  it('shows bytes in binary units with one digit where it says something', () => {
    expect(bytes(0, 'en')).toBe('0 B')
    expect(bytes(1023, 'en')).toBe('1,023 B')
    expect(bytes(1536, 'en')).toBe('1.5 KiB')
    expect(bytes(8 * 1024 ** 3, 'en')).toBe('8 GiB')
    expect(bytes(500 * 1024 ** 2, 'zh-CN')).toBe('500 MiB')
  })

  it('shows the two largest units of a duration', () => {
    expect(duration(0, 'en')).toBe('0 sec')
    expect(duration(59, 'en')).toBe('59 sec')
    expect(duration(3600 * 27 + 61, 'en')).toBe('1 day 3 hr')
    expect(duration(3600, 'zh-CN')).toBe('1小时')
  })

  it('never says that something will have been read in the future', () => {
    expect(ago(2000, 1000, 'en')).toBe('now')
    expect(ago(0, 120_000, 'en')).toBe('2 min. ago')
  })
})
