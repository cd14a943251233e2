/** Lists of words: each is one service's lines. */
const lists: readonly (readonly string[])[] = [
  [],
  ['only_from ='],
  ['no_access ='],
  ['only_from = 0.0.0.0'],
  ['only_from = 0'],
  ['only_from = 10'],
  ['only_from = 10.0'],
  ['only_from = 10.0.0.0'],
  ['only_from = 10.1.2.0'],
  ['only_from = 10.1.2.3'],
  ['only_from = 10.1.2.3/8'],
  ['only_from = 10.1.2.0/31'],
  ['only_from = 10.1.2.0/32'],
  ['only_from = 192.168.7.9/33'],
  ['only_from = 10/8'],
  ['only_from = 1.2.3.4/0'],
  ['only_from = 10.{1,2}'],
  ['only_from = 10.1.{2,7}'],
  ['only_from = 10.1.2.{3,4}'],
  ['only_from = 10.9{1}'],
  ['only_from = {10,127}'],
  ['only_from = 10.{257}'],
  ['only_from = 0x0a.1.2.3'],
  ['only_from = 012.1.515'],
  ['only_from = ::'],
  ['only_from = ::/0'],
  ['only_from = ::1'],
  ['only_from = fd00:1::5'],
  ['only_from = fd00:1::5/128'],
  ['only_from = fd00:1::/33'],
  ['only_from = fd00::/15'],
  ['only_from = 2001:db8::/32 fd00:1::/32'],
  ['only_from = ::ffff:10.1.2.3'],
  ['only_from = ::ffff:10.0.0.0/104'],
  ['only_from = ::/0', 'flags = IPv4'],
  ['only_from = ::ffff:10.1.2.3', 'flags = IPv4'],
  ['only_from = 10.0.0.0/8', 'flags = IPv4'],
  ['only_from = 10.0.0.0/8', 'flags = IPv6'],
  ['only_from = 0.0.0.0', 'v6only = yes'],
  ['only_from = ::/0', 'v6only = no'],
  ['bind = 127.0.0.1', 'only_from = 10.0.0.0'],
  ['bind = ::1'],
  ['only_from = localhost'],
  ['only_from = localhost', 'flags = IPv4'],
  ['only_from = alpha.example.org', 'flags = IPv4'],
  ['only_from = ALPHA.Example.ORG', 'flags = IPv4'],
  ['only_from = alpha', 'flags = IPv4'],
  ['only_from = .example.org', 'flags = IPv4'],
  ['only_from = .example.org'],
  ['no_access = .example.org'],
  ['only_from = .org', 'flags = IPv4'],
  ['only_from = example.org', 'flags = IPv4'],
  ['only_from = nowhere.example.org'],
  ['no_access = nowhere.example.org'],
  ['only_from = loopback'],
  ['only_from = 300.1.1.1'],
  ['no_access = 300.1.1.1'],
  ['only_from = 300.1.1.1 10.0.0.0'],
  ['only_from = 10..1'],
  ['only_from = .1'],
  ['only_from = 10.0.{1,2}.0'],
  ['only_from = 10.1.2.3,10.2.0.7'],
  ['only_from = 0.0.0.0', 'no_access = 10.1.2.3'],
  ['only_from = 10.1.2.3', 'no_access = 10.0.0.0'],
  ['only_from = 10.1.2.3', 'no_access = 10.1.2.3'],
  ['only_from = 10.1.2.3/32', 'no_access = 0.0.0.0/0'],
  ['only_from += 10.1.2.3', 'only_from += 127.0.0.0'],
  ['only_from = 10.0.0.0 127.0.0.0', 'only_from -= 127.0.0.0'],
  ['only_from = 10.0.0.0', 'only_from -= 10.0.0.0'],
  ['no_access = 10.1.2.3'],
  ['no_access += 10.1.2.3'],
  ['no_access -= 10.200.0.1'],
]

