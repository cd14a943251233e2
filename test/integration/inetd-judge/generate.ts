import fc from 'fast-check'

/** Per column: words that are usual first, then odd and wrong ones. */
const HOSTS = [
  '',
  '',
  '',
  '127.0.0.1:',
  '[::1]:',
  '::1:',
  '127.0.0.1,127.0.0.2:',
  '*:',
  ':',
  '127.0.0.1,,::1:',
  ',:',
  '*,127.0.0.1:',
  '127.1:',
  '10.9.9.9:',
]
const SERVICES = [
  'echo',
  'daytime',
  '7001',
  '7002',
  'telnet',
  'nosuch',
  '0',
  '70000',
  '007003',
  'tcpmux/+x',
  'echo/1',
  '100001/1-3',
  '100001/3-1',
  '100001/0x2',
  '100001/1x',
  '.include',
  'größe',
  '#x',
]
const SOCKETS = ['stream', 'stream', 'dgram', 'raw', 'Stream', 'stream,5', 'on']
const PROTOCOLS = [
  'tcp',
  'tcp',
  'udp',
  'tcp4',
  'tcp6',
  'udp6',
  'tcp46',
  'rpc/udp',
  'rpc/tcp',
  'unix',
  'foo',
  'tcp,sndbuf=8k',
  'tcp,rcvbuf=1m,sndbuf=2k',
  'tcp,sndbuf=0',
  'tcp,foo=1k',
  'tcp,sndbuf=1kk',
  'tcp,sndbuf',
  'tcp,sndbuf=1k,rcvbuf',
  'tcp,sndbuf=1k,rcvbuf=2k,x',
  'tcp,sndbuf=8192,rcvbuf=1k',
  'udp4',
  '6',
  'tcp6only',
]
const WAITS = [
  'nowait',
  'nowait',
  'wait',
  'nowait.5',
  'wait.10',
  'nowait.0',
  'nowait.x',
  'nowait.-1',
  'nowait.0x10',
  'nowait.010',
  'nowait.99999999999',
  'Wait',
  'nowait:5',
  'nowait/5',
  '.5',
  'nowait.',
  'wait.5x',
]
const USERS = ['root', 'nobody', 'root.daemon', 'root:daemon', 'nobody:', 'root/daemon', '.x', 'a:b.c']
const PROGRAMS = ['/bin/cat', '/bin/cat', 'internal', '/nowhere', 'cat', 'internal\r', "'/bin/cat'"]
const ARGUMENTS = [
  '',
  ' cat',
  ' cat -u',
  ' a b c d e f g h i j k l m n o p q r s t u v',
  ' # no comment',
  '\tcat\t',
]

const column = (words: readonly string[]): fc.Arbitrary<string> =>
  fc.nat({ max: 99 }).map((pick) => words[pick < 55 ? pick % 3 : pick % words.length] ?? '')

const gap = fc.constantFrom(' ', '\t', '\t\t', '  ')

const entry = fc
  .record({
    words: fc.tuple(
      fc.tuple(column(HOSTS), column(SERVICES)).map(([host, service]) => host + service),
      column(SOCKETS),
      column(PROTOCOLS),
      column(WAITS),
      column(USERS),
      column(PROGRAMS),
    ),
    gap,
    kept: fc.oneof({ weight: 12, arbitrary: fc.constant(6) }, { weight: 1, arbitrary: fc.nat({ max: 6 }) }),
    /** After which word the line is broken, if at all. */
    broken: fc.oneof({ weight: 10, arbitrary: fc.constant(9) }, { weight: 1, arbitrary: fc.nat({ max: 6 }) }),
    rest: column(ARGUMENTS),
    path: fc.nat({ max: 1_000_000 }),
  })
  .map(({ words: drawn, gap: between, kept, broken, rest, path }) => {
    // The base is read-only but for /run; and each path once, for a second entry does not change the socket's type.
    const words = drawn[2] === 'unix' ? [`/run/${path}`, ...drawn.slice(1)] : drawn
    const line = words
      .slice(0, kept)
      .map((word, index) => (index === 0 ? word : (index === broken ? '\n ' : between) + word))
      .join('')
    return kept === 6 ? line + rest : line
  })

const other = fc.constantFrom(
  '',
  ' ',
  '# comment',
  ' # an indented comment',
  '#echo stream tcp nowait root internal',
  '#<off># echo stream tcp nowait root internal',
  '127.0.0.1:',
  '127.0.0.1,127.0.0.3:',
  '::1:',
  '\tmore arguments',
  'x',
  'echo\0 stream tcp nowait root internal',
  `# ${'x'.repeat(1021)}`,
  `# ${'x'.repeat(1022)} 7099 stream tcp nowait root /bin/cat`,
  `7098 stream tcp nowait root /bin/cat ${'y'.repeat(1100)}`,
)

export const configurations: fc.Arbitrary<string> = fc
  .tuple(
    fc.array(fc.oneof({ weight: 5, arbitrary: entry }, { weight: 1, arbitrary: other }), {
      minLength: 1,
      maxLength: 7,
    }),
    fc.constantFrom('\n', '\n', '\n', '\r\n'),
    fc.constantFrom('\n', '\n', ''),
  )
  .map(([lines, eol, end]) => lines.join(eol) + end)
