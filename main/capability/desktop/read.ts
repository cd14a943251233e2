import { decode } from '../../../shared/codec'
import type {
  DesktopState,
  DisplayModel,
  EndedSession,
  Endpoint,
  Login,
  Reach,
  SessionLog,
  VncDisplay,
  VncSoftware,
  XLock,
} from '../../../shared/model/desktop'
import { rfbBase } from '../../../shared/model/desktop'
import { parseListeningSockets, type ListeningSocket } from '../../../shared/probe/ss'
import { parseVncCommand, splitArguments, type VncCommand } from '../../../shared/probe/vnc-command'
import {
  parseHostClock,
  parseProcessStat,
  startedAt,
  type HostClock,
} from '../../../shared/probe/vnc-process'
import { parseVncVersion } from '../../../shared/probe/vnc-version'
import { parseConnections, type TcpConnection } from '../../../shared/probe/vnc-viewers'
import { parseXScreen } from '../../../shared/probe/x-display-screen'
import type { Piece } from '../../host/script-answer'

/** More than these would only fill the screen. */
const endedShown = 5
const tailChars = 3000

/** The answers of `desktopSections`. `inside` may be empty: then nothing is known of what runs in the displays. */
export function readDesktops(
  host: string,
  overview: readonly Piece[],
  inside: readonly Piece[],
): DesktopState {
  const text = (name: string): string => {
    const piece = overview.find((one) => one.name === name)
    return piece === undefined ? '' : decode(piece.bytes)
  }
  const software = readSoftware(text('software'))
  const login = readLogin(text('login'), software)
  const portLines = text('ports')
  const sockets = portLines.startsWith('ss\n') ? parseListeningSockets(portLines) : null
  const world: World = {
    login,
    clock: parseHostClock(text('clock')),
    sockets,
    unixPaths: readUnixPaths(text('unix')),
    connections: parseConnections(text('viewers')),
    wrapped: new Set(lines(text('pidfiles')).map(Number)),
    programs: readPrograms(inside),
    software,
  }
  const displays = pids(overview).flatMap((pid) => {
    const display = readDisplay(world, pid, by(overview, pid), by(inside, pid))
    return display === null ? [] : [display]
  })
  const running = new Set(displays.filter(({ owner }) => owner.uid === login.uid).map(({ number }) => number))
  return {
    host,
    login,
    software,
    displays: displays.sort((a, b) => a.number - b.number),
    locks: lines(text('locks')).flatMap(readLock),
    sockets: lines(text('sockets'))
      .flatMap((name) => /^X(\d{1,5})$/.exec(name)?.[1] ?? [])
      .map(Number),
    ports:
      sockets === null
        ? null
        : [
            ...new Set(
              sockets
                .filter(({ protocol, port }) => protocol === 'tcp' && port >= 5900 && port < 6100)
                .map(({ port }) => port),
            ),
          ],
    ended: overview
      .filter(({ name }) => name === 'ended')
      .flatMap(readEnded)
      .filter(({ display }) => !running.has(display))
      .slice(0, endedShown),
  }
}

type World = {
  readonly login: Login
  readonly clock: HostClock | null
  readonly sockets: readonly ListeningSocket[] | null
  readonly unixPaths: ReadonlySet<string>
  readonly connections: readonly TcpConnection[]
  /** Pids that stand in a wrapper's pid files. */
  readonly wrapped: ReadonlySet<number>
  readonly programs: readonly { readonly pid: number; readonly display: number; readonly name: string }[]
  readonly software: VncSoftware
}

type ByName = (name: string) => string | null

const by =
  (pieces: readonly Piece[], pid: number): ByName =>
  (name) => {
    const piece = pieces.find((one) => one.name === `${name} ${pid}`)
    return piece === undefined ? null : decode(piece.bytes)
  }

const lines = (text: string): readonly string[] => text.split('\n').filter((line) => line !== '')

function pids(overview: readonly Piece[]): readonly number[] {
  return overview.flatMap(({ name }) => /^stat (\d+)$/.exec(name)?.[1] ?? []).map(Number)
}

