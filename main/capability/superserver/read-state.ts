import { z } from 'zod'
import { decode } from '../../../shared/codec'
import type { RunningProcess } from '../../../shared/model/change'
import type {
  GatheredDirectory,
  GatheredFile,
  HostNames,
  InetdState,
  SuperserverState,
  Surroundings,
  SystemdState,
  XinetdBuild,
  Daemon,
  XinetdState,
} from '../../../shared/model/superserver'
import {
  parseAccountNames,
  parseNetworks,
  parseNumberedNames,
  parseServices,
} from '../../../shared/probe/name-files'
import { parseBoot } from '../../../shared/probe/boot'
import { parseHostLookups } from '../../../shared/probe/host-lookups'
import { managementMark } from '../../../shared/probe/management-mark'
import { parseSocketUnits } from '../../../shared/probe/socket-units'
import { parseListeningSockets } from '../../../shared/probe/ss'
import { parseXinetdDump } from '../../../shared/probe/xinetd-dump'
import { readFiles } from '../../host/file-reading'
import type { Piece } from '../../host/script-answer'
import { readFailover } from './read-failover'
import { readClock, readLog } from './read-log'

/** What the section `readSuperserver` said. */
export function readState(host: string, pieces: readonly Piece[]): SuperserverState {
  const said = new Map(pieces.map(({ name, bytes }) => [name, decode(bytes)]))
  const boot = parseBoot(said.get('boot') ?? '')
  // Files are told by their paths alone: whose they are says the piece that they stand behind.
  const clock = indexOf(pieces, 'clock') ?? pieces.length
  const failover = indexOf(pieces, 'failover') ?? clock
  const end = indexOf(pieces, 'units') ?? failover
  const at = indexOf(pieces, 'inetd')
  const surroundings = surroundingsOf(said, [...mountsIn(pieces), ...pieces.slice(clock)])
  const names = namesOf(said, surroundings.services)
  return {
    host,
    xinetd: xinetdOf(said, pieces.slice(0, at ?? end), mountsIn(pieces), names),
    inetd: at === null ? null : inetdOf(said, [...mountsIn(pieces), ...pieces.slice(at, end)], names),
    units: parseSocketUnits(said.get('units') ?? ''),
    boot: { xinetd: boot.get('xinetd') ?? null, inetd: boot.get('inetd') ?? null },
    systemd: said.has('units')
      ? systemdOf(said, [...mountsIn(pieces), ...pieces.slice(end, failover)])
      : null,
    failover: readFailover(pieces.slice(failover, clock), mountsIn(pieces), said.get('units') ?? ''),
    sockets: parseListeningSockets(said.get('sockets') ?? ''),
    surroundings,
  }
}

function indexOf(pieces: readonly Piece[], wanted: string): number | null {
  const at = pieces.findIndex(({ name }) => name === wanted)
  return at === -1 ? null : at
}

/** Asked once for all files. */
const mountsIn = (pieces: readonly Piece[]): readonly Piece[] =>
  pieces.filter(({ name }) => name === 'mounts')

function xinetdOf(
  said: ReadonlyMap<string, string>,
  pieces: readonly Piece[],
  mounts: readonly Piece[],
  names: HostNames,
): XinetdState | null {
  const configuration = said.get('configuration')
  if (configuration === undefined) return null
  const files: Readonly<Record<string, GatheredFile>> = Object.fromEntries(readFiles([...mounts, ...pieces]))
  return {
    build: buildOf(said.get('version') ?? ''),
    daemon: daemonOf(said, ''),
    configuration,
    files,
    directories: directoriesOf(pieces),
    names,
    lookups: parseHostLookups(said.get('lookups') ?? ''),
    dump: parseXinetdDump(said.get('dump') ?? ''),
    log: readLog(pieces, readClock(said.get('clock') ?? '', said.get('zone') ?? '')),
    owner: ownerOf(files),
  }
}

function systemdOf(said: ReadonlyMap<string, string>, pieces: readonly Piece[]): SystemdState {
  // "systemd 252 (252.39-1~deb12u1)", then a line of what it was built with.
  const version = /^systemd (\d+)/.exec(said.get('systemd') ?? '')?.[1]
  return {
    version: version === undefined ? null : Number(version),
    names: (said.get('unitNames') ?? '').split('\n').filter(Boolean),
    files: Object.fromEntries(readFiles(pieces)),
  }
}

