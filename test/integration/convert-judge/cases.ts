import type { Dialect } from '../../../shared/lens/inetd'
import type { InetdContext } from '../../../shared/model/superserver/convert'

/** A question to a service. */
export type Ask = {
  readonly protocol: 'tcp' | 'udp'
  readonly address: string
  readonly port: number
  readonly source: string
}

export type Case = {
  readonly name: string
  readonly dialect: Dialect
  readonly text: string
  readonly asks: readonly Ask[]
  /** What the caller of the conversion chose, where it is not the usual. */
  readonly chosen?: Partial<InetdContext>
  readonly rpcbind?: boolean
  /** Beyond the usual options of the daemon. */
  readonly options?: readonly string[]
}

export const commands: Readonly<Partial<Record<Dialect, readonly string[]>>> = {
  openbsd: ['/opt/openbsd-inetd/usr/sbin/inetd', '-i'],
  inetutils: ['/opt/inetutils-inetd/usr/sbin/inetutils-inetd', '-d'],
  xinetd: ['/usr/sbin/xinetd', '-dontfork', '-stayalive', '-inetd_compat', '-f', '/dev/null'],
}

const ask = (protocol: Ask['protocol'], port: number, address = '127.0.0.1', source = address): Ask => ({
  protocol,
  address,
  port,
  source,
})
const tcp = (port: number, address?: string, source?: string): Ask => ask('tcp', port, address, source)
const udp = (port: number, address?: string, source?: string): Ask => ask('udp', port, address, source)

const tell = (first: string, user: string, argv: string, wait = 'nowait'): string =>
  `${first} ${wait} ${user} /usr/bin/perl ${argv}\n`
const wrapped = (first: string, argv: string): string => `${first} nowait nobody /usr/sbin/tcpd ${argv}\n`

const one = (
  name: string,
  text: string,
  asks: readonly Ask[],
  more: Partial<Omit<Case, 'name' | 'text' | 'asks'>> = {},
): Case => ({ name, dialect: 'openbsd', text, asks, ...more })

