import { describe, expect, it } from 'vitest'
import { xinetdState } from '../../fixtures.test-support'
import { resolve } from '../../xinetd/resolve'
import { toSystemd } from './to-systemd'
import type { SystemdContext, SystemdUnits } from './unit'

const usual =
  'socket_type = stream\nprotocol = tcp\nwait = no\nuser = nobody\nserver = /bin/cat\ntype = UNLISTED\nport = 7001'

function unitsOf(text: string, chosen: Partial<SystemdContext> = {}, name = 'a'): SystemdUnits {
  const state = xinetdState(`service ${name}\n{\n\t${text.replaceAll('\n', '\n\t')}\n}\n`)
  const [service] = resolve(state).services
  if (service === undefined) throw new Error('no service')
  return toSystemd(service, { version: 252, taken: [], ...chosen })
}

const linesOf = (units: SystemdUnits, which: number): readonly string[] =>
  units.units[which]?.text.split('\n') ?? []

describe('a service of xinetd for systemd', () => {
  it('is a socket and a template for its connections', () => {
    const { units, enable, lost, notes } = unitsOf(usual)
    expect(units).toEqual([
      {
        name: 'a.socket',
        text: `# From /etc/xinetd.conf, line 1
[Unit]
Description=a, as xinetd ran it

[Socket]
ListenStream=0.0.0.0:7001
ListenStream=[::]:7001
BindIPv6Only=ipv6-only
Accept=yes
Backlog=64
MaxConnections=4294967295
TriggerLimitIntervalSec=1s
TriggerLimitBurst=50

[Install]
WantedBy=sockets.target
`,
      },
      {
        name: 'a@.service',
        text: `# From /etc/xinetd.conf, line 1
[Unit]
Description=a, as xinetd ran it

[Service]
ExecStart=-@/bin/cat cat
StandardInput=socket
StandardOutput=socket
StandardError=socket
User=nobody
IgnoreSIGPIPE=no
KillMode=process
`,
      },
    ])
    expect(enable).toBe(true)
    expect(lost).toEqual([{ attribute: 'libwrap', values: [], why: 'libwrap' }])
    expect(notes).toEqual(['rateStopsForGood', 'remoteAddress', 'supplementaryGroups'])
  })

  it('is one service where the program gets the socket', () => {
    const units = unitsOf(usual.replace('wait = no', 'wait = yes'))
    expect(units.units.map(({ name }) => name)).toEqual(['a.socket', 'a.service'])
    expect(linesOf(units, 0)).toEqual(
      expect.arrayContaining(['ListenStream=7001', 'BindIPv6Only=both', 'Accept=no']),
    )
    expect(linesOf(units, 1)).toContain('StartLimitIntervalSec=0')
    const each = unitsOf(usual.replace('stream', 'dgram').replace('tcp', 'udp'))
    expect(each.notes).toContain('oneForAll')
    expect(linesOf(each, 0)).toEqual(expect.arrayContaining(['ListenDatagram=7001', 'Accept=no']))
  })

  it.each([
    ['flags = IPv4', ['ListenStream=0.0.0.0:7001']],
    ['flags = IPv6\nv6only = yes', ['ListenStream=[::]:7001', 'BindIPv6Only=ipv6-only']],
    ['bind = 127.0.0.1', ['ListenStream=127.0.0.1:7001']],
    ['bind = ::1', ['ListenStream=[::1]:7001']],
    ['instances = 5\nper_source = 2', ['MaxConnections=5', 'MaxConnectionsPerSource=2']],
    ['cps = 3 20', ['TriggerLimitIntervalSec=1s', 'TriggerLimitBurst=3']],
    ['cps = 0 0', ['TriggerLimitIntervalSec=0']],
    ['flags = NODELAY KEEPALIVE LABELED', ['NoDelay=yes', 'KeepAlive=yes', 'SELinuxContextFromNet=yes']],
    ['no_access = 10.1.0.0', ['IPAddressDeny=10.1.0.0/16']],
    ['only_from = 10.0.0.0/31\nno_access = 10.0.0.1', ['IPAddressAllow=10.0.0.0/32', 'IPAddressDeny=any']],
    ['only_from =', ['IPAddressDeny=any']],
  ])('has a socket by %s', (text, expected) => {
    expect(linesOf(unitsOf(`${usual}\n${text}`), 0)).toEqual(expect.arrayContaining(expected))
  })

  it.each([
    ['group = tty\nnice = -30\numask = 27', ['Group=tty', 'Nice=-20', 'UMask=0027']],
    [
      'rlimit_as = 8M\nrlimit_cpu = UNLIMITED\nrlimit_files = 20',
      ['LimitAS=8388608', 'LimitCPU=infinity', 'LimitNOFILE=20'],
    ],
    [
      'env = A=1 B=%h;"x"\npassenv = PATH',
      ['Environment=A=1', 'Environment="B=%%h;\\"x\\""', 'PassEnvironment=PATH'],
    ],
    [
      'server_args = $HOME 100% ; a\\b "c" ü',
      ['ExecStart=-@/bin/cat cat "$$HOME" 100%% ";" "a\\\\b" "\\"c\\"" "ü"'],
    ],
    ['flags = NAMEINARGS\nserver_args = dog -u', ['ExecStart=-@/bin/cat dog -u']],
  ])('has a program by %s', (text, expected) => {
    expect(linesOf(unitsOf(`${usual}\n${text}`), 1)).toEqual(expect.arrayContaining(expected))
  })

  it('lets a newer systemd rest instead of failing', () => {
    const units = unitsOf(`${usual}\ncps = 3 20`, { version: 255 })
    expect(linesOf(units, 0)).toEqual(expect.arrayContaining(['PollLimitIntervalSec=1s', 'PollLimitBurst=3']))
    expect(units.notes).toContain('rateRests')
  })

  it.each([
    ['type = INTERNAL', 'echo', 'internal'],
    ['flags = SENSOR', 'a', 'sensor'],
    ['redirect = 127.0.0.1 80', 'a', 'redirect'],
    ['type = RPC\nrpc_version = 1', 'a', 'rpc'],
    ['type = TCPMUX', 'a', 'tcpmux'],
    ['bind = localhost', 'a', 'boundToName'],
    ['instances = 0', 'a', 'nobodyIn'],
    ['server = bin/cat', 'a', 'notAbsolute'],
  ])('has no units for %s', (text, name, why) => {
    const all = text.startsWith('server')
      ? usual.replace('server = /bin/cat', text)
      : text.startsWith('type')
        ? usual.replace('type = UNLISTED', text)
        : `${usual}\n${text}`
    const { units, lost } = unitsOf(all, {}, name)
    expect(units).toEqual([])
    expect(lost[0]?.why).toBe(why)
  })

  it('says what is lost, and nothing of what is built in', () => {
    const text = `${usual}\naccess_times = 1:00-2:00\nbanner = /etc/issue\nmax_load = 2\nlog_on_success = PID\nflags = NOLIBWRAP IDONLY\nonly_from = .example.org 10.1.2.3`
    expect(
      unitsOf(text)
        .lost.map(({ attribute, why }) => `${attribute} ${why}`)
        .sort(),
    ).toEqual([
      'access_times noClock',
      'banner noBanner',
      'flags identity',
      'log_on_success journal',
      'max_load noLoad',
      'only_from notAnAddress',
    ])
  })

  it('takes names that systemd takes, and that are free', () => {
    expect(unitsOf(usual, { taken: ['a.service', 'b@.service'] }).units[0]?.name).toBe('a-xinetd.socket')
    expect(unitsOf(`${usual}\nid = x/y@%z`).units[0]?.name).toBe('x-y-z.socket')
    expect(linesOf(unitsOf(`${usual}\nid = x%z`), 0)).toContain('Description=x%%z, as xinetd ran it')
  })
})
