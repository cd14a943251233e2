import { describe, expect, it } from 'vitest'
import { siteKind } from './sites'

describe('a word of only_from and no_access', () => {
  it.each([
    ['10.0.0.1', 'address'],
    ['10', 'address'],
    ['0x7f.1', 'address'],
    ['192.168.1.0', 'address'],
    ['fe80::1', 'address'],
    ['fe80::1::2', 'unreadable'],
    ['300.1.1.1', 'unreadable'],
    ['1.2.3.4.5', 'unreadable'],
    ['.1', 'unreadable'],
    ['08.1.1.1', 'unreadable'],
    ['10.0.0.0/8', 'network'],
    ['10.0.0.0/33', 'network'],
    ['fe80::/10', 'network'],
    ['example.org/24', 'unreadable'],
    ['10.0.0.0/', 'unreadable'],
    ['10.0.{1,2}', 'factorized'],
    ['10.0.{1,2', 'wrong'],
    ['10..{1}', 'wrong'],
    ['10.a.{1}', 'unreadable'],
    ['10.{1,,2}', 'wrong'],
    ['10.{}', 'wrong'],
    ['10.0.0.1,10.0.0.2', 'wrong'],
    ['.example.org', 'domain'],
    ['example.org', 'name'],
  ])('%s is %s', (word, kind) => {
    expect(siteKind(word)).toBe(kind)
  })
})
