import type { Disturbance, Session } from '../../change'
import type { XinetdState } from '../state'
import { familyOf, has } from './family'
import type { Resolution, XinetdService } from './resolve'

/**
 * What a HUP does to what runs (reconfig.c, and measured on 2.3.15.3): a service that is gone, or whose port, address,
 * family, socket type, protocol, wait or kind changed, loses its sessions. Others keep theirs, also when the change
 * takes the client's access away.
 */
export function disturb(
  state: Pick<XinetdState, 'daemon' | 'dump'>,
  before: Resolution,
  after: Resolution,
): readonly Disturbance[] {
  const { daemon, dump } = state
  if (daemon === null) return []
  const running = runningServices(state, before)
  const coming = new Map(after.services.filter(isEnabled).map((service) => [service.id, service]))
  const found: Disturbance[] = []

  const known = new Set(running.map(({ id }) => id))
  for (const { id, old } of running) {
    const next = coming.get(id)
    const sessions = sessionsOf(dump, id)
    const heir = next === undefined ? heirOf(old, coming, known) : undefined
    if (heir !== undefined) {
      known.add(heir.id)
      const degree = sessions.length > 0 ? 'sessions' : 'notice'
      found.push({ what: phrase('madeAnew', id, sessions), degree, subject: id, sessions })
    } else if (next === undefined) {
      found.push({ what: phrase('dropped', id, sessions), degree: 'outage', subject: id, sessions })
    } else if (isMadeAnew(old, next)) {
      const degree = sessions.length > 0 ? 'sessions' : 'notice'
      found.push({ what: phrase('madeAnew', id, sessions), degree, subject: id, sessions })
    } else if (old.service !== null && addressOf(old.service) !== addressOf(next)) {
      found.push({ what: phrase('keepsAddress', id, sessions), degree: 'notice', subject: id, sessions: [] })
    } else if (sessions.length > 0 && old.service !== null && accessChanges(old.service, next)) {
      found.push({
        what: phrase('accessKeepsSessions', id, sessions),
        degree: 'notice',
        subject: id,
        sessions: [],
      })
    }
  }
  for (const id of coming.keys()) {
    if (!known.has(id))
      found.push({ what: phrase('started', id, []), degree: 'notice', subject: id, sessions: [] })
  }
  if (after.exits || (coming.size === 0 && !staysAlive(daemon.argv))) {
    const sessions = dump?.servers.map(sessionOf) ?? []
    found.push({
      what: phrase('daemonExits', 'xinetd', sessions),
      degree: 'outage',
      subject: 'xinetd',
      sessions,
    })
  }
  return found
}

/** A service as it runs: by the dump, with the file's account of it where the two agree on what it is. */
type Running = {
  readonly protocol: string | null
  readonly port: number | null
  readonly service: XinetdService | null
}

function runningServices(
  { dump }: Pick<XinetdState, 'dump'>,
  before: Resolution,
): readonly { readonly id: string; readonly old: Running }[] {
  const files = new Map(before.services.filter(isEnabled).map((service) => [service.id, service]))
  if (dump === null) {
    return [...files].map(([id, service]) => ({
      id,
      old: { protocol: service.protocol, port: service.port, service },
    }))
  }
  return dump.services.map(({ id, protocol, port }) => ({
    id,
    old: { protocol, port, service: files.get(id) ?? null },
  }))
}

/** A service by another name at the same place: to xinetd one goes and one comes. */
function heirOf(
  { protocol, port, service }: Running,
  coming: ReadonlyMap<string, XinetdService>,
  known: ReadonlySet<string>,
): XinetdService | undefined {
  if (port === null || service === null) return undefined
  const address = addressOf(service)
  return [...coming.values()].find(
    (next) =>
      !known.has(next.id) && next.port === port && next.protocol === protocol && addressOf(next) === address,
  )
}

function isEnabled({ state }: XinetdService): boolean {
  return state === 'enabled'
}

/** With no service left the daemon ends, but for these options (xinetd(8): -dontfork sets -stayalive). */
function staysAlive(argv: readonly string[]): boolean {
  return argv.includes('-stayalive') || argv.includes('-dontfork')
}

const IDENTITY = ['socket_type', 'protocol', 'wait'] as const
const KINDS = ['UNLISTED', 'INTERNAL', 'RPC']

function isMadeAnew(old: Running, next: XinetdService): boolean {
  if (next.port !== null && old.port !== null && old.port !== next.port) return true
  if (old.protocol !== null && next.protocol !== null && old.protocol !== next.protocol) return true
  if (old.service === null) return false
  const { settings } = old.service
  if (IDENTITY.some((name) => settings[name]?.values[0] !== next.settings[name]?.values[0])) return true
  if (KINDS.some((kind) => has(settings, 'type', kind) !== has(next.settings, 'type', kind))) return true
  return familyOf(settings) !== familyOf(next.settings) || takesAddress(old.service, next)
}

function addressOf({ settings }: XinetdService): string | null {
  return settings['bind']?.values[0] ?? null
}

/** A new address is taken up; one that is given up is not, while the family stays (reconfig.c, readjust). */
function takesAddress(old: XinetdService, next: XinetdService): boolean {
  return addressOf(next) !== null && addressOf(next) !== addressOf(old)
}

const ACCESS = ['only_from', 'no_access', 'access_times', 'instances', 'per_source'] as const

function accessChanges(old: XinetdService, next: XinetdService): boolean {
  return ACCESS.some(
    (name) => JSON.stringify(old.settings[name]?.values) !== JSON.stringify(next.settings[name]?.values),
  )
}

function sessionsOf(dump: XinetdState['dump'], id: string): readonly Session[] {
  return dump?.servers.filter((server) => server.id === id).map(sessionOf) ?? []
}

function sessionOf(server: NonNullable<XinetdState['dump']>['servers'][number]): Session {
  const peer = server.peer === null ? '' : `${server.peer.address} ${server.peer.port}`
  return { peer, pid: server.pid, since: server.started }
}

function phrase(name: string, service: string, sessions: readonly Session[]) {
  return { key: `xinetd.disturb.${name}`, params: { service, sessions: sessions.length } }
}
