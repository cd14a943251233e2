import { beforeAll, describe, expect, it } from 'vitest'
import { inetd } from '../../../shared/lens/inetd'
import type { HostNames, XinetdService } from '../../../shared/model/superserver'
import { resolve } from '../../../shared/model/superserver'
import { sourcesOf, toXinetd, wrapsOf } from '../../../shared/model/superserver/convert'
import { ensureBase } from '../../lab/base/build'
import { configurationOf, namesIn } from '../xinetd-judge/judge'
import { run } from './judge'

const text = `ftp	stream	tcp	nowait	root	/usr/sbin/tcpd	/usr/sbin/in.ftpd -l
telnet	stream	tcp	nowait	root	/usr/sbin/tcpd	in.telnetd
finger	stream	tcp	nowait	nobody.daemon	/usr/bin/perl	in.fingerd -w
talk	dgram	udp	wait	nobody:tty	/usr/bin/perl	perl
echo	stream	tcp	nowait	root	internal
discard	dgram	udp	wait	root	internal
rstatd/1-3	dgram	rpc/udp	wait	root	/usr/bin/perl	perl
smtp	stream	tcp	nowait.100	mail	/bin/cat	cat
pop3	stream	tcp6	nowait	nobody	/bin/cat	cat
7001	stream	tcp	nowait	nobody	/bin/cat	cat
127.0.0.1:imap2	stream	tcp	nowait	nobody	/bin/cat	cat
time	stream	tcp	nowait	root	internal
`

/** What decides how a service runs. The family of the socket is told by the other judge. */
const attributes = [
  'state',
  'id',
  'type',
  'flags',
  'protocol',
  'port',
  'bind',
  'wait',
  'user',
  'group',
  'groups',
  'server',
  'server_args',
  'rpc_version',
]

describe('what the tools of the xinetd package make of inetd.conf', () => {
  let base = ''
  let names: HostNames
  let own: ReadonlyMap<string, XinetdService> = new Map()

  beforeAll(async () => {
    base = (await ensureBase((line) => console.log(line))).root
    names = namesIn(base)
    const conversions = toXinetd(sourcesOf(inetd.parse(text), 'openbsd', 'leave'), {
      dialect: 'openbsd',
      path: '/etc/inetd.conf',
      names,
      wraps: wrapsOf('openbsd', []),
      libwrap: true,
      daemonDirectory: '/usr/sbin',
      rpc: 'convert',
      families: 'apart',
      defaults: [],
      taken: { files: [], ids: [] },
    })
    own = servicesOf(conversions.map((one) => (one.kind === 'converted' ? one.text : '')).join('\n'), names)
    expect(own.size).toBe(12)
  })

  async function differences(...argv: readonly string[]): Promise<readonly string[]> {
    const theirs = servicesOf(await run('chroot', [base, ...argv], text), names)
    const found = [...own].flatMap(([name, service]) => {
      const other = theirs.get(name)
      if (other === undefined) return [`${name} is left out`]
      return attributes
        .map((attribute) => [attribute, told(other, attribute), told(service, attribute)] as const)
        .filter(([, was, is]) => was !== is)
        .map(([attribute, was, is]) => `${name} ${attribute}: ${was}, not ${is}`)
    })
    const fresh = [...theirs.keys()].filter((name) => !own.has(name)).map((name) => `${name} is new`)
    return [...found, ...fresh].sort()
  }

  it('itox differs in these, and we know why', async () => {
    expect(await differences('/usr/bin/itox', '-daemon_dir', '/usr/sbin')).toEqual(known(itox))
  })

  it('xconv.pl differs in these, and we know why', async () => {
    expect(await differences('/usr/bin/xconv.pl')).toEqual(known(xconv))
  })
})

type Causes = Readonly<Record<string, readonly string[]>>

const known = (causes: Causes): readonly string[] => Object.values(causes).flat().sort()

const both: Causes = {
  'inetd gave programs the groups of their users; xinetd takes them away unless told': [
    ...['ftp', 'telnet', 'finger', 'smtp', 'pop3', '7001', 'talk'].map(
      (name) => `${name} groups: no, not yes`,
    ),
  ],
  'a port is no name of /etc/services, and xinetd refuses what is none': [
    '7001 state: refused, not enabled',
    '7001 type: nothing, not UNLISTED',
    '7001 port: nothing, not 7001',
  ],
  'an address stays a part of the name': ['imap2 is left out', '127.0.0.1:imap2 is new'],
  'tcp6 is in no /etc/protocols': ['pop3 state: refused, not enabled'],
  'an internal service needs no user': ['echo', 'discard', 'time'].map(
    (name) => `${name} user: root, not nothing`,
  ),
}

const itox: Causes = {
  ...both,
  'what no tcpd stood before becomes subject to hosts.allow': [
    ...['smtp', 'pop3', '7001', 'talk', 'echo', 'discard', 'time', 'rstatd'].map(
      (name) => `${name} flags: nothing, not NOLIBWRAP`,
    ),
    'rstatd groups: no, not yes',
  ],
  'the name of a program is dropped': [
    'finger flags: nothing, not NAMEINARGS NOLIBWRAP',
    'finger server_args: -w, not in.fingerd -w',
  ],
  'user:group is taken for a user, whom xinetd does not know': [
    'talk state: refused, not enabled',
    'talk user: nothing, not nobody',
    'talk group: nothing, not tty',
  ],
}

const xconv: Causes = {
  ...both,
  'every service has its name in its arguments, and none is kept from hosts.allow': [
    ...['smtp', 'pop3', '7001', 'talk', 'echo', 'discard', 'time'].map(
      (name) => `${name} flags: NAMEINARGS, not NOLIBWRAP`,
    ),
    'finger flags: NAMEINARGS, not NAMEINARGS NOLIBWRAP',
    'smtp server_args: cat, not nothing',
    'pop3 server_args: cat, not nothing',
    '7001 server_args: cat, not nothing',
    'talk server_args: perl, not nothing',
  ],
  'which xinetd does not allow of internal ones': ['echo', 'discard', 'time'].map(
    (name) => `${name} state: refused, not enabled`,
  ),
  'tcpd stays before its programs: hosts.allow is asked about tcpd first': [
    'ftp flags: NAMEINARGS, not nothing',
    'ftp server: /usr/sbin/tcpd, not /usr/sbin/in.ftpd',
    'ftp server_args: /usr/sbin/in.ftpd -l, not -l',
    'telnet flags: NAMEINARGS, not nothing',
    'telnet server: /usr/sbin/tcpd, not /usr/sbin/in.telnetd',
    'telnet server_args: in.telnetd, not nothing',
  ],
  'RPC is passed over': ['rstatd is left out'],
}

/** By name, the first of each: ours has one for each family. */
function servicesOf(file: string, names: HostNames): ReadonlyMap<string, XinetdService> {
  const { services } = resolve(configurationOf({ name: '', files: { 'xinetd.conf': file } }, 0, names))
  return new Map([...services].reverse().map((service) => [service.name, service]))
}

function told(service: XinetdService, attribute: string): string {
  if (attribute === 'state') return service.state
  if (attribute === 'id') return service.id
  const words = service.settings[attribute]?.values ?? []
  return words.filter((word) => !/^IPv[46]$/.test(word)).join(' ') || 'nothing'
}
