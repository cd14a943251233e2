import { describe, expect, it } from 'vitest'
import { readFacts } from './read'

const debian: Readonly<Record<string, string>> = {
  uname: 'Linux\n6.1.0\nx86_64\nharbor\n',
  id: '1000\nadmin\n',
  osRelease: 'PRETTY_NAME="Debian GNU/Linux 12 (bookworm)"\nID=debian\nVERSION_ID="12"\n',
  init: 'systemd\n',
  loadavg: '0.10 0.20 0.30 1/99 1234\n',
  btime: 'btime 1795409004\n',
  processors: '2\n',
  meminfo: 'MemTotal: 100 kB\nMemAvailable: 60 kB\n',
  timeZone: 'Asia/Shanghai\n',
  utcOffset: '+0800\n',
  ip: '1: lo    inet 127.0.0.1/8 scope host lo\n',
  virtualization: 'kvm\n',
  packageManager: 'apt\n',
  programs: '/usr/bin/sudo\n/usr/sbin/ipvsadm\n/usr/bin/Xtigervnc\n/usr/sbin/keepalived\n',
  shells: '/bin/sh\n/bin/bash\n',
  superservers: 'xinetd\nbusybox-inetd\n',
  running: 'xinetd\n',
  ipvs: '',
  managers: 'Ansible /etc/xinetd.d/a b\nPuppet /etc/puppetlabs/puppet/puppet.conf\n',
  disk: 'Filesystem 1024-blocks Used Available Capacity Mounted on\n/dev/sda1 100 40 60 40% /\n',
  users: ' 3\n',
}
const facts = (said: Readonly<Record<string, string>>) => readFacts('h', new Map(Object.entries(said)))

describe('facts', () => {
  it('of a Debian host', () => {
    expect(facts(debian)).toMatchObject({
      host: 'h',
      system: {
        name: 'Debian GNU/Linux 12 (bookworm)',
        id: 'debian',
        release: '6.1.0',
        hostname: 'harbor',
        init: 'systemd',
        timeZone: 'Asia/Shanghai',
        packageManager: 'apt',
        user: 'admin',
        root: false,
      },
      load: {
        bootedAt: 1795409004,
        average: [0.1, 0.2, 0.3],
        processors: 2,
        users: 3,
        disk: { total: 102400 },
      },
      tools: {
        superservers: [
          { name: 'xinetd', installed: true, running: true },
          { name: 'busybox-inetd', installed: true, running: null },
        ],
        balancer: { ipvsadm: true, keepalived: { installed: true, running: false }, kernel: true },
        vnc: ['Xtigervnc'],
        sudo: true,
        doas: false,
      },
      managers: [
        { tool: 'Ansible', evidence: '/etc/xinetd.d/a b' },
        { tool: 'Puppet', evidence: '/etc/puppetlabs/puppet/puppet.conf' },
      ],
    })
  })

  it('of FreeBSD, as its sysctl words it', () => {
    const { load, system } = facts({
      uname: 'FreeBSD\n14.1-RELEASE\namd64\nbsd\n',
      loadavg: '{ 0.50 0.40 0.30 }\n',
      btime: '{ sec = 1700000000, usec = 5 } Tue Nov 14 22:13:20 2023\n',
      init: 'bsd\n',
    })
    expect(load).toMatchObject({ average: [0.5, 0.4, 0.3], bootedAt: 1700000000, memory: null, disk: null })
    expect(system).toMatchObject({
      name: 'FreeBSD 14.1-RELEASE',
      id: null,
      init: 'bsd',
      virtualization: null,
    })
  })

  it('of a host that says nothing, or nonsense, are unknown and not wrong', () => {
    const hostile = Object.fromEntries(
      Object.keys(debian).map((name) => [name, '\u0000;`reboot`\udc80\n$(x)']),
    )
    for (const said of [{}, hostile]) {
      expect(facts(said)).toMatchObject({
        system: { init: null, packageManager: null },
        load: { average: null, bootedAt: null, memory: null, disk: null, users: null },
        addresses: [],
        tools: { superservers: [], vnc: [], shells: [] },
      })
    }
  })
})
