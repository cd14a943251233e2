import fc from 'fast-check'
import type { Case } from './judge'

/** Per attribute: values that are usual, odd, and wrong. */
const VALUES: Readonly<Record<string, readonly string[]>> = {
  socket_type: ['stream', 'dgram', 'seqpacket', 'streem', 'stream dgram'],
  protocol: ['tcp', 'udp', 'TCP', 'nosuch'],
  wait: ['yes', 'no', 'maybe', 'YES'],
  user: ['root', 'nobody', '65534', 'nosuchuser', '-1'],
  group: ['root', 'tty', '5', 'nosuchgroup'],
  server: ['/bin/cat', '/bin/true', '/nowhere', '/etc/passwd', 'cat'],
  server_args: ['-u', '-a -b', '', 'x = y'],
  instances: ['5', 'UNLIMITED', '0', '-1', 'many', '1.5', '0x10', '99999999999'],
  per_source: ['3', 'UNLIMITED', 'x', '-2'],
  log_on_success: ['PID HOST', 'EXIT DURATION', 'TRAFFIC', 'BOGUS', 'pid', '', 'PID PID'],
  log_on_failure: ['HOST', 'ATTEMPT', 'USERID', 'RECORD', ''],
  only_from: [
    '10.0.0.0/8',
    '192.168.1.0 10.0.0.1',
    '::1',
    '10.0.0.1,10.0.0.2',
    '',
    '0.0.0.0',
    '10.{1,2}',
    '10.0.0.0/33',
    '300.1.1.1',
    'localhost',
  ],
  no_access: ['10.0.0.0/8', '127.0.0.1', '10.0.0.1,10.0.0.2', '', 'fe80::/10'],
  access_times: [
    '8:00-18:00',
    '08:30-09:15 10:00-11:00',
    '22:00-06:00',
    '8-9',
    '8:00-24:00',
    '00:00-23:59',
    '8:00-8:00',
    '8:60-9:00',
    '008:00-9:00',
    '',
  ],
  type: ['UNLISTED', 'INTERNAL', 'UNLISTED INTERNAL', 'RPC', 'BOGUS', '', 'TCPMUX UNLISTED', 'TCPMUX'],
  flags: [
    'IPv4',
    'IPv6',
    'IPv4 IPv6',
    'NODELAY KEEPALIVE',
    'REUSE',
    'NAMEINARGS',
    'DISABLE',
    'NOLIBWRAP',
    'INTERCEPT',
    'NORETRY',
    'IDONLY',
    'ipv4',
    '',
  ],
  log_type: [
    'SYSLOG daemon',
    'SYSLOG daemon info',
    'SYSLOG nosuch',
    'SYSLOG',
    'FILE /run/xl',
    'FILE /run/xl 1k 2k',
    'FILE /run/xl 2k 1k',
    'FILE',
    'NONE',
    '',
    'SYSLOG local7 debug',
    'SYSLOG daemon loud',
  ],
  id: ['first', 'second', 'a b'],
  env: ['A=1', 'A=1 B=2', 'NOEQUALS', ''],
  port: ['7001', '7002', '7003', '7', '0', '65535', '65536', '-1', 'echo', '007001'],
  passenv: ['PATH', 'PATH HOME', 'NO_SUCH_VARIABLE', ''],
  nice: ['5', '-5', 'x', '+3', '5x', '99'],
  redirect: [
    '127.0.0.1 22',
    '127.0.0.1 echo',
    '::1 discard',
    'localhost 8080',
    '127.0.0.1 65535',
    '127.0.0.1 nosuch',
    '127.0.0.1',
    '127.0.0.1 0',
    '127.0.0.1 70000',
  ],
  bind: ['127.0.0.1', '127.0.0.2', '::1', '127.0.0.1 ::1', '300.1.1.1'],
  interface: ['127.0.0.1', '127.0.0.3'],
  groups: ['yes', 'no', 'on'],
  cps: ['20 5', '20', 'x 5', '0 0', '-1 5'],
  disable: ['yes', 'no', 'on', 'yes no', ''],
  max_load: ['3.5', '0', 'x', '.5', '2x', '-1'],
  rlimit_as: ['20M', '20m', 'UNLIMITED', '20g', '', '0'],
  rlimit_cpu: ['20', 'UNLIMITED', '20k', 'x'],
  rlimit_files: ['100', 'UNLIMITED', 'x'],
  rlimit_data: ['1k', '-1'],
  v6only: ['yes', 'no', 'x'],
  deny_time: ['5', 'FOREVER', 'NEVER', 'x'],
  umask: ['022', '0777', '8', '1777', '', '-1', '00022'],
  libwrap: ['name'],
  banner: ['/etc/passwd', '/nowhere', 'a b'],
  rpc_version: ['1', '1-3', '3-1', 'x'],
  rpc_number: ['400000', 'x'],
  enabled: ['first echo', ''],
  disabled: ['second', 'telnet'],
  mdns: ['yes', 'x'],
  unheard_of: ['1', ''],
}