function surroundingsOf(said: ReadonlyMap<string, string>, pieces: readonly Piece[]): Surroundings {
  const files = readFiles(pieces)
  const [, now, hours, minutes] = /^(\d+) (\d+):(\d+)/.exec(said.get('clock') ?? '') ?? []
  const load = Number.parseFloat(said.get('load') ?? '')
  return {
    clock: now === undefined ? null : { now: Number(now), minute: Number(hours) * 60 + Number(minutes) },
    load: Number.isNaN(load) ? null : load,
    ipv6: said.has('ipv6'),
    ancestors: (said.get('ancestors') ?? '').split('\n').filter(Boolean).map(Number),
    services: files.get('/etc/services') ?? { kind: 'missing' },
    hostsAllow: files.get('/etc/hosts.allow') ?? { kind: 'missing' },
    hostsDeny: files.get('/etc/hosts.deny') ?? { kind: 'missing' },
    ownWay: ownWayOf(said),
    networks: Object.fromEntries(
      parseNetworks(said.get('networks') ?? '').map(([name, number]) => [name, number]),
    ),
  }
}

/** SSH_CONNECTION (ssh(1)): the client's address and port, the server's address and port. */
function ownWayOf(said: ReadonlyMap<string, string>): Surroundings['ownWay'] {
  const [address = ''] = (said.get('connection') ?? '').split(' ')
  return address === '' ? null : { address, wrapped: said.has('wrapped') }
}

const dialect = z.enum(['freebsd', 'netbsd', 'openbsd', 'inetutils', 'busybox', 'xinetd'])

function inetdOf(said: ReadonlyMap<string, string>, pieces: readonly Piece[], names: HostNames): InetdState {
  const files: Readonly<Record<string, GatheredFile>> = Object.fromEntries(readFiles(pieces))
  return {
    dialect: dialect.parse(said.get('inetd')),
    daemon: daemonOf(said, 'inetd-'),
    files,
    names,
    owner: ownerOf(files),
  }
}

/** @param prefix of the pieces' names */
function daemonOf(said: ReadonlyMap<string, string>, prefix: '' | 'inetd-'): Daemon | null {
  const process = processOf(said.get(`${prefix}stat`) ?? '')
  if (process === null) return null
  const argv = (said.get(`${prefix}cmdline`) ?? '').split('\0')
  const pidfile = said.get(`${prefix}pidfile`) ?? ''
  return { ...process, argv: argv.slice(0, -1), pidfile: pidfile === '' ? null : pidfile }
}

/** proc_pid_stat(5): the name in parentheses may hold anything, so fields are counted after the last one. */
function processOf(stat: string): RunningProcess | null {
  const pid = /^(\d+) \(/.exec(stat)?.[1]
  const startTime = stat
    .slice(stat.lastIndexOf(')') + 1)
    .trim()
    .split(' ')[19]
  return pid === undefined || startTime === undefined ? null : { pid: Number(pid), startTime }
}

/** `xinetd -version`: "2.3.15.3 libwrap loadavg"; other builds put "xinetd Version " before it. */
function buildOf(text: string): XinetdBuild | null {
  const [, version, options = ''] = /^(?:xinetd Version )?(\d\S*)(.*)$/m.exec(text) ?? []
  return version === undefined
    ? null
    : { version, options: options.split(/\s+/).filter((word) => word !== '') }
}

function directoriesOf(pieces: readonly Piece[]): Readonly<Record<string, GatheredDirectory>> {
  const directories: Record<string, GatheredDirectory> = {}
  let path: string | null = null
  let entries: string[] = []
  for (const { name, bytes } of pieces) {
    if (name === 'directory') {
      path = decode(bytes)
      entries = []
      directories[path] = { kind: 'directory', entries }
    } else if (path !== null && name === 'noDirectory') directories[path] = { kind: 'missing' }
    else if (path !== null && name === 'closedDirectory') directories[path] = { kind: 'unreadable' }
    else if (name === 'entry') entries.push(decode(bytes))
  }
  return directories
}

function namesOf(said: ReadonlyMap<string, string>, services: GatheredFile): HostNames {
  const list = <T>(name: string, parse: (text: string) => readonly T[]): readonly T[] | null => {
    const text = said.get(name)
    return text === undefined ? null : parse(text)
  }
  const accounts = (file: string, asked: string): readonly string[] | null => {
    const known = list(file, parseAccountNames)
    const found = parseAccountNames(said.get(asked) ?? '')
    return known === null ? null : [...new Set([...known, ...found])]
  }
  return {
    services: services.kind === 'file' ? parseServices(services.text) : null,
    protocols: list('protocols', parseNumberedNames),
    users: accounts('passwd', 'getentPasswd'),
    groups: accounts('group', 'getentGroup'),
    rpc: list('rpc', parseNumberedNames),
    programs: Object.fromEntries(
      (said.get('programs') ?? '').split('\n').flatMap((line) => {
        const [, answer, path] = /^(yes|no) (.*)$/.exec(line) ?? []
        return path === undefined ? [] : [[path, answer === 'yes'] as const]
      }),
    ),
  }
}

function ownerOf(files: Readonly<Record<string, GatheredFile>>): XinetdState['owner'] {
  for (const [path, file] of Object.entries(files)) {
    const mark = file.kind === 'file' ? managementMark(file.text) : null
    if (mark !== null) return { tool: mark.tool, path, line: mark.line }
  }
  return null
}
