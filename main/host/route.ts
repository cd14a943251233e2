import { fail, ok, type Answer } from '../../shared/contract/answer'
import { problem } from '../../shared/contract/problem'
import type { Profile } from '../../shared/contract/profile'
import type { Hop, Route, SshConfig } from '../ssh'

type Find = (id: string) => Profile | undefined

/**
 * The way to a host: the jump hosts of its profile, then the host. As with `ssh -J a,b host` the first jump host
 * is reached by its own jumps, each other one through the one before it.
 */
export function routeTo(target: Profile, find: Find, config: SshConfig): Answer<Route> {
  const way = wayTo(target, find)
  return way.ok ? ok(way.value.map((profile) => hop(profile, config))) : way
}

/** Whether two states of the list lead to the same host, by the same hosts and as the same users. */
export function sameWay(id: string, before: Find, after: Find): boolean {
  return wayMark(id, before) === wayMark(id, after)
}

function wayMark(id: string, find: Find): string {
  const target = find(id)
  const way = target === undefined ? null : wayTo(target, find)
  if (way === null || !way.ok) return ''
  return JSON.stringify(
    way.value.map(({ address, port, user, auth, alias }) => ({ address, port, user, auth, alias })),
  )
}

/** The profiles on the way, the host's own the last. */
function wayTo(target: Profile, find: Find): Answer<readonly Profile[]> {
  const route: Profile[] = []
  const visit = (profile: Profile, path: readonly string[]): Answer<null> => {
    if (path.includes(profile.id)) return fail(problem('host.jumpLoop', { name: profile.name }))
    for (const [index, id] of profile.jumps.entries()) {
      const jump = find(id)
      if (jump === undefined) return fail(problem('host.jumpMissing', { name: profile.name }))
      if (id === profile.id) return fail(problem('host.jumpLoop', { name: profile.name }))
      if (index > 0) {
        route.push(jump)
        continue
      }
      const visited = visit(jump, [...path, profile.id])
      if (!visited.ok) return visited
    }
    route.push(profile)
    return ok(null)
  }
  const visited = visit(target, [])
  return visited.ok ? ok(route) : visited
}

/** What a profile leaves open, the order of sign-in methods before all, is as ~/.ssh/config says. */
function hop(profile: Profile, config: SshConfig): Hop {
  const said = config.resolve(profile.alias ?? profile.address)
  return {
    name: profile.name,
    address: profile.address,
    port: profile.port,
    user: profile.user === '' ? said.user : profile.user,
    auth: profile.auth.length === 0 ? said.auth : profile.auth,
    legacy: profile.legacy,
    keepalive: profile.keepalive,
    ...(said.hostKeyAlias === null ? {} : { hostKeyAlias: said.hostKeyAlias }),
    trust: said.trust,
    ...(said.unsupported.length === 0 ? {} : { unsupported: said.unsupported }),
  }
}
