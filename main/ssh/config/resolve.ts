import { createHash } from 'node:crypto'
import { defaultIdentityFiles, expandTilde } from '../environment'
import type { Environment } from '../environment'
import type { AuthMethod, HostKeyTrust, UnsupportedOption } from '../route'
import type { ConfigFile } from './directive'
import { evaluateHost } from './evaluate'
import type { HostOptions } from './evaluate'
import { hostKeyTrust } from './trust'
import { unsupportedOptions } from './unsupported'

/** What ~/.ssh/config says of one host, in the terms of a route. */
export interface ResolvedHost {
  readonly alias: string
  readonly address: string
  readonly port: number
  readonly user: string
  readonly auth: readonly AuthMethod[]
  readonly keepalive: boolean
  readonly hostKeyAlias: string | null
  readonly trust: HostKeyTrust
  /** Nearest to this computer first; each may be a name that the configuration knows. */
  readonly jumps: readonly JumpSpec[]
  /** Options that apply and that this client cannot follow. */
  readonly unsupported: readonly UnsupportedOption[]
}

export interface JumpSpec {
  readonly host: string
  readonly user: string | null
  readonly port: number | null
}

/** @param given from `user@host:port`: it wins over the files, as on ssh's command line. */
export function resolveHost(
  files: readonly ConfigFile[],
  env: Environment,
  alias: string,
  given: { readonly user?: string | null; readonly port?: number | null } = {},
): ResolvedHost {
  const before = new Map<string, readonly string[]>()
  if (typeof given.user === 'string') before.set('user', [given.user])
  if (typeof given.port === 'number') before.set('port', [String(given.port)])
  const options = evaluateHost(files, env, alias, before)
  const one = (key: string): string | undefined => options.single.get(key)?.[0]
  const user = one('user') ?? env.user
  const port = toPort(one('port')) ?? 22
  const address = substitute(one('hostname') ?? alias, { h: alias }).toLowerCase()
  const jump = one('proxyjump')
  const tokens: Tokens = {
    C: createHash('sha1').update(`${env.hostname}${address}${port}${user}`).digest('hex'),
    d: env.home,
    h: address,
    i: '0',
    k: one('hostkeyalias') ?? alias,
    L: env.hostname.split('.')[0] ?? '',
    l: env.hostname,
    n: alias,
    p: String(port),
    r: user,
    u: env.user,
  }
  const keyAlias = one('hostkeyalias')
  return {
    alias,
    address,
    port,
    user,
    auth: authMethods(options, env, tokens),
    keepalive: one('serveraliveinterval') !== '0',
    hostKeyAlias: keyAlias === undefined ? null : keyAlias.toLowerCase(),
    jumps: jump === undefined || jump.toLowerCase() === 'none' ? [] : parseJumps(substitute(jump, tokens)),
    trust: hostKeyTrust(options, env, (text) =>
      expandVariables(env, substitute(expandTilde(env, text), tokens)),
    ),
    unsupported: unsupportedOptions(options),
  }
}

type Tokens = Readonly<Record<string, string>>

/** `%h` and the like; an unknown one is left as it stands. */
function substitute(text: string, tokens: Tokens): string {
  return text.replace(/%(.)/g, (whole, token: string) => (token === '%' ? '%' : (tokens[token] ?? whole)))
}

function toPort(text: string | undefined): number | null {
  if (text === undefined || !/^\d{1,5}$/.test(text)) return null
  const port = Number(text)
  return port >= 1 && port <= 65535 ? port : null
}

/** `[user@]host[:port]` or `ssh://…`, separated by commas; ssh_config(5) ProxyJump. */
export function parseJumps(text: string): readonly JumpSpec[] {
  return text.split(',').flatMap((part) => {
    const trimmed = part
      .trim()
      .replace(/^ssh:\/\//i, '')
      .replace(/\/$/, '')
    const match = /^(?:(.*)@)?(?:\[([^\]]+)\]|([^:@]+|[^@]*:[^@]*:[^@]*))(?::(\d+))?$/.exec(trimmed)
    const host = match?.[2] ?? match?.[3]
    if (host === undefined || host === '') return []
    return [{ host, user: match?.[1] ?? null, port: toPort(match?.[4]) }]
  })
}

/** ssh's own default, without what this client does not have. */
const defaultOrder = 'publickey,keyboard-interactive,password'

function authMethods(options: HostOptions, env: Environment, tokens: Tokens): readonly AuthMethod[] {
  const isOn = (key: string) => options.single.get(key)?.[0]?.toLowerCase() !== 'no'
  const order = (options.single.get('preferredauthentications')?.[0] ?? defaultOrder).split(',')
  return order.flatMap((name): readonly AuthMethod[] => {
    switch (name) {
      case 'publickey':
        return isOn('pubkeyauthentication') ? publicKeyMethods(options, env, tokens) : []
      case 'keyboard-interactive':
        return isOn('kbdinteractiveauthentication') ? [{ kind: 'keyboard-interactive' }] : []
      case 'password':
        return isOn('passwordauthentication') ? [{ kind: 'password' }] : []
      default:
        return []
    }
  })
}

/** As pubkey_prepare() of OpenSSH: agent keys named by a file, the agent's others, then the files themselves. */
function publicKeyMethods(options: HostOptions, env: Environment, tokens: Tokens): readonly AuthMethod[] {
  const named = options.identityFiles.some((file) => file.toLowerCase() === 'none')
    ? []
    : options.identityFiles
  const isNone = options.identityFiles.length > 0 && named.length === 0
  const configured = named.map((file) => expandTilde(env, expandVariables(env, substitute(file, tokens))))
  const files = configured.length > 0 || isNone ? configured : defaultIdentityFiles(env)
  const agent = options.single.get('identityagent')?.[0]
  const socket =
    agent === undefined
      ? undefined
      : expandVariables(env, substitute(agent, tokens), /^\$|^SSH_AUTH_SOCK$/.test(agent))
  const place = socket === undefined ? {} : { socket }
  const identitiesOnly = options.single.get('identitiesonly')?.[0]?.toLowerCase() === 'yes'
  const fromAgent: AuthMethod[] = []
  if (agent?.toLowerCase() !== 'none') {
    if (files.length > 0) fromAgent.push({ kind: 'agent', ...place, only: files })
    if (!identitiesOnly) fromAgent.push({ kind: 'agent', ...place })
  }
  const optional = configured.length === 0 ? { optional: true } : {}
  return [...fromAgent, ...files.map((path) => ({ kind: 'key', path, ...optional }) as const)]
}

/** `${NAME}` in the options that ssh_config(5) lists under ENVIRONMENT VARIABLES. */
function expandVariables(env: Environment, text: string, asIs = false): string {
  if (asIs) return text
  return text.replace(
    /\$\{([A-Za-z_][A-Za-z0-9_]*)\}/g,
    (whole, name: string) => env.variables[name] ?? whole,
  )
}
