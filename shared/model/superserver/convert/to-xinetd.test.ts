import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Dialect } from '../../../lens/inetd'
import { inetd } from '../../../lens/inetd'
import { inetdText } from '../../../lens/inetd/arbitrary.test-support'
import { xinetdState } from '../fixtures.test-support'
import { resolve } from '../xinetd/resolve'
import { converted, contextOf } from './fixtures.test-support'
import { sourcesOf } from './sources'
import { toXinetd } from './to-xinetd'
import { wrapsOf } from './wraps'

/** What one entry comes to: its attributes as `name value…`, or why not. */
function lines(
  text: string,
  ...more: readonly [dialect?: Dialect, chosen?: Parameters<typeof contextOf>[1]]
): readonly string[] {
  const [one] = converted(text, ...more)
  if (one?.kind !== 'converted') return [one?.kind === 'cannot' ? one.reason.code : (one?.kind ?? 'nothing')]
  return one.text
    .split('\n')
    .filter((line) => line.startsWith('\t') || line.startsWith('service'))
    .map((line) =>
      line
        .trim()
        .replace(/\s*=\s*/, ' ')
        .replace(/\s+/g, ' '),
    )
}

function notes(
  text: string,
  ...more: readonly [dialect?: Dialect, chosen?: Parameters<typeof contextOf>[1]]
): readonly string[] {
  const [one] = converted(text, ...more)
  return one?.kind === 'converted' ? one.notes.map(({ code }) => code) : []
}

