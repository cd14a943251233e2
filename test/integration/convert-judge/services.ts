import type { HostNames, XinetdService } from '../../../shared/model/superserver'
import { resolve } from '../../../shared/model/superserver'
import { configurationOf } from '../xinetd-judge/judge'

/** Services of xinetd, each with what it says beside its port, which is 7000 and its place here. */
const perl = 'server = /usr/bin/perl\nserver_args = /srv/tell.pl'
const stream = `socket_type = stream\nprotocol = tcp\nwait = no\nuser = nobody\n${perl}`
const datagram = `socket_type = dgram\nprotocol = udp\nwait = yes\nuser = nobody\n${perl}`

/** These are run too, and asked. */
export const running = {
  plain: stream,
  ipv4: `${stream} a b\nflags = IPv4`,
  named: `socket_type = stream\nprotocol = tcp\nwait = no\nuser = desk\ngroup = tty\nflags = NAMEINARGS\nserver = /usr/bin/perl\nserver_args = my-name /srv/tell.pl $HOME $$ %n %% "x" 'y' \\ \\n ; größe # } {`,
  waiting: stream.replace('wait = no', 'wait = yes'),
  datagram,
  limited: `${stream}\nflags = IPv4\nnice = 5\numask = 077\nrlimit_files = 100\nrlimit_as = 512M\nrlimit_cpu = UNLIMITED\nenv = A=b%n C=$x;"y"\ninstances = 3\nper_source = 2`,
  only: `${stream}\nflags = IPv4\nonly_from = 127.0.0.0/8 10.0.0.0\nno_access = 127.0.0.2`,
  denied: `${stream}\nno_access = 127.0.0.{2,3} ::1`,
  bound: `${stream}\nbind = 127.0.0.2`,
} as const

const others: Readonly<Record<string, string>> = {
  bound6: `${stream}\nbind = ::1`,
  v6only: `${stream}\nflags = IPv6\nv6only = yes`,
  unlimited: `${stream}\ninstances = UNLIMITED\nper_source = UNLIMITED\ncps = 0 0`,
  nobodyIn: `${stream}\nper_source = 0`,
  cps: `${stream}\ncps = 3 20`,
  root: stream.replace('nobody', 'root'),
  groups: `${stream}\ngroups = yes`,
  numbers: `${stream}\ngroup = 1`,
  nodelay: `${stream}\nflags = NODELAY KEEPALIVE REUSE NORETRY`,
  labeled: `${stream}\nflags = LABELED`,
  unwrapped: `${stream}\nflags = NOLIBWRAP`,
  wrapped: `${stream}\nlibwrap = other`,
  passed: `${stream}\npassenv = PATH LANG`,
  environment: `${stream}\nenv = A=1 B=two,three C=\\x D=%h E="q"`,
  memory: `${stream}\nrlimit_as = 64M\nrlimit_data = 8k\nrlimit_rss = 1000000\nrlimit_stack = UNLIMITED\nrlimit_cpu = 30`,
  times: `${stream}\naccess_times = 8:00-18:00`,
  banner: `${stream}\nbanner = /etc/issue\nbanner_success = /etc/issue\nbanner_fail = /etc/issue`,
  load: `${stream}\nmax_load = 3.5`,
  logged: `${stream}\nlog_type = SYSLOG daemon\nlog_on_success = PID HOST\nlog_on_failure = HOST`,
  names: `${stream}\nonly_from = .example.org localhost 10.1.2.3`,
  nobody: `${stream}\nonly_from =`,
  everyone: `${stream}\nonly_from = 0.0.0.0/0 ::/0`,
  parts: `${stream}\nonly_from = 10.0.0.0 172.16.{1,2} 0x7f.1 192.168.1.1/24 fe80::/10 2001:db8::1`,
  holes: `${stream}\nonly_from = 10.0.0.0/8\nno_access = 10.1.2.3`,
  intercept: `${datagram}\nflags = INTERCEPT`,
  identified: `${stream}\nflags = IDONLY\nlog_on_success = USERID`,
  each: datagram.replace('wait = yes', 'wait = no'),
  datagram4: `${datagram}\nflags = IPv4\nbind = 127.0.0.1`,
  odd: `${stream} a;b ; "c d" \\ ' \`x\` $(x) \${y} * ~ | > < & ü %i`,
  'with-dash': stream,
  'with+plus@at%x': stream,
  'with.dot': stream,
  disabled: `${stream}\ndisable = yes`,
  nice: `${stream}\nnice = -5\numask = 22`,
  cat: `socket_type = stream\nprotocol = tcp\nwait = no\nuser = nobody\nserver = /bin/cat`,
  // What leaves nothing to be run.
  echo: 'type = INTERNAL UNLISTED\nsocket_type = stream\nprotocol = tcp\nwait = no',
  sensor: `${stream}\nflags = SENSOR\ndeny_time = 60`,
  redirect: 'socket_type = stream\nprotocol = tcp\nwait = no\nuser = nobody\nredirect = 127.0.0.1 80',
  mux: `${stream}\ntype = TCPMUX`,
  byName: `${stream}\nbind = localhost`,
}

export const portOf = (name: string): number => 7001 + Object.keys(running).indexOf(name)

/** The file of xinetd for these, from port 7001 on. */
export function fileOf(services: Readonly<Record<string, string>>): string {
  return Object.entries(services)
    .map(([name, text], at) => {
      const type =
        text.includes('type = INTERNAL') || text.includes('type = TCPMUX') ? '' : '\n\ttype = UNLISTED'
      const lines = text.replace('type = TCPMUX', 'type = TCPMUX UNLISTED').replaceAll('\n', '\n\t')
      return `service ${name}\n{\n\t${lines}${type}\n\tport = ${7001 + at}\n}\n`
    })
    .join('\n')
}

/** All of them as the model has them. */
export function resolved(names: HostNames): readonly XinetdService[] {
  const text = fileOf({ ...running, ...others })
  return resolve(configurationOf({ name: '', files: { 'xinetd.conf': text } }, 0, names)).services
}
