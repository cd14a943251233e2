import { fail, ok, type Answer } from '../../shared/contract/answer'
import { problem } from '../../shared/contract/problem'
import type { Profile } from '../../shared/contract/profile'
import type { Environment } from '../ssh/environment'
import type { AuthMethod, Hop, Route } from '../ssh/route'

/** ssh's own order of trying, for a profile that names none. */
const usualOrder: readonly AuthMethod[] = [
  { kind: 'agent' },
  { kind: 'keyboard-interactive' },
  { kind: 'password' },
]

/** The way to a host: the jump hosts its profile names, each with its own jumps before it, then the host. */
export function routeTo(
  target: Profile,
  find: (id: string) => Profile | undefined,
  env: Environment,
): Answer<Route> {
  const route: Hop[] = []
  const visit = (profile: Profile, path: readonly string[]): Answer<null> => {
    if (path.includes(profile.id)) return fail(problem('host.jumpLoop', { name: profile.name }))
    for (const id of profile.jumps) {
      const jump = find(id)
      if (jump === undefined) return fail(problem('host.jumpMissing', { name: profile.name }))
      const visited = visit(jump, [...path, profile.id])
      if (!visited.ok) return visited
    }
    route.push(hop(profile, env))
    return ok(null)
  }
  const visited = visit(target, [])
  return visited.ok ? ok(route) : visited
}

function hop(profile: Profile, env: Environment): Hop {
  return {
    name: profile.name,
    address: profile.address,
    port: profile.port,
    user: profile.user === '' ? env.user : profile.user,
    auth: profile.auth.length === 0 ? usualOrder : profile.auth,
    legacy: profile.legacy,
    keepalive: profile.keepalive,
  }
}
