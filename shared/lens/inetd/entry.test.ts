import { describe, expect, it } from 'vitest'
import type { Dialect } from './document'
import { inetd, readEntries, readEntry } from './index'

const read = (line: string, dialect: Dialect) => readEntry(line.split(' '), dialect)
const effects = (text: string, dialect: Dialect) =>
  readEntries(inetd.parse(text), dialect).map(({ outcome }) =>
    outcome.kind === 'refused' ? outcome.refusal.effect : 'entry',
  )

describe('an entry in each dialect', () => {
  it.each<[Dialect, string, object]>([
    [
      'openbsd',
      '127.0.0.1,::1:echo stream tcp nowait.5 root.wheel internal',
      {
        max: 5,
        group: 'wheel',
        listens: [
          { address: '127.0.0.1', family: 'ipv4' },
          { address: '::1', family: 'ipv6' },
        ],
      },
    ],
    [
      'freebsd',
      'ftp stream tcp46 nowait/9/60/3 root:wheel/daemon /x x',
      {
        max: 9,
        perAddressPerMinute: 60,
        maxPerAddress: 3,
        group: 'wheel',
        loginClass: 'daemon',
        listens: [{ address: null, family: 'dual' }],
      },
    ],
    ['freebsd', 'tcpmux/+x stream tcp nowait root /x', { tcpmux: 'muxPlus', service: 'x', listens: [] }],
    [
      'netbsd',
      '[::1]:x stream,7:dataready tcp6,sndbuf=2k,rcvbuf=1m nowait:9 root:wheel /x x',
      { acceptMax: 0, acceptFilter: 'dataready', sendBuffer: 2048, receiveBuffer: 1048576, max: 9 },
    ],
    [
      'inetutils',
      'x stream tcp6only nowait.9 root /a/b',
      { argv: ['b'], listens: [{ address: null, family: 'ipv6' }] },
    ],
    ['busybox', 'm/1-3 dgram rpc/udp wait root /x', { rpc: { low: 1, high: 3 }, argv: ['/x'] }],
    ['xinetd', 'x stream tcp nowait root.wheel /x x', { group: 'wheel', argv: ['x'] }],
  ])('%s takes %j', (dialect, line, wanted) => {
    expect(read(line, dialect)).toMatchObject({ kind: 'entry', entry: wanted })
  })

  it.each<[Dialect, string, string, string]>([
    ['freebsd', 'x stream tcp nowait', 'missingField', 'exits'],
    ['xinetd', 'x stream', 'missingField', 'crashes'],
    ['xinetd', 'x stream tcp6 nowait root /x', 'badProtocol', 'skipped'],
    ['openbsd', 'x stream tcp,sndbuf=1,rcvbuf=1k nowait root /x', 'badBufferSize', 'skipped'],
    ['busybox', 'x stream udp nowait root /x', 'badSocketType', 'skipped'],
    ['inetutils', 'x stream unix nowait root /x', 'badProtocol', 'skipped'],
  ])('%s refuses %j', (dialect, line, reason, effect) => {
    expect(read(line, dialect)).toMatchObject({ kind: 'refused', refusal: { reason, effect } })
  })

  it('knows what stops a daemon', () => {
    expect(effects('x stream\n tcp nowait root /x\ny stream tcp nowait root /y\n', 'openbsd')).toEqual([
      'entry',
      'hangs',
    ])
    expect(effects('x stream\ny stream tcp nowait root /y\n', 'freebsd')).toEqual(['exits'])
    expect(effects('.include\ny stream tcp nowait root /y\n', 'netbsd')).toEqual(['stopsReading'])
  })

  it('loses the line after a NetBSD statement that is off', () => {
    const text =
      'x off protocol = tcp4;\ny stream tcp nowait root /y\nz on protocol=tcp4, wait=no,\nuser=root, exec="/my x";\n'
    expect(readEntries(inetd.parse(text), 'netbsd')).toMatchObject([
      { from: 0, outcome: { refusal: { reason: 'switchedOff' } } },
      { from: 1, outcome: { refusal: { reason: 'lostBehindAnother' } } },
      { from: 2, to: 4, outcome: { entry: { program: { path: '/my x' } } } },
    ])
  })
})
