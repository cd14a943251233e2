import type { FileImage } from '../change'
import { digestOfText } from '../change'
import type { GatheredFile, HostNames, SuperserverState, XinetdState } from './state'

export function image(text: string): FileImage {
  return {
    text,
    digest: digestOfText(text),
    mode: 0o644,
    uid: 0,
    gid: 0,
    label: null,
    acl: null,
    attributes: null,
    linkTarget: null,
    links: 1,
    mounted: false,
  }
}

export const names: HostNames = {
  services: [
    { name: 'echo', protocol: 'tcp', port: 7 },
    { name: 'echo', protocol: 'udp', port: 7 },
    { name: 'daytime', protocol: 'tcp', port: 13 },
    { name: 'telnet', protocol: 'tcp', port: 23 },
  ],
  protocols: ['tcp', 'udp'],
  users: ['root', 'nobody'],
  groups: ['root', 'tty'],
  rpc: [],
  programs: { '/bin/cat': true, '/bin/missing': false },
}

/** A host whose /etc/xinetd.conf is the first text, and whose /etc/xinetd.d holds the others. */
export function xinetdState(
  main: string,
  included: Readonly<Record<string, string>> = {},
  more: Partial<XinetdState> = {},
): XinetdState {
  const files: Record<string, GatheredFile> = { '/etc/xinetd.conf': { kind: 'file', ...image(main) } }
  for (const [name, text] of Object.entries(included))
    files[`/etc/xinetd.d/${name}`] = { kind: 'file', ...image(text) }
  return {
    build: { version: '2.3.15.3', options: ['libwrap', 'loadavg', 'labeled-networking'] },
    daemon: {
      pid: 812,
      startTime: '4711',
      argv: ['/usr/sbin/xinetd', '-pidfile', '/run/xinetd.pid', '-stayalive'],
      pidfile: '/run/xinetd.pid',
    },
    configuration: '/etc/xinetd.conf',
    files,
    directories: { '/etc/xinetd.d': { kind: 'directory', entries: Object.keys(included) } },
    names,
    lookups: {},
    dump: null,
    log: null,
    owner: null,
    ...more,
  }
}

export const boot: SuperserverState['boot'] = { xinetd: null, inetd: null }

export const surroundings: SuperserverState['surroundings'] = {
  clock: { now: 1_795_430_400, minute: 720 },
  load: 0.1,
  ipv6: true,
  services: { kind: 'missing' },
  hostsAllow: { kind: 'missing' },
  hostsDeny: { kind: 'missing' },
  networks: {},
  ancestors: [],
  ownWay: null,
}

export const noFailover: SuperserverState['failover'] = {
  prober: 'bash',
  cron: false,
  files: {},
  watches: [],
}

export function hostWith(xinetd: XinetdState): SuperserverState {
  return {
    host: 'harbor',
    xinetd,
    inetd: null,
    units: [],
    systemd: null,
    failover: noFailover,
    sockets: [],
    boot,
    surroundings,
  }
}
