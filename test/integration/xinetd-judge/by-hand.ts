import type { Case } from './judge'

const service = (name: string, port: number, ...lines: readonly string[]): string =>
  [
    `service ${name}`,
    '{',
    '\ttype = UNLISTED',
    '\tsocket_type = stream',
    '\tprotocol = tcp',
    `\tport = ${port}`,
    '\twait = no',
    '\tuser = root',
    '\tserver = /bin/cat',
    ...lines.map((line) => `\t${line}`),
    '}',
    '',
  ].join('\n')

const defaults = (...lines: readonly string[]): string =>
  `defaults\n{\n${lines.map((line) => `\t${line}\n`).join('')}}\n`

const a = (...lines: readonly string[]) => service('a', 7001, ...lines)
const b = (...lines: readonly string[]) => service('b', 7002, ...lines)
const datagram = (text: string) =>
  text.replace('= stream', '= dgram').replace('= tcp', '= udp').replace('wait = no', 'wait = yes')

/** Each of these once told us something about the daemon that its manual does not say. */
const texts: Readonly<Record<string, string>> = {
  'a name alone before the brace hides the line after it': a('nice') + b(),
  'a name alone before an indented line does not': a('nice', 'umask = 022') + b(),
  'a name alone, then a blank line': a('nice') + '\n' + b(),
  'a bad value in defaults ends the daemon': defaults('instances = many') + a(),
  'a second log_type in defaults ends the daemon':
    defaults('log_type = SYSLOG daemon', 'log_type = SYSLOG daemon') + a(),
  'a malformed line in defaults ends them there': defaults('instances = 5', 'cps=5', 'nice = 1') + a() + b(),
  'a malformed last line in defaults takes the next service along':
    defaults('instances = 5', 'cps=5') + a() + b(),
  'two services on one port': a() + service('b', 7001),
  'two services of one id': a() + a(),
  'one port on one address': a('bind = 127.0.0.1') + service('b', 7001, 'bind = 127.0.0.1'),
  'one port on two addresses': a('bind = 127.0.0.1') + service('b', 7001, 'bind = 127.0.0.2'),
  'one port, all addresses second': a('bind = 127.0.0.1') + service('b', 7001),
  'one port, all addresses first': a() + service('b', 7001, 'bind = 127.0.0.1'),
  'datagram sockets share a port': datagram(a() + service('b', 7001)),
  'IPv4 and IPv6 on one port':
    a('flags = IPv4') +
    service('b', 7001, 'flags = IPv6') +
    service('c', 7001, 'flags = IPv6', 'v6only = no'),
  'v6only in defaults is without effect': defaults('v6only = yes') + a() + service('b', 7001, 'flags = IPv4'),
  CRLF: a('nice = 5').replaceAll('\n', '\r\n') + b(),
  'a carriage return behind a number': a('nice = 5\r') + b(),
  'the list of enabled mends a bad value': defaults('enabled = A') + a('nice = x') + b(),
  'the list of disabled knows no -=': defaults('disabled -= a') + a() + b(),
  'disable = no mends a bad value before it': a('nice = x', 'disable = no') + b(),
  'disable = no does not mend one after it': a('disable = no', 'nice = x') + b(),
  'disable = yes stops the reading': a('disable = YES', 'nice') + b(),
  'a brace too many takes the next service along': '}\n' + a() + b(),
  'a brace missing at the end': b() + a().slice(0, -2),
  'a byte order mark': `\ufeff${a()}${b()}`,
  'a comment of 100 kB': `# ${'x'.repeat(100_000)}\n${a()}${b()}`,
  'a comment of 8192 bytes': `#${'x'.repeat(8191)}\n${a()}${b()}`,
  'a comment of 8193 bytes': `#${'x'.repeat(8192)}\n${a()}${b()}`,
  'a long comment further on': `${service('z', 7000)}#${'x'.repeat(8300)}\n${a()}#${'x'.repeat(16_400)}\n${b()}${service('c', 7003)}`,
  'a line of 1 MB': `${a()}# ${'y'.repeat(1024 * 1024)}\n${b()}${service('c', 7003)}`,
  'a NUL ends the line': a('nice = 5\0 6') + b(),
  'a file that includes itself': `${a()}include CASE/xinetd.conf\n`,
  'a second defaults': defaults('instances = 5') + defaults('instances = many') + a(),
  'keywords in capitals': a('NICE = 5').replace('service', 'SERVICE').replace('type', 'Type') + b(),
  'words in capitals and not':
    a('instances = unlimited', 'deny_time = forever', 'log_type = syslog DAEMON', 'log_on_success = pid') +
    b(),
  'stream over udp': a().replace('= tcp', '= udp') + b(),
  'dgram without wait runs all the same': datagram(a()).replace('wait = yes', 'wait = no') + b(),
  'no protocol': a().replace('\tprotocol = tcp\n', ''),
  'no socket_type': a().replace('\tsocket_type = stream\n', ''),
  neither: a().replace('\tsocket_type = stream\n', '').replace('\tprotocol = tcp\n', ''),
  'a server not from the root': a().replace('/bin/cat', 'cat') + b(),
  'a sensor': a('flags = SENSOR', 'deny_time = 5') + b(),
  'a sensor without a server': a('flags = SENSOR').replace('\tserver = /bin/cat\n', '') + b(),
  'a redirect without a server': a('redirect = 127.0.0.1 22').replace('\tserver = /bin/cat\n', ''),
  'a redirect to IPv6 and a name of a service': a('redirect = ::1 telnet').replace(
    '\tserver = /bin/cat\n',
    '',
  ),
  'a redirect to a name': a('redirect = localhost 8080').replace('\tserver = /bin/cat\n', ''),
  'TRAFFIC without redirect': a('log_on_success = TRAFFIC') + b(),
  NAMEINARGS: a('flags = NAMEINARGS', 'server_args = cat -u') + b('flags = NAMEINARGS'),
  'an address that is none': a('bind = 300.1.1.1') + b('only_from = 300.1.1.1'),
  'defaults behind a service':
    a() +
    defaults('only_from = 10.0.0.0/8', 'instances = 7', 'log_type = SYSLOG daemon', 'log_on_success = PID') +
    b(),
  tcpmux: `service tcpmux\n{\n type = INTERNAL\n socket_type = stream\n wait = no\n user = root\n}\n${service('m', 7001).replace('UNLISTED', 'TCPMUX UNLISTED').replace('\tport = 7001\n', '')}`,
  'attributes that old builds knew': a('mdns = yes') + b('flags = LABELED'),
  'words that are no ASCII': service('größe', 7001, 'server_args = é') + service('\udcffx', 7002),
  nothing: '',
  'white space of every kind': a('\fnice\v=\f5').replace('\n{', '\n \v{ \t'),
}

const several: readonly Case[] = [
  {
    name: 'include and includedir, in the order of strcmp, without dots and tildes',
    files: {
      'xinetd.conf': `include CASE/x.conf\nincludedir CASE/d\n${b()}`,
      'x.conf': defaults('cps = 5 5') + service('x', 7003),
      'd/Upper': service('u', 7004) + defaults('instances = 9'),
      'd/lower': service('l', 7004) + service('m', 7006),
      'd/b.c': service('dotted', 7005),
      'd/c~': service('tilde', 7007),
    },
  },
  { name: 'an includedir that is not there', files: { 'xinetd.conf': `includedir CASE/nowhere\n${a()}` } },
]

export const byHand: readonly Case[] = [
  ...Object.entries(texts).map(([name, text]) => ({ name, files: { 'xinetd.conf': text } })),
  ...several,
]
