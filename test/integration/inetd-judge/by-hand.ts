import type { Case } from './judge'

const cat = (words: string): string => `${words} root /bin/cat cat\n`
const a = cat('7001 stream tcp nowait')
const b = cat('7002 stream tcp nowait')

/** Each of these once told us something about a daemon that its manual does not say. */
const texts: Readonly<Record<string, string>> = {
  'two entries': a + b,
  'an indented comment belongs to the entry above': `${a} # why\n${b}`,
  'a blank line with a space in it goes on too': `${a} \n  -u\n${b}`,
  'a service alone on the first line, its words below': '7001\n stream tcp nowait root /bin/cat cat\n' + b,
  'the protocol on the second line': '7001 stream\n tcp nowait root /bin/cat cat\n' + b,
  'the program on the second line': '7001 stream tcp nowait root\n /bin/cat cat\n' + b,
  'the same with a family': '7001 stream\n tcp4 nowait root /bin/cat cat\n' + b,
  'arguments on the second line': '7001 stream tcp nowait root /bin/cat\n cat -u\n' + b,
  'an entry of IPv4 alone is read once': '127.0.0.1:7001 stream tcp nowait root /bin/cat cat\n',
  'a default address and one that goes back': `127.0.0.1:\n${a}*:\n${b}`,
  'tcp46 and a name': cat('echo stream tcp46 nowait') + cat('7001 stream tcp46 nowait'),
  'stream over udp': cat('7001 stream udp nowait'),
  'sizes without a unit, the first of two': cat('7001 stream tcp,sndbuf=8192,rcvbuf=16k nowait') + b,
  'no final newline': a + b.trimEnd(),
  CRLF: (a + b).replaceAll('\n', '\r\n'),
  'an internal service in a file of CRLF': 'echo stream tcp nowait root internal\r\n' + b,
  'an internal service that is none': 'telnet stream tcp nowait root internal\n' + b,
  'a line of 1022 bytes': `7001 stream tcp nowait root /bin/cat ${'x'.repeat(985)}\n${b}`,
  'a line of 1023 bytes': `7001 stream tcp nowait root /bin/cat ${'x'.repeat(986)}\n${b}`,
  'a line of 1024 bytes': `7001 stream tcp nowait root /bin/cat ${'x'.repeat(987)}\n${b}`,
  'a comment whose second kilobyte is an entry': `#${'x'.repeat(1022)}7009 stream tcp nowait root /bin/cat cat\n${b}`,
  'umlauts count as bytes': `7001 stream tcp nowait root /bin/cat ${'ä'.repeat(493)}\n${b}`,
  'the same service twice': a + cat('7001 stream tcp wait'),
  'quotes are letters': `7001 stream tcp nowait root "/bin/my cat" cat\n${b}`,
  nothing: '',
}

export const byHand: readonly Case[] = Object.entries(texts).map(([name, text]) => ({ name, text }))
