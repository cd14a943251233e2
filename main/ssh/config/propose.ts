import { systemConfigFile, userConfigFile } from '../environment'
import type { Environment } from '../environment'
import type { Hop, Route } from '../route'
import type { ConfigFile, Damage } from './directive'
import { namedHosts } from './evaluate'
import { readConfigFile } from './read-files'
import { resolveHost } from './resolve'
import type { JumpSpec, ResolvedHost } from './resolve'

/** More than any route of a person's; a chain that is longer leads in a circle. */
const maxJumps = 16

export interface SshConfig {
  /** The hosts it names, without patterns, in the order they stand. */
  readonly names: readonly string[]
  resolve(alias: string): ResolvedHost
  /** The whole way to a host, jump hosts with jump hosts of their own included. null: it leads in a circle. */
  route(alias: string): Route | null
  /** Lines that ssh would refuse, and why. */
  readonly damaged: readonly Damage[]
}

/** Reads the user's configuration, then the system's. Rejects when a file is there and cannot be read. */
export async function readSshConfig(env: Environment): Promise<SshConfig> {
  const user = await readConfigFile(env, userConfigFile(env), true)
  const system = await readConfigFile(env, systemConfigFile(env), false)
  return sshConfigOf([user, system], env)
}

export function sshConfigOf(files: readonly ConfigFile[], env: Environment): SshConfig {
  const resolve = (alias: string, given: { user?: string | null; port?: number | null } = {}) =>
    resolveHost(files, env, alias, given)
  return {
    names: namedHosts(files),
    resolve: (alias) => resolve(alias),
    route: (alias) => routeOf(resolve, { host: alias, user: null, port: null }, 0),
    damaged: files.flatMap(damagedLines),
  }
}

/**
 * As `ssh -J a,b host`: `b` is reached through `a` whatever its own ProxyJump says; `a` through its own.
 */
function routeOf(
  resolve: (alias: string, given: { user?: string | null; port?: number | null }) => ResolvedHost,
  spec: JumpSpec,
  depth: number,
): Route | null {
  if (depth > maxJumps) return null
  const target = resolve(spec.host, spec)
  const hops: Hop[] = []
  for (const [index, jump] of target.jumps.entries()) {
    if (index === 0) {
      const first = routeOf(resolve, jump, depth + 1)
      if (first === null) return null
      hops.push(...first)
    } else {
      hops.push(asHop(resolve(jump.host, jump)))
    }
  }
  hops.push(asHop(target))
  return hops.length > maxJumps ? null : hops
}

function asHop(host: ResolvedHost): Hop {
  return {
    name: host.alias,
    address: host.address,
    port: host.port,
    user: host.user,
    auth: host.auth,
    legacy: false,
    keepalive: host.keepalive,
    ...(host.hostKeyAlias === null ? {} : { hostKeyAlias: host.hostKeyAlias }),
    trust: host.trust,
    ...(host.unsupported.length === 0 ? {} : { unsupported: host.unsupported }),
  }
}

function damagedLines(file: ConfigFile): readonly Damage[] {
  return [...file.damaged, ...file.directives.flatMap(({ included }) => included.flatMap(damagedLines))]
}
