import type { Duplex } from 'node:stream'
import { homedir, hostname, userInfo } from 'node:os'

/** What the transport has to know of this computer; injected, so that every platform can be tested on any. */
export interface Environment {
  readonly platform: 'linux' | 'darwin' | 'win32'
  /** The home directory, in the platform's own spelling. */
  readonly home: string
  /** The local account's name, `%u` of ssh_config(5). */
  readonly user: string
  readonly hostname: string
  readonly variables: Readonly<Record<string, string | undefined>>
  /** How agents are reached. Absent: as this computer does it. */
  readonly agents?: AgentMachine
}

export interface AgentMachine {
  /** To a Unix socket, a named pipe, or Cygwin's file that stands for one. */
  connect(path: string): Promise<Duplex>
  /** Names of this computer's named pipes. */
  pipes(): Promise<readonly string[]>
  /** The program that speaks to Pageant by window messages. */
  pageantHelper(): string
}

/** This computer. The only place that reads the process's own surroundings. */
export function currentEnvironment(): Environment {
  const { platform } = process
  return {
    platform: platform === 'win32' || platform === 'darwin' ? platform : 'linux',
    home: homedir(),
    user: accountName(),
    hostname: hostname(),
    variables: process.env,
  }
}

/** An account without an entry in the system's list makes userInfo() throw. */
function accountName(): string {
  try {
    return userInfo().username
  } catch {
    return process.env['USER'] ?? process.env['USERNAME'] ?? ''
  }
}

/** Joins with the platform's separator; parts hold no `.` or `..` that would have to be resolved. */
export function joinPath(env: Environment, ...parts: readonly string[]): string {
  const separator = env.platform === 'win32' ? '\\' : '/'
  return parts
    .map((part, index) => (index === 0 ? part.replace(/[/\\]+$/, '') : part))
    .map((part) => (env.platform === 'win32' ? part.replace(/\//g, '\\') : part))
    .join(separator)
}

export function isAbsolutePath(env: Environment, path: string): boolean {
  if (env.platform !== 'win32') return path.startsWith('/')
  return /^(?:[A-Za-z]:[/\\]|[/\\])/.test(path)
}

/** `~/x` and `~` of this user only: another user's home cannot be known without asking the system. */
export function expandTilde(env: Environment, path: string): string {
  if (path === '~') return env.home
  if (path.startsWith('~/') || (env.platform === 'win32' && path.startsWith('~\\'))) {
    return joinPath(env, env.home, path.slice(2))
  }
  return path
}

export function sshDirectory(env: Environment): string {
  return joinPath(env, env.home, '.ssh')
}

export function userConfigFile(env: Environment): string {
  return joinPath(env, sshDirectory(env), 'config')
}

/** ssh_config(5): the system-wide file; Windows' OpenSSH keeps it under ProgramData. */
export function systemConfigFile(env: Environment): string {
  return joinPath(env, systemSshDirectory(env), 'ssh_config')
}

export function systemSshDirectory(env: Environment): string {
  if (env.platform !== 'win32') return '/etc/ssh'
  return joinPath(env, env.variables['ProgramData'] ?? 'C:\\ProgramData', 'ssh')
}

/** UserKnownHostsFile's default, ssh_config(5): the first one is the one that is written. */
export function userKnownHostsFiles(env: Environment): readonly string[] {
  return ['known_hosts', 'known_hosts2'].map((name) => joinPath(env, sshDirectory(env), name))
}

export function globalKnownHostsFiles(env: Environment): readonly string[] {
  return ['ssh_known_hosts', 'ssh_known_hosts2'].map((name) => joinPath(env, systemSshDirectory(env), name))
}

/** IdentityFile's default in ssh_config(5), but for the kinds this client cannot use (DSA, security keys). */
export function defaultIdentityFiles(env: Environment): readonly string[] {
  return ['id_rsa', 'id_ecdsa', 'id_ed25519'].map((name) => joinPath(env, sshDirectory(env), name))
}

export const windowsAgentPipe = '\\\\.\\pipe\\openssh-ssh-agent'

/** `pageant` is not a path: it is spoken to by a named pipe that has to be found, or by window messages. */
export type AgentPlace = { readonly kind: 'socket'; readonly path: string } | { readonly kind: 'pageant' }

/**
 * Where an agent may listen, in the order to try.
 * Windows: SSH_AUTH_SOCK when set, then the pipe of Windows' OpenSSH, then Pageant.
 * @param chosen IdentityAgent of ssh_config(5): `SSH_AUTH_SOCK`, `$NAME`, `none` or a path.
 */
export function agentPlaces(env: Environment, chosen?: string): readonly AgentPlace[] {
  if (chosen !== undefined && chosen !== 'SSH_AUTH_SOCK') {
    if (chosen.toLowerCase() === 'none') return []
    if (chosen.toLowerCase() === 'pageant') return [{ kind: 'pageant' }]
    const path = chosen.startsWith('$') ? env.variables[chosen.slice(1)] : expandTilde(env, chosen)
    return path === undefined || path === '' ? [] : [{ kind: 'socket', path }]
  }
  const places: AgentPlace[] = []
  const socket = env.variables['SSH_AUTH_SOCK']
  if (socket !== undefined && socket !== '') places.push({ kind: 'socket', path: socket })
  if (env.platform === 'win32') {
    if (socket !== windowsAgentPipe) places.push({ kind: 'socket', path: windowsAgentPipe })
    places.push({ kind: 'pageant' })
  }
  return places
}