function readDisplay(world: World, pid: number, said: ByName, inside: ByName): VncDisplay | null {
  const stat = parseProcessStat(said('stat') ?? '')
  const command = parseVncCommand(splitArguments(said('arguments') ?? ''))
  // One that is starting or ending has no arguments; one of `-inetd` has no number that could be known.
  if (stat === null || command.display === null) return null
  const number = command.display
  const [ownerName = '?', , uid = ''] = (said('owner') ?? '').split(':')
  const screen = parseXScreen(inside('screen') ?? '')
  const endpoint = endpointOf(world, command, number)
  return {
    number,
    pid,
    startTime: stat.startTime,
    program: command.program,
    owner: { uid: uid === '' ? -1 : Number(uid), name: ownerName },
    model: modelOf(world, pid, command, said),
    title: command.desktopName,
    geometry:
      screen !== null
        ? { width: screen.width, height: screen.height, live: true }
        : command.geometry === null
          ? null
          : { ...command.geometry, live: false },
    depth: screen?.depth ?? command.depth,
    endpoint,
    reach: reachOf(world, command, number, endpoint),
    security: securityOf(world, command),
    startedAt: world.clock === null ? null : startedAt(world.clock, stat.startTime),
    viewers:
      endpoint?.kind === 'tcp'
        ? world.connections.filter(({ port }) => port === endpoint.port).map(({ peer }) => peer)
        : [],
    programs: world.programs
      .filter((program) => program.display === number && program.pid !== pid)
      .map(({ pid: programPid, name }) => ({ pid: programPid, name })),
    log: readLog(said('log')),
  }
}

const unitName = /\/((?:tiger)?vnc[^/]*\.service)(?:\/|$)/m

function modelOf(world: World, pid: number, command: VncCommand, said: ByName): DisplayModel {
  if (command.inetd) return { kind: 'superServer' }
  const unit = unitName.exec(said('group') ?? '')?.[1]
  if (unit !== undefined) return { kind: 'unit', unit }
  const parent = splitArguments(said('parent') ?? '')
  if (world.wrapped.has(pid) || parent.some((word) => /(^|\/)(tiger)?vncserver$/.test(word)))
    return { kind: 'wrapper' }
  return { kind: 'plain' }
}

function rfbPortOf(command: VncCommand, display: number): number | null {
  if (command.rfbPort !== null && command.rfbPort < 0) return null
  return command.rfbPort === null || command.rfbPort === 0 ? rfbBase + display : command.rfbPort
}

function endpointOf(world: World, command: VncCommand, display: number): Endpoint | null {
  if (command.unixPath !== null && world.unixPaths.has(command.unixPath))
    return { kind: 'unix', path: command.unixPath }
  const port = rfbPortOf(command, display)
  if (port === null || command.inetd) return null
  if (world.sockets === null) return { kind: 'tcp', address: '127.0.0.1', port }
  const listening = listeningOn(world, port)
  if (listening.length === 0) return null
  const addresses = listening.map(({ address }) => address)
  if (addresses.some((address) => ['127.0.0.1', '0.0.0.0', '*'].includes(address)))
    return { kind: 'tcp', address: '127.0.0.1', port }
  if (addresses.some((address) => ['::1', '::'].includes(address)))
    return { kind: 'tcp', address: '::1', port }
  const other = addresses.find((address) => /^[0-9a-fA-F:.]+$/.test(address))
  return other === undefined ? null : { kind: 'tcp', address: other, port }
}

function listeningOn(world: World, port: number): readonly ListeningSocket[] {
  return (world.sockets ?? []).filter((socket) => socket.protocol === 'tcp' && socket.port === port)
}

function reachOf(world: World, command: VncCommand, display: number, endpoint: Endpoint | null): Reach {
  const port = rfbPortOf(command, display)
  if (endpoint === null) return 'unknown'
  if (port === null) return 'own'
  if (world.sockets === null) return command.localhost === true ? 'local' : 'unknown'
  const addresses = listeningOn(world, port).map(({ address }) => address)
  if (addresses.length === 0) return endpoint.kind === 'unix' ? 'own' : 'unknown'
  return addresses.every((address) => address === '::1' || address.startsWith('127.')) ? 'local' : 'network'
}

