import { describe, expect, it } from 'vitest'
import { siteKind, sitesOf } from './sites'

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
    ['.1', 'wrong'],
    ['10..1', 'wrong'],
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

describe('what a word stands for', () => {
  const every = 0xffffffff
  it.each([
    ['10.1.2.3', [{ kind: 'ipv4', address: 0x0a010203, mask: every }]],
    ['10.1.2.0', [{ kind: 'ipv4', address: 0x0a010200, mask: 0xffffff00 }]],
    ['10.0.0.0', [{ kind: 'ipv4', address: 0x0a000000, mask: 0xff000000 }]],
    ['10.0', [{ kind: 'ipv4', address: 0x0a000000, mask: 0xff000000 }]],
    ['10', [{ kind: 'ipv4', address: 10, mask: every }]],
    ['0.0.0.0', [{ kind: 'ipv4', address: 0, mask: 0 }]],
    ['10.1.2.3/8', [{ kind: 'ipv4', address: 0x0a010203, mask: 0xff000000 }]],
    ['10.1.2.0/32', [{ kind: 'ipv4', address: 0x0a010200, mask: every }]],
    ['10.1.2.3/0', [{ kind: 'ipv4', address: 0x0a010203, mask: 0 }]],
    ['10.1.2.3/33', [{ kind: 'ipv4', address: 0x0a010203, mask: every }]],
    ['10.1.2.3/4294967296', [{ kind: 'ipv4', address: 0x0a010203, mask: 0 }]],
    ['::', [{ kind: 'ipv6', groups: [0, 0, 0, 0, 0, 0, 0, 0], length: 128 }]],
    ['fd00:1::/33', [{ kind: 'ipv6', groups: [0xfd00, 1, 0, 0, 0, 0, 0, 0], length: 33 }]],
    ['fd00:1::5/128', [{ kind: 'nobody' }]],
    [
      '10.0.{1,2}',
      [
        { kind: 'ipv4', address: 0x0a000100, mask: 0xffffff00 },
        { kind: 'ipv4', address: 0x0a000200, mask: 0xffffff00 },
      ],
    ],
    ['10.1{2}', [{ kind: 'ipv4', address: 0x0a020000, mask: 0xffff0000 }]],
    ['{10}', [{ kind: 'ipv4', address: 0x0a000000, mask: 0xff000000 }]],
    ['10.{256}', [{ kind: 'ipv4', address: 0x0b000000, mask: 0xffff0000 }]],
    ['.example.org', [{ kind: 'domain', suffix: '.example.org' }]],
    ['example.org', [{ kind: 'name', name: 'example.org' }]],
    ['300.1.1.1', []],
  ])('%s', (word, sites) => {
    expect(sitesOf(word)).toEqual(sites)
  })
})
