import { describe, expect, it } from 'vitest'
import { readTable } from './index'
import { listing, saved, thresholds, totals } from './listings.test-support'

const table = readTable({ listing, thresholds, totals, saved })

describe('the table that ipvsadm lists', () => {
  it('has every service with its own way of naming it', () => {
    expect(table.map(({ key }) => key)).toEqual([
      '-t 198.18.2.204:80',
      '-u 198.18.2.204:53',
      '-t [fd00::1]:443',
      '-f 7',
      '-f 8 -6',
    ])
  })

  it('has scheduler, flags, persistence, mask and one-packet scheduling', () => {
    expect(table[2]).toMatchObject({ scheduler: 'mh', persistent: 100, mask: '64', onePacket: false })
    expect(table[3]).toMatchObject({
      scheduler: 'sh',
      schedulerFlags: ['sh-fallback', 'sh-port'],
      persistent: 600,
      mask: null,
    })
    expect(table[1]).toMatchObject({ scheduler: 'rr', onePacket: true, persistent: null })
    expect(table[4]).toMatchObject({
      name: { kind: 'mark', mark: 8, ipv6: true },
      scheduler: 'rr',
      servers: [],
    })
  })

  it('puts connections, thresholds and totals of the listings together on each server', () => {
    expect(table[0]?.servers).toMatchObject([
      {
        address: '10.0.0.1',
        port: 8080,
        forwarding: 'masq',
        weight: 3,
        active: 12,
        inactive: 4,
        upper: 0,
        totals: { connections: 70, outBytes: 60000 },
      },
      {
        address: '10.0.0.2',
        port: 8080,
        forwarding: 'masq',
        weight: 1,
        upper: 100,
        lower: 50,
        totals: { connections: 29 },
      },
    ])
    expect(table[0]?.totals).toMatchObject({ connections: 99, inBytes: 80000 })
    expect(table[2]?.servers).toMatchObject([{ address: 'fd00::2', port: 443, forwarding: 'route' }])
  })

  it('keeps how a tunnel wraps its packets', () => {
    expect(table[3]?.servers[0]?.tunnel).toEqual(['--tun-type', 'gue', '--tun-port', '6080', '--tun-csum'])
    expect(table[0]?.servers[0]?.tunnel).toEqual([])
  })

  it('passes over what is no listing', () => {
    const noise = 'Can’t initialize ipvs: Permission denied\n-> \n  -> nonsense Masq 1\nTCP x y\n'
    expect(readTable({ listing: noise, thresholds: noise, totals: noise, saved: noise })).toEqual([])
  })
})