const IN_DEFAULTS = [
  'log_type',
  'log_on_success',
  'log_on_failure',
  'disabled',
  'enabled',
  'no_access',
  'only_from',
  'instances',
  'passenv',
  'banner',
  'bind',
  'per_source',
  'groups',
  'cps',
  'max_load',
  'v6only',
  'umask',
  'nice',
  'unheard_of',
]

const operators = fc.oneof(
  { weight: 8, arbitrary: fc.constant('=') },
  { weight: 1, arbitrary: fc.constantFrom('+=', '-=') },
)

function assignment(names: readonly string[]): fc.Arbitrary<string> {
  return fc.tuple(fc.constantFrom(...names), operators, fc.nat()).map(([name, operator, pick]) => {
    const values = VALUES[name] ?? ['']
    // The usual values stand first; they come up more often.
    return `\t${name} ${operator} ${values[pick % 2 === 0 ? (pick / 2) % Math.min(2, values.length) : pick % values.length] ?? ''}`
  })
}

/** Lines that break a block or pass for something else. Each ends in white space or not, which matters to the daemon. */
const oddLines = fc.constantFrom(
  '\tnice=5',
  '\tnice ',
  '\tnice',
  '\tport 7001',
  '\tport ++= 7',
  '# comment',
  '',
  '\tnice = 5 # inline',
  '\tservice x',
  '\t{',
  '\t= 5',
  '\tnice = 5\r',
)

const bodyLine = (names: readonly string[]) =>
  fc.oneof({ weight: 30, arbitrary: assignment(names) }, { weight: 1, arbitrary: oddLines })

const allNames = Object.keys(VALUES)

/** A service that would run as it stands, then lines that may spoil it, before and after. */
const service = fc
  .record({
    name: fc.constantFrom('first', 'second', 'third', 'echo', 'daytime', 'telnet', 'nosuchservice'),
    port: fc.constantFrom('7001', '7002', '7003', '7004', '7005', '7006'),
    internal: fc.boolean(),
    spoil: fc.array(fc.tuple(fc.nat({ max: 12 }), bodyLine(allNames)), { maxLength: 4 }),
    spacing: fc.constantFrom('', '', '\n', '\n# between\n'),
    frame: fc.oneof(
      { weight: 20, arbitrary: fc.constant('whole') },
      { weight: 1, arbitrary: fc.constantFrom('noOpen', 'noClose', 'sameLine') },
    ),
  })
  .map(({ name, port, internal, spoil, spacing, frame }) => {
    const isListed = ['echo', 'daytime', 'telnet'].includes(name)
    const lines = [
      ...(internal && isListed && name !== 'telnet'
        ? ['\ttype = INTERNAL']
        : isListed
          ? []
          : ['\ttype = UNLISTED', `\tport = ${port}`]),
      '\tsocket_type = stream',
      '\tprotocol = tcp',
      '\twait = no',
      '\tuser = root',
      ...(internal && isListed && name !== 'telnet' ? [] : ['\tserver = /bin/cat']),
    ]
    for (const [at, line] of spoil) lines.splice(Math.min(at, lines.length), 0, line)
    const body = lines.map((line) => `${line}\n`).join('')
    const open = frame === 'noOpen' ? '' : '{\n'
    const close = frame === 'noClose' ? '' : '}\n'
    return frame === 'sameLine'
      ? `service ${name} {\n${body}}\n${spacing}`
      : `service ${name}\n${open}${body}${close}${spacing}`
  })

const defaults = fc
  .array(bodyLine(IN_DEFAULTS), { maxLength: 5 })
  .map((lines) => `defaults\n{\n${lines.map((line) => `${line}\n`).join('')}}\n`)

const between = fc.constantFrom(
  '',
  '',
  '',
  '',
  '# comment\n',
  '\n',
  'junk\n',
  '}\n',
  'service\n',
  'include CASE/nowhere\n',
)

const text = fc
  .array(fc.tuple(fc.oneof({ weight: 6, arbitrary: service }, { weight: 1, arbitrary: defaults }), between), {
    minLength: 1,
    maxLength: 4,
  })
  .map((parts) => parts.flat().join(''))

/** Configurations, sane and not, of one file or several. */
export const configurations: fc.Arbitrary<Case> = fc
  .record({
    head: fc.oneof(fc.constant(''), defaults),
    main: text,
    included: fc.option(fc.record({ Upper: text, lower: text, 'dot.ted': text, 'tilde~': text }), {
      nil: null,
      freq: 3,
    }),
    cut: fc.oneof({ weight: 12, arbitrary: fc.constant(0) }, { weight: 1, arbitrary: fc.nat({ max: 40 }) }),
  })
  .map(({ head, main, included, cut }) => {
    const whole = `${head}${main}${included === null ? '' : 'includedir CASE/d\n'}`
    const files: Record<string, string> = { 'xinetd.conf': cut === 0 ? whole : whole.slice(0, -cut) }
    for (const [name, content] of Object.entries(included ?? {})) files[`d/${name}`] = content
    return { name: 'generated', files }
  })
