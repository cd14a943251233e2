import { describe, expect, it } from 'vitest'
import type { Profile } from '../../../../shared/contract'
import { parseIpAddresses } from '../../../../shared/probe/ip-address'
import { expectedSources, firstAddress, isExpected, sourceOf, type From } from './talk-from'

const addresses = parseIpAddresses(`1: lo    inet 127.0.0.1/8 scope host lo
2: host0    inet 192.0.2.7/24 brd 192.0.2.255 scope global host0
2: host0    inet 198.18.0.10/24 brd 198.18.0.255 scope global host0
2: host0    inet6 fe80::5054:ff:fe12:a/64 scope link`)
const profile = (address: string): Profile => ({
  id: 'h',
  name: 'harbor',
  address,
  port: 22,
  user: '',
  auth: [],
  jumps: [],
  group: '',
  tags: [],
  readOnly: false,
  legacy: false,
  keepalive: true,
})
const first = (from: From, address: string) =>
  firstAddress(from, { profile: profile(address), addresses, service: null })

describe('where a try goes at first', () => {
  it('is the loopback only for the host itself', () => {
    expect(first({ kind: 'itself' }, 'harbor.example')).toBe('127.0.0.1')
    expect(first({ kind: 'through' }, 'harbor.example')).toBe('192.0.2.7')
    expect(first({ kind: 'host', host: 'other' }, 'harbor.example')).toBe('192.0.2.7')
  })
  it('is the address of the profile where the host has it', () => {
    expect(first({ kind: 'host', host: 'other' }, '198.18.0.10')).toBe('198.18.0.10')
  })
  it('is what this computer knows the host by, when this computer goes there', () => {
    expect(first({ kind: 'here' }, 'harbor.example')).toBe('harbor.example')
  })
})

describe('who makes the connection', () => {
  it.each([
    [{ kind: 'itself' }, { kind: 'host', host: 'h' }],
    [{ kind: 'through' }, { kind: 'host', host: 'h' }],
    [{ kind: 'here' }, { kind: 'here' }],
    [
      { kind: 'host', host: 'other' },
      { kind: 'host', host: 'other' },
    ],
  ] as const)('%j', (from, source) => {
    expect(sourceOf(from, 'h')).toEqual(source)
  })
  it('is known by its addresses at the other end', () => {
    const ours = (from: From, local: string | null = null) =>
      expectedSources(from, { to: '198.18.0.10', addresses, local })
    expect(isExpected('::ffff:192.0.2.7', ours({ kind: 'host', host: 'other' }))).toBe(true)
    expect(isExpected('127.0.0.1', ours({ kind: 'itself' }))).toBe(true)
    expect(isExpected('203.0.113.9', ours({ kind: 'through' }))).toBe(false)
    expect(isExpected('203.0.113.9', ours({ kind: 'here' }, '203.0.113.9'))).toBe(true)
    expect(isExpected(null, ours({ kind: 'here' })), 'addresses are not logged').toBe(true)
  })
})