export const byHand: readonly Case[] = [
  one(
    'as whom and by which name',
    tell('7001 stream tcp', 'nobody', 'perl /mnt/tell.pl a b') +
      tell('7002 stream tcp', 'root', 'second /mnt/tell.pl') +
      tell('7003 stream tcp', 'desk', 'a/b /mnt/tell.pl') +
      tell('7004 stream tcp', 'nobody.daemon', 'perl /mnt/tell.pl # } = {') +
      tell('7005 stream tcp', 'desk:tty', 'perl /mnt/tell.pl "x" \\ %s $HOME') +
      tell('7006 stream tcp', 'root.tty', 'perl /mnt/tell.pl'),
    [7001, 7002, 7003, 7004, 7005, 7006].flatMap((port) => [tcp(port), tcp(port, '::1')]),
  ),
  one(
    'the families of sockets',
    tell('7001 stream tcp', 'nobody', 'perl /mnt/tell.pl') +
      tell('7002 stream tcp4', 'nobody', 'perl /mnt/tell.pl') +
      tell('7003 stream tcp6', 'nobody', 'perl /mnt/tell.pl') +
      tell('7004 stream tcp46', 'nobody', 'perl /mnt/tell.pl') +
      tell('7005 dgram udp', 'nobody', 'perl /mnt/tell.pl', 'wait') +
      tell('7006 dgram udp4', 'nobody', 'perl /mnt/tell.pl', 'wait') +
      tell('7007 dgram udp6', 'nobody', 'perl /mnt/tell.pl', 'wait'),
    [
      ...[7001, 7002, 7003, 7004].flatMap((port) => [tcp(port), tcp(port, '::1')]),
      // One datagram at a time: what waits behind it xinetd throws away (the note `datagramsDropped`).
      ...[7005, 7006].flatMap((port) => [udp(port), udp(port, '::1')]),
      udp(7007, '::1'),
    ],
  ),
  one(
    'addresses',
    tell('127.0.0.1:7001 stream tcp', 'nobody', 'perl /mnt/tell.pl first') +
      tell('127.0.0.2:7001 stream tcp', 'nobody', 'perl /mnt/tell.pl other') +
      tell('[::1]:7001 stream tcp6', 'nobody', 'perl /mnt/tell.pl six') +
      tell('127.1:7002 stream tcp', 'nobody', 'perl /mnt/tell.pl') +
      tell('127.0.0.1,127.0.0.3,::1:7003 stream tcp', 'nobody', 'perl /mnt/tell.pl') +
      tell('localhost:7004 stream tcp', 'nobody', 'perl /mnt/tell.pl') +
      '127.0.0.2:\n' +
      tell('7005 stream tcp', 'nobody', 'perl /mnt/tell.pl') +
      '*:\n' +
      tell('7006 stream tcp', 'nobody', 'perl /mnt/tell.pl') +
      tell('10.9.9.9:7007 stream tcp', 'nobody', 'perl /mnt/tell.pl'),
    [
      ...[tcp(7001), tcp(7001, '127.0.0.2'), tcp(7001, '127.0.0.3'), tcp(7001, '::1'), tcp(7002)],
      ...[tcp(7003, '127.0.0.3'), tcp(7003, '127.0.0.2'), tcp(7003, '::1'), tcp(7004), tcp(7005)],
      ...[tcp(7005, '127.0.0.2'), tcp(7006), tcp(7007)],
    ],
  ),
  one(
    'tcpd and the names that hosts.allow knows',
    wrapped('7001 stream tcp', '/usr/bin/perl /mnt/tell.pl') +
      wrapped('7002 stream tcp', 'nologin') +
      wrapped('7003 stream tcp', '/bin/echo refused') +
      wrapped('7004 stream tcp', '../bin/perl /mnt/tell.pl') +
      tell('7005 stream tcp', 'nobody', 'second /mnt/tell.pl') +
      tell('7006 stream tcp', 'nobody', 'perl /mnt/tell.pl') +
      '7007 stream tcp nowait nobody /usr/sbin/tcpd\n' +
      '7008 dgram udp wait nobody /usr/sbin/tcpd /usr/bin/perl /mnt/tell.pl\n',
    [7001, 7002, 7003, 7004, 7005, 7006]
      .flatMap((port) => [
        tcp(port),
        tcp(port, '127.0.0.1', '127.0.0.2'),
        tcp(port, '127.0.0.1', '127.0.0.3'),
      ])
      .concat([udp(7008), udp(7008, '127.0.0.1', '127.0.0.2')]),
  ),
  one(
    'an inetd that asks hosts.allow itself',
    tell('7001 stream tcp', 'nobody', 'perl /mnt/tell.pl') +
      tell('7002 stream tcp', 'nobody', 'second /mnt/tell.pl') +
      tell('7003 stream tcp', 'nobody', 'x/second /mnt/tell.pl') +
      tell('7004 stream tcp', 'nobody', 'perl /mnt/tell.pl', 'wait') +
      'echo stream tcp nowait root internal\n',
    [7001, 7002, 7003, 7004, 7].flatMap((port) => [tcp(port), tcp(port, '127.0.0.1', '127.0.0.2')]),
    { options: ['-l'] },
  ),
  one(
    'built-in services',
    ['echo', 'discard', 'chargen', 'daytime', 'time']
      .map((name) => `${name} stream tcp nowait root internal\n${name} dgram udp wait root internal\n`)
      .join(''),
    [7, 9, 19, 13, 37].flatMap((port) => [
      tcp(port),
      tcp(port, '::1'),
      ...(port === 9 ? [] : [udp(port, '10.1.1.1')]),
    ]),
  ),
  one(
    'by name, listed and not',
    tell('telnet stream tcp', 'nobody', 'perl /mnt/tell.pl') +
      tell('talk dgram udp', 'nobody', 'perl /mnt/tell.pl', 'wait') +
      tell('nosuch stream tcp', 'nobody', 'perl /mnt/tell.pl') +
      tell('ftp stream tcp46', 'nobody', 'perl /mnt/tell.pl'),
    [tcp(23), tcp(23, '::1'), udp(517), tcp(21)],
  ),
  one(
    'wait, and limits',
    tell('7001 stream tcp', 'nobody', 'perl /mnt/tell.pl', 'wait') +
      tell('7002 stream tcp', 'nobody', 'perl /mnt/tell.pl', 'nowait.5') +
      tell('7003 stream tcp', 'nobody', 'perl /mnt/tell.pl', 'wait.2') +
      tell('7004 stream tcp', 'nobody', 'perl /mnt/tell.pl', 'sometimes') +
      tell('7005 stream tcp', 'nobody', 'perl /mnt/tell.pl', 'nowait.x'),
    [7001, 7002, 7003, 7004, 7005].map((port) => tcp(port)),
  ),
  one(
    'two for one socket, and two for one port',
    tell('7001 stream tcp', 'nobody', 'perl /mnt/tell.pl first') +
      tell('7001 stream tcp', 'desk', 'perl /mnt/tell.pl second') +
      tell('7002 stream tcp', 'nobody', 'perl /mnt/tell.pl first') +
      tell('07002 stream tcp', 'nobody', 'perl /mnt/tell.pl second') +
      tell('127.0.0.1:7003 stream tcp', 'nobody', 'perl /mnt/tell.pl first') +
      tell('7003 stream tcp', 'nobody', 'perl /mnt/tell.pl second') +
      tell('7004 stream tcp', 'nobody', 'perl /mnt/tell.pl first') +
      tell('7004 stream tcp', 'nobody', 'perl /mnt/tell.pl second', 'wait'),
    [tcp(7001), tcp(7002), tcp(7003), tcp(7003, '127.0.0.2'), tcp(7003, '::1'), tcp(7004)],
  ),
  one(
    'what cannot be converted',
    tell('/run/unix stream unix', 'nobody', 'perl /mnt/tell.pl') +
      tell('7001 dgram udp', 'nobody', 'perl /mnt/tell.pl', 'nowait') +
      tell('7002 stream tcp', 'nosuch', 'perl /mnt/tell.pl') +
      tell('7003 stream tcp', 'nobody.nosuch', 'perl /mnt/tell.pl') +
      tell('7004 stream tcp', '65534', 'perl /mnt/tell.pl') +
      '7005 stream tcp nowait nobody /nowhere nowhere\n' +
      '7006 stream tcp nowait nobody usr/bin/perl perl /mnt/tell.pl\n' +
      tell('0 stream tcp', 'nobody', 'perl /mnt/tell.pl') +
      tell('70000 stream tcp', 'nobody', 'perl /mnt/tell.pl') +
      tell('7007 stream udp', 'nobody', 'perl /mnt/tell.pl') +
      'telnet stream tcp nowait root internal\n',
    [tcp(7002), tcp(7003), tcp(7004), tcp(7005), tcp(7006)],
  ),
  one(
    'one socket for both families',
    tell('7001 stream tcp', 'nobody', 'perl /mnt/tell.pl') + 'echo dgram udp wait root internal\n',
    [tcp(7001), tcp(7001, '::1'), udp(7, '10.1.1.1')],
    { chosen: { families: 'together' } },
  ),
  one(
    'RPC',
    tell('rstatd/1-2 dgram rpc/udp', 'nobody', 'perl /mnt/tell.pl', 'wait') +
      tell('600100001/3 stream rpc/tcp', 'nobody', 'perl /mnt/tell.pl', 'wait') +
      tell('nosuchrpc/1 dgram rpc/udp', 'nobody', 'perl /mnt/tell.pl', 'wait'),
    [],
    { rpcbind: true, chosen: { rpc: 'convert' } },
  ),
  one(
    "GNU's",
    tell('7001 stream tcp', 'nobody', 'perl /mnt/tell.pl a') +
      tell('7002 stream tcp6', 'nobody:daemon', 'second "/mnt/tell.pl" b') +
      tell('7003 stream tcp6only', 'desk', 'perl /mnt/tell.pl') +
      tell('127.0.0.1,127.0.0.2:7004 stream tcp', 'nobody', 'perl /mnt/tell.pl "two words"') +
      tell('7005 dgram udp', 'nobody', 'perl /mnt/tell.pl', 'wait') +
      'echo stream tcp nowait root internal\n' +
      'tcpmux stream tcp nowait root internal\n' +
      tell('tcpmux/+hello stream tcp', 'nobody', 'perl /mnt/tell.pl mux') +
      tell('7006 stream tcp', 'root:daemon', 'perl /mnt/tell.pl'),
    [
      tcp(7001),
      tcp(7001, '::1'),
      tcp(7002),
      tcp(7002, '::1'),
      tcp(7003),
      tcp(7003, '::1'),
      tcp(7004, '127.0.0.2'),
      udp(7005),
      tcp(7),
      tcp(1),
      tcp(7006),
    ],
    { dialect: 'inetutils' },
  ),
  one(
    'what xinetd reads of inetd.conf itself',
    tell('telnet stream tcp', 'nobody', 'perl /mnt/tell.pl a') +
      tell('ftp stream tcp', 'nobody.daemon', 'second /mnt/tell.pl') +
      tell('talk dgram udp', 'desk', 'perl /mnt/tell.pl', 'wait') +
      'smtp stream tcp nowait nobody /usr/sbin/tcpd /usr/bin/perl /mnt/tell.pl\n' +
      'echo stream tcp nowait root internal\n' +
      'daytime dgram udp wait root internal\n',
    [tcp(23), tcp(23, '::1'), tcp(21), udp(517), tcp(25), tcp(7), udp(13), tcp(25, '127.0.0.1', '127.0.0.2')],
    { dialect: 'xinetd' },
  ),
]