describe('inetd.conf for xinetd', () => {
  it('is written as people write it, with where it comes from above it', () => {
    const [one] = converted('telnet stream tcp nowait root /usr/sbin/tcpd /usr/sbin/in.telnetd -h\n')
    expect(one).toMatchObject({ kind: 'converted', fileName: 'telnet', notes: [] })
    expect(one?.kind === 'converted' ? one.text : '').toBe(
      [
        '# From line 1 of /etc/inetd.conf',
        'service telnet',
        '{',
        '\tflags\t\t= IPv6',
        '\tsocket_type\t= stream',
        '\tprotocol\t= tcp',
        '\twait\t\t= no',
        '\tuser\t\t= root',
        '\tgroups\t\t= yes',
        '\tserver\t\t= /usr/sbin/in.telnetd',
        '\tserver_args\t= -h',
        '}',
        '',
      ].join('\n'),
    )
  })

  it.each([
    [
      'behind tcpd, a path',
      '/usr/sbin/tcpd /bin/cat -u',
      ['flags IPv4', 'server /bin/cat', 'server_args -u'],
    ],
    ['behind tcpd, a name', '/usr/sbin/tcpd in.x', ['flags IPv4', 'server /usr/sbin/in.x']],
    [
      'behind tcpd, a path that is none',
      '/x/tcpd a/in.x',
      ['flags NAMEINARGS IPv4', 'server /usr/sbin/a/in.x', 'server_args a/in.x', 'libwrap a/in.x'],
    ],
    ['by itself', '/bin/cat cat -u', ['flags NOLIBWRAP IPv4', 'server /bin/cat', 'server_args -u']],
    [
      'by another name',
      '/bin/cat dog -u',
      ['flags NAMEINARGS NOLIBWRAP IPv4', 'server /bin/cat', 'server_args dog -u'],
    ],
    ['by no name', '/bin/cat', ['flags NOLIBWRAP IPv4', 'server /bin/cat']],
  ])('runs a program %s', (_, words, expected) => {
    const found = lines(`telnet stream tcp4 nowait root ${words}\n`)
    expect(found.filter((line) => /^(flags|server|server_args|libwrap) /.test(line))).toEqual(expected)
  })

  it('leaves tcpd where xinetd cannot ask libwrap itself', () => {
    const found = lines('telnet stream tcp4 nowait root /usr/sbin/tcpd in.x -h\n', 'openbsd', {
      libwrap: false,
    })
    expect(found).toContain('server /usr/sbin/tcpd')
    expect(found).toContain('server_args in.x -h')
    expect(found).toContain('flags NAMEINARGS IPv4')
  })

  it('keeps hosts.allow where inetd asks it itself', () => {
    const wraps = wrapsOf('freebsd', ['-wW', '-C', '60'])
    const line = 'telnet stream tcp nowait root /bin/cat a/dog\n'
    expect(lines(line, 'freebsd', { wraps })).toEqual(
      expect.arrayContaining(['flags NAMEINARGS IPv4', 'libwrap a/dog']),
    )
    expect(notes(line, 'freebsd', { wraps, libwrap: false })).toEqual(['wrappersLost'])
    expect(lines('echo stream tcp nowait root internal\n', 'freebsd', { wraps })).toContain('flags IPv4')
    expect(wrapsOf('openbsd', ['-l', '-i'])).toEqual({ programs: true, internals: false })
    expect(wrapsOf('xinetd', [])).toEqual({ programs: false, internals: true })
  })

  it('has a socket for each family, or one for both', () => {
    const line = 'telnet stream tcp nowait root /bin/cat cat\n'
    const only = (found: readonly string[]) => found.filter((one) => /^(id|flags|v6only) /.test(one))
    expect(only(lines(line))).toEqual(['flags NOLIBWRAP IPv6'])
    expect(only(lines(line, 'openbsd', { families: 'apart' }))).toEqual([
      'flags NOLIBWRAP IPv4',
      'id telnet-ipv6',
      'flags NOLIBWRAP IPv6',
      'v6only yes',
    ])
    expect(only(lines(line, 'xinetd'))).toEqual(['flags NOLIBWRAP'])
    expect(notes('telnet stream tcp46 nowait root /bin/cat cat\n', 'freebsd')).toContain('plainIpv4')
  })

  it('says every address in words beside a service at an address of its own', () => {
    const [, two] = converted(
      '127.0.0.1:7001 stream tcp4 nowait root /bin/cat cat a\n10.0.0.1:7001 stream tcp4 nowait root /bin/cat cat b\n7001 stream tcp6 nowait root /bin/cat cat c\n',
    )
    expect(two).toMatchObject({ kind: 'converted', fileName: 'cat-7001-2' })
    const [, , three] = converted(
      '127.0.0.1:7001 stream tcp4 nowait root /bin/cat cat a\n10.0.0.1:7001 stream tcp4 nowait root /bin/cat cat b\n7001 stream tcp6 nowait root /bin/cat cat c\n',
    )
    expect(three?.kind === 'converted' ? three.text : '').toContain('bind\t\t= ::')
  })

  it('tells internal services of one name apart', () => {
    const found = converted('echo stream tcp4 nowait root internal\necho dgram udp4 wait root internal\n')
    expect(
      found.map((one) =>
        one.kind === 'converted' ? [one.fileName, /id\s+= (.*)/.exec(one.text)?.[1]] : one.kind,
      ),
    ).toEqual([
      ['echo', 'echo-stream'],
      ['echo-udp', 'echo-dgram'],
    ])
  })

  it.each([
    ['auth stream tcp nowait root internal', 'freebsd', 'internalService'],
    ['/run/x stream unix nowait root /bin/cat cat', 'openbsd', 'unixSocket'],
    ['7001 dgram udp nowait root /bin/cat cat', 'openbsd', 'datagramNowait'],
    ['7001 stream udp nowait root /bin/cat cat', 'openbsd', 'protocol'],
    ['7001 raw tcp nowait root /bin/cat cat', 'freebsd', 'socketType'],
    ['0 stream tcp nowait root /bin/cat cat', 'openbsd', 'badPort'],
    ['nosuch stream tcp nowait root /bin/cat cat', 'openbsd', 'serviceUnknown'],
    ['telnet stream tcp46 nowait root /bin/cat cat', 'openbsd', 'serviceUnknown'],
    ['nosuch/1 dgram rpc/udp wait root /bin/cat cat', 'openbsd', 'rpcUnknown'],
    ['100001/1 dgram rpc/udp wait root /bin/cat cat', 'openbsd', 'rpcUnknown'],
    ['7001 stream tcp nowait who /bin/cat cat', 'openbsd', 'userUnknown'],
    ['7001 stream tcp nowait 0 /bin/cat cat', 'openbsd', 'userUnknown'],
    ['7001 stream tcp nowait nobody:who /bin/cat cat', 'openbsd', 'groupUnknown'],
    ['7001 stream tcp nowait root bin/cat cat', 'openbsd', 'notAbsolute'],
    ['7001 stream tcp nowait root /usr/sbin/tcpd', 'openbsd', 'tcpdAlone'],
    ['7001 stream tcp nowait root /bin/cat cat "two words"', 'freebsd', 'cannotStand'],
    ['7001 stream tcp nowait root /bin/cat cat ""', 'freebsd', 'cannotStand'],
    ['7001 stream tcp,sndbuf=x nowait root /bin/cat cat', 'openbsd', 'notTaken'],
    [`7001 stream tcp nowait root /bin/cat ${'x'.repeat(9000)}`, 'inetutils', 'lineTooLong'],
  ] as const)('cannot do %.60s', (text, dialect, code) => {
    expect(lines(`${text}\n`, dialect)).toEqual([code])
  })

  it('cannot do what the host cannot execute', () => {
    const names = { ...contextOf('openbsd').names, programs: { '/bin/missing': false } }
    expect(lines('7001 stream tcp nowait root /bin/missing x\n', 'openbsd', { names })).toEqual([
      'notExecutable',
    ])
  })

  it('notes limits that have no counterpart, and writes those that have', () => {
    const line = 'telnet stream tcp nowait/10/60/5 root:tty/staff /bin/cat cat\n'
    expect(lines(line, 'freebsd')).toEqual(
      expect.arrayContaining(['instances 10', 'per_source 5', 'group tty']),
    )
    expect(new Set(notes(line, 'freebsd'))).toEqual(
      new Set(['staysUnwrapped', 'rateLost', 'valueLost', 'ownGroupKept']),
    )
    const rate = 'telnet stream tcp4 nowait.40 root /bin/cat cat\n'
    expect(lines(rate).some((one) => /^(cps|instances)/.test(one))).toBe(false)
    expect(notes(rate)).toEqual(['staysUnwrapped', 'rateLost'])
    expect(notes(rate, 'openbsd', { defaults: ['only_from', 'log_type'] })).toEqual([
      'staysUnwrapped',
      'rateLost',
      'defaultsAct',
    ])
  })

  it('lets RPC stay, or converts it by IPv4', () => {
    const line = 'rstatd/1-3 dgram rpc/udp wait root /bin/cat cat\n'
    expect(converted(line, 'openbsd', { rpc: 'stay' })).toMatchObject([{ kind: 'stays', reason: 'rpc' }])
    expect(lines(line)).toEqual(
      expect.arrayContaining(['type RPC', 'rpc_version 1-3', 'flags NOLIBWRAP IPv4']),
    )
  })

  it('takes of two for one socket what inetd takes', () => {
    const first = '7001 stream tcp4 nowait root /bin/cat first\n'
    expect(converted(`${first}7001 stream tcp4 nowait root /bin/cat second\n`)).toMatchObject([
      { kind: 'cannot', reason: { code: 'sameSocket', line: 2 } },
      { kind: 'converted' },
    ])
    expect(converted(`${first}7001 stream tcp4 wait root /bin/cat second\n`)).toMatchObject([
      { kind: 'cannot', reason: { code: 'sameSocket', line: 2 } },
      { kind: 'cannot', reason: { code: 'sameSocket', line: 1 } },
    ])
    expect(converted(`${first}127.0.0.1:7001 stream tcp4 nowait root /bin/cat second\n`)).toMatchObject([
      { kind: 'converted' },
      { kind: 'cannot', reason: { code: 'portTaken', line: 1 } },
    ])
  })

  it('keeps what is commented out so', () => {
    const [one] = converted('#telnet stream tcp nowait root /usr/sbin/tcpd in.telnetd\n')
    expect(one).toMatchObject({ kind: 'converted', source: { enabled: false } })
    expect(one?.kind === 'converted' ? one.text : '').toContain('\tdisable\t\t= yes\n')
    expect(
      sourcesOf(inetd.parse('#telnet stream tcp nowait root /bin/cat cat\n'), 'openbsd', 'leave'),
    ).toEqual([])
  })

  it('takes no name that is taken', () => {
    const taken = { files: ['Telnet'], ids: ['telnet'] }
    const [one] = converted('telnet stream tcp4 nowait root /bin/cat cat\n', 'openbsd', { taken })
    expect(one).toMatchObject({ fileName: 'telnet-2' })
    expect(one?.kind === 'converted' ? one.text : '').toContain('id\t\t= telnet-tcp')
  })

  it.each(['freebsd', 'netbsd', 'openbsd', 'inetutils', 'busybox', 'xinetd'] as const)(
    'gives files that xinetd takes without a word: %s',
    (dialect) => {
      fc.assert(
        fc.property(inetdText, (text) => {
          const sources = sourcesOf(inetd.parse(text), dialect, 'keep')
          const words = sources.flatMap(({ outcome }) =>
            outcome.kind === 'entry' ? [outcome.entry.service] : [],
          )
          const services = [...new Set(words)].flatMap((name, at) =>
            ['tcp', 'udp'].map((protocol) => ({ name, protocol, port: 1 + at })),
          )
          const names = { ...contextOf(dialect).names, users: null, groups: null, services, rpc: null }
          const conversions = toXinetd(sources, contextOf(dialect, { names }))
          const files = conversions.flatMap((one) =>
            one.kind === 'converted' ? [[one.fileName, one.text] as const] : [],
          )
          expect(new Set(files.map(([name]) => name)).size).toBe(files.length)
          for (const [name] of files) expect(name).toMatch(/^[A-Za-z0-9_][A-Za-z0-9_+-]*$/)
          const resolution = resolve(
            xinetdState('includedir /etc/xinetd.d\n', Object.fromEntries(files), { names }),
          )
          const told = resolution.services.flatMap(({ diagnostics }) =>
            diagnostics.filter(({ code }) => code !== 'inlineComment'),
          )
          expect(told).toEqual([])
          const ids = resolution.services.map(({ id }) => id)
          expect(new Set(ids).size).toBe(ids.length)
        }),
      )
    },
  )
})