/** Beside the lists: what else lets in and keeps out, and several at once, by which the order shows. */
const others: readonly (readonly string[])[] = [
  ['max_load = 2.5'],
  ['max_load = 2.51'],
  ['max_load = 2.49'],
  ['instances = 0'],
  ['instances = UNLIMITED'],
  ['per_source = 0'],
  ['cps = 0 0'],
  ['disable = yes'],
  ['nice = x'],
  ['libwrap = closed'],
  ['libwrap = closed', 'flags = NOLIBWRAP'],
  ['libwrap = some'],
  ['libwrap = named', 'flags = IPv4'],
  ['libwrap = named'],
  ['libwrap = six'],
  ['libwrap = masked'],
  ['libwrap = nosuch'],
  ['server = /bin/cat', 'server_args = /mnt/in'],
  ['flags = NAMEINARGS', 'server = /bin/echo', 'server_args = closed in'],
  ['flags = NAMEINARGS', 'server = /bin/echo', 'server_args = /usr/sbin/closed in'],
  ['flags = NAMEINARGS', 'server = /bin/echo', 'server_args = /closed/open in'],
  ['name closed', 'redirect = 127.0.0.1 7000'],
  ['name open', 'redirect = 127.0.0.1 7000', 'server = /bin/cat'],
  ['name daytime', 'type = INTERNAL UNLISTED', 'only_from = 10.0.0.0 ::1'],
  ['name time', 'type = INTERNAL UNLISTED'],
  ['name chargen', 'type = INTERNAL UNLISTED', 'only_from = 127.0.0.0/8'],
  ['wait = yes', 'server = /run/wait-server.py'],
  ['wait = yes', 'server = /run/wait-server.py', 'no_access = 0.0.0.0 ::/0'],
  ['wait = yes', 'server = /run/wait-server.py', 'only_from = 0.0.0.0 ::/0', 'cps = 3 1'],
  ['wait = yes', 'server = /run/wait-server.py', 'per_source = 1'],
  ['wait = yes', 'server = /run/wait-server.py', 'flags = INTERCEPT', 'no_access =', 'cps = 3 1'],
  ['wait = yes', 'server = /run/wait-server.py', 'libwrap = some', 'cps = 3 1'],
  [
    'name daytime',
    'type = INTERNAL UNLISTED',
    'socket_type = dgram',
    'wait = yes',
    'only_from = 10.0.0.0 ::1',
  ],
  ['name daytime', 'type = INTERNAL UNLISTED', 'socket_type = dgram', 'wait = yes', 'libwrap = some'],
  [
    'name daytime',
    'type = INTERNAL UNLISTED',
    'socket_type = dgram',
    'wait = yes',
    'libwrap = some',
    'flags = IPv4',
  ],
  [
    'name time',
    'type = INTERNAL UNLISTED',
    'socket_type = dgram',
    'wait = no',
    'no_access =',
    'flags = IPv4',
  ],
  ['max_load = 2', 'instances = 0', 'per_source = 0', 'only_from =', 'libwrap = closed'],
  ['instances = 0', 'per_source = 0', 'only_from =', 'libwrap = closed'],
  ['per_source = 0', 'only_from =', 'libwrap = closed'],
  ['only_from =', 'libwrap = closed'],
]

export const byHand: readonly (readonly string[])[] = [...lists, ...others]

/** cat, so that a session stays. */
const cat = ['server = /bin/cat'] as const

/** Which of these come in turn, and stay when they get in. */
export const sessions: readonly { readonly lines: readonly string[]; readonly from: readonly string[] }[] = [
  {
    lines: [...cat, 'instances = 2'],
    from: ['10.1.2.3', '10.1.2.3', '10.1.2.3', '::1'],
  },
  {
    lines: [...cat, 'per_source = 1'],
    from: ['10.1.2.3', '10.1.2.3', '10.2.0.7', '::1', '::1', 'fd00:1::5', '10.2.0.7'],
  },
  {
    lines: [...cat, 'per_source = 2', 'flags = IPv4'],
    from: ['10.1.2.3', '127.0.0.1', '10.1.2.3', '10.1.2.3', '127.0.0.1', '127.0.0.1'],
  },
  {
    lines: [...cat, 'per_source = 2', 'instances = 3'],
    from: ['10.1.2.3', '10.1.2.3', '10.1.2.3', '::1', '127.0.0.1', '::1'],
  },
  {
    lines: [...cat, 'instances = 1', 'only_from = 10.1.2.3'],
    from: ['10.1.2.3', '10.1.2.3', '127.0.0.1'],
  },
]

/** What a refusal does to services of their kind. */
export const wrecked: readonly {
  readonly lines: readonly string[]
  readonly why: 'stuck' | 'nothingListens'
}[] = [
  { lines: ['wait = yes', 'server = /run/wait-server.py', 'instances = 0'], why: 'stuck' },
  { lines: ['wait = yes', 'server = /run/wait-server.py', 'max_load = 1'], why: 'stuck' },
  {
    lines: ['name time', 'type = INTERNAL UNLISTED', 'socket_type = dgram', 'wait = no', 'only_from ='],
    why: 'nothingListens',
  },
]

export const pauses: readonly (readonly string[])[] = [['cps = 3 1'], ['cps = 1 2']]

/** Sensors, and who comes to them. */
export const sensors: readonly { readonly lines: readonly string[]; readonly from: string }[] = [
  { lines: ['flags = SENSOR', 'deny_time = 5'], from: '10.66.0.1' },
  { lines: ['flags = SENSOR IPv4', 'deny_time = FOREVER'], from: '10.66.0.2' },
  // The list takes it for a network.
  { lines: ['flags = SENSOR IPv4', 'deny_time = 7'], from: '10.67.3.0' },
  { lines: ['flags = SENSOR', 'deny_time = 60'], from: 'fd00:66::1' },
  { lines: ['flags = SENSOR', 'deny_time = NEVER'], from: '10.66.0.4' },
  { lines: ['flags = SENSOR'], from: '10.66.0.5' },
]

/** Services to which they, and their neighbours, come then. */
export const afterwards: readonly (readonly string[])[] = [
  [],
  ['flags = IPv4'],
  ['flags = SENSOR'],
  ['wait = yes', 'server = /run/wait-server.py'],
]

export const outcasts = [
  '10.66.0.1',
  '10.66.0.2',
  '10.67.3.0',
  '10.67.3.9',
  'fd00:66::1',
  'fd00:66::2',
  '10.66.0.4',
  '10.66.0.5',
  '10.66.0.9',
] as const
