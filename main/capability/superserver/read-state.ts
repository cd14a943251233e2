import { decode } from '../../../shared/codec'
import type { RunningProcess } from '../../../shared/model/change'
import type {
  GatheredDirectory,
  GatheredFile,
  HostNames,
  SuperserverState,
  XinetdBuild,
  XinetdDaemon,
  XinetdState,
} from '../../../shared/model/superserver'
import { parseAccountNames, parseNumberedNames, parseServices } from '../../../shared/probe/name-files'
import { managementMark } from '../../../shared/probe/management-mark'
import { parseListeningSockets } from '../../../shared/probe/ss'
import { parseXinetdDump } from '../../../shared/probe/xinetd-dump'
import { readFiles } from '../../host/file-reading'
import type { Piece } from '../../host/script-answer'

/** What the section `readSuperserver` said. */
export function readState(host: string, pieces: readonly Piece[]): SuperserverState {
  const said = new Map(pieces.map(({ name, bytes }) => [name, decode(bytes)]))
  const sockets = parseListeningSockets(said.get('sockets') ?? '')
  const configuration = said.get('configuration')
  const daemon = daemonOf(said)
  if (configuration === undefined) return { host, xinetd: null, sockets }
  const files: Readonly<Record<string, GatheredFile>> = Object.fromEntries(readFiles(pieces))
  const xinetd: XinetdState = {
    build: buildOf(said.get('version') ?? ''),
    daemon,
    configuration,
    files,
    directories: directoriesOf(pieces),
    names: namesOf(said),
    dump: parseXinetdDump(said.get('dump') ?? ''),
    owner: ownerOf(files),
  }
  return { host, xinetd, sockets }
}

export function daemonOf(said: ReadonlyMap<string, string>): XinetdDaemon | null {
  const process = processOf(said.get('stat') ?? '')
  if (process === null) return null
  const argv = (said.get('cmdline') ?? '').split('\0')
  const pidfile = said.get('pidfile') ?? ''
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

function namesOf(said: ReadonlyMap<string, string>): HostNames {
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
    services: list('services', parseServices),
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
