import { parseDf } from '../../probe/df'
import { parseIfconfig, parseIpAddresses } from '../../probe/ip-address'
import { parseMeminfo } from '../../probe/meminfo'
import { parseOsRelease } from '../../probe/os-release'
import {
  initSystems,
  packageManagers,
  superserverNames,
  type DaemonFacts,
  type HostFacts,
  type LoadFacts,
  type SystemFacts,
  type ToolFacts,
} from './facts'

/** What the gathering script said, by the names of its pieces. */
export type Said = ReadonlyMap<string, string>

export function readFacts(host: string, said: Said): HostFacts {
  const text = (name: string): string => said.get(name) ?? ''
  return {
    host,
    system: systemOf(said),
    load: loadOf(said),
    addresses: said.has('ip') ? parseIpAddresses(text('ip')) : parseIfconfig(text('ifconfig')),
    tools: toolsOf(said),
    managers: lines(said, 'managers').flatMap((line) => {
      const [tool = '', ...evidence] = line.split(' ')
      return evidence.length === 0 ? [] : [{ tool, evidence: evidence.join(' ') }]
    }),
  }
}

function systemOf(said: Said): SystemFacts {
  const [kernel = '', release = '', architecture = '', hostname = ''] = lines(said, 'uname')
  const [uid = '', user = ''] = lines(said, 'id')
  const os = parseOsRelease(said.get('osRelease') ?? '')
  const [offset = null] = lines(said, 'utcOffset')
  return {
    hostname,
    name: os['PRETTY_NAME'] ?? os['NAME'] ?? `${kernel} ${release}`,
    id: os['ID'] ?? null,
    version: os['VERSION_ID'] ?? null,
    kernel,
    release,
    architecture,
    init: oneOf(initSystems, first(said, 'init')),
    virtualization: first(said, 'virtualization'),
    packageManager: oneOf(packageManagers, first(said, 'packageManager')),
    timeZone: first(said, 'timeZone') ?? offset,
    utcOffset: offset,
    user,
    root: uid === '0',
  }
}

function loadOf(said: Said): LoadFacts {
  const averages = (first(said, 'loadavg') ?? '')
    .replace(/[{}]/g, '')
    .trim()
    .split(/\s+/)
    .slice(0, 3)
    .map(Number)
  const [one, five, fifteen] = averages
  const known =
    one !== undefined && five !== undefined && fifteen !== undefined && averages.every(Number.isFinite)
  return {
    bootedAt: number(
      /^btime (\d+)$/m.exec(said.get('btime') ?? '')?.[1] ?? /sec = (\d+)/.exec(said.get('btime') ?? '')?.[1],
    ),
    average: known ? [one, five, fifteen] : null,
    processors: number(first(said, 'processors') ?? undefined),
    memory: parseMeminfo(said.get('meminfo') ?? ''),
    disk: parseDf(said.get('disk') ?? ''),
    users: number(first(said, 'users')?.trim()),
  }
}

function toolsOf(said: Said): ToolFacts {
  const found = new Set(lines(said, 'programs').map((path) => path.slice(path.lastIndexOf('/') + 1)))
  const running = new Set(lines(said, 'running'))
  const daemons = new Set(lines(said, 'superservers'))
  const daemon = (name: string, installed: boolean, hasPidfile: boolean): DaemonFacts => ({
    installed,
    running: running.has(name) ? true : hasPidfile ? false : null,
  })
  return {
    superservers: superserverNames
      .filter((name) => daemons.has(name))
      .map((name) => ({
        name,
        ...daemon(name === 'xinetd' ? name : 'inetd', true, name !== 'busybox-inetd'),
      })),
    balancer: {
      ipvsadm: found.has('ipvsadm'),
      keepalived: daemon('keepalived', found.has('keepalived'), true),
      kernel: said.has('ipvs'),
    },
    vnc: vncPrograms.filter((name) => found.has(name)),
    shells: lines(said, 'shells').filter((line) => line.startsWith('/')),
    sudo: found.has('sudo'),
    doas: found.has('doas'),
  }
}

/** Servers of desktops and what starts them, under the names that distributions give them. */
export const vncPrograms = [
  'Xvnc',
  'Xtigervnc',
  'Xtightvnc',
  'Xvnc4',
  'vncserver',
  'tigervncserver',
  'tightvncserver',
  'vncsession',
  'x11vnc',
  'x0vncserver',
  'X0tigervnc',
  'vncserver-x11-serviced',
  'wayvnc',
] as const

const lines = (said: Said, name: string): readonly string[] =>
  (said.get(name) ?? '').split('\n').filter((line) => line !== '')
const first = (said: Said, name: string): string | null => lines(said, name)[0] ?? null
const number = (text: string | undefined): number | null =>
  text !== undefined && /^\d+$/.test(text) ? Number(text) : null
const oneOf = <T extends string>(known: readonly T[], text: string | null): T | null =>
  known.find((one) => one === text) ?? null