/** Xvnc(1), SecurityTypes: what a server offers that was told nothing. */
function securityOf({ software }: World, command: VncCommand): VncDisplay['security'] {
  if (command.securityTypes !== null) return { types: command.securityTypes, said: true }
  return { types: software.server?.product === 'TigerVNC' ? ['TLSVnc', 'VncAuth'] : ['VncAuth'], said: false }
}

function readSoftware(text: string): VncSoftware {
  const first = (word: string) =>
    lines(text)
      .find((line) => line.startsWith(`${word} `))
      ?.slice(word.length + 1) ?? null
  const path = first('server')
  const starter = first('starter')
  const version = parseVncVersion(
    lines(text)
      .flatMap((line) => (line.startsWith('version ') ? [line.slice(8)] : []))
      .join('\n'),
  )
  return {
    server:
      path === null ? null : { path, product: version?.product ?? null, version: version?.version ?? [] },
    starter:
      starter === null
        ? null
        : { path: starter, kind: starter.endsWith('/tigervncserver') ? 'debian' : 'classic' },
    passwordTool: first('password'),
  }
}

/** A line of passwd(5), the folder of VNC settings or nothing, `ls -ldn` of the password file or nothing. */
function readLogin(text: string, { server }: VncSoftware): Login {
  const [passwd = '', folder = '', mode = ''] = text.split('\n')
  const [name = '', , uid = '', , , home = ''] = passwd.split(':')
  // TigerVNC 1.14 moved to ~/.config/tigervnc, but stays with a ~/.vnc that is there.
  const modern =
    server?.product === 'TigerVNC' && (server.version[0] ?? 0) >= 1 && (server.version[1] ?? 0) >= 14
  return {
    uid: Number(uid),
    name,
    home,
    folder: folder === '' ? `${home}/${modern ? '.config/tigervnc' : '.vnc'}` : folder,
    hasPassword: /^-r..------/.test(mode),
  }
}

/** Path of the lock, its pid, the name of the process of that number: one lock a line. */
function readLock(line: string): readonly XLock[] {
  const [path = '', pid = '', program = ''] = line.split('\t')
  const display = /\/\.X(\d{1,5})-lock$/.exec(path)?.[1]
  if (display === undefined) return []
  return [
    {
      display: Number(display),
      pid: pid === '' ? null : Number(pid),
      program: program === '' ? null : program,
    },
  ]
}

/**
 * /proc/net/unix: Num RefCount Protocol Flags Type St Inode Path, and a socket that listens has the flag 00010000.
 *
 *   0000000000000000: 00000002 00000000 00010000 0001 01 101466 /home/desk/.vnc/s4
 */
function readUnixPaths(text: string): ReadonlySet<string> {
  return new Set(lines(text).flatMap((line) => /^(?:\S+ +){6}\S+ (.*)$/.exec(line)?.[1] ?? []))
}

/** Pid, display and name: one program a line. */
function readPrograms(inside: readonly Piece[]): World['programs'] {
  const piece = inside.find(({ name }) => name === 'programs')
  return lines(piece === undefined ? '' : decode(piece.bytes)).flatMap((line) => {
    const [pid = '', display = '', name = ''] = line.split('\t')
    return /^\d+$/.test(pid) && /^\d+$/.test(display)
      ? [{ pid: Number(pid), display: Number(display), name }]
      : []
  })
}

/** The path, the time of the last change or nothing, and the end of the text. */
function readLog(text: string | null): SessionLog | null {
  const match = /^([^\n]*)\n[^\n]*\n([^]*)$/.exec(text ?? '')
  if (match === null) return null
  // Servers append; each starts with its banner.
  const told = match[2] ?? ''
  const last = Math.max(0, told.lastIndexOf('\nXvnc '))
  return { path: match[1] ?? '', tail: told.slice(last).trim().slice(-tailChars) }
}

function readEnded(piece: Piece): readonly EndedSession[] {
  const text = decode(piece.bytes)
  const log = readLog(text)
  const display = /:(\d{1,5})\.log$/.exec(log?.path ?? '')?.[1]
  if (log === null || display === undefined) return []
  const seconds = Number(text.split('\n')[1])
  return [
    {
      display: Number(display),
      log,
      endedAt: Number.isInteger(seconds) && seconds > 0 ? seconds * 1000 : null,
    },
  ]
}
