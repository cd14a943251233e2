import type { XinetdDump } from '../../../probe/xinetd-dump'
import type { ListeningSocket } from '../../../probe/ss'
import type { LogLine } from '../../../probe/xinetd-log'
import type { XinetdService } from '../xinetd/resolve'
import { hasNoAddress, kindOf, limitOf, wordOf } from './kind'
import type { Pause } from './log-events'
import { bansAt, logEvents, pauseIn } from './log-events'
import { matchWords } from './match-words'
import { listeningOf, peerOf, plainAddress } from './peer'
import type { AdmissionContext } from './request'
import { minutesUntilOpen } from './times'

/** What was seen of the daemon. */
export type Evidence = {
  /** Whether it runs. */
  readonly alive: boolean
  /** Its own account of itself; null: it could not be asked. */
  readonly dump: XinetdDump | null
  readonly sockets: readonly ListeningSocket[] | null
  /** Oldest first; what stands before its last start does not count. */
  readonly log: readonly LogLine[]
}

export type Moment = Pick<AdmissionContext, 'build' | 'ipv6' | 'load'> & {
  /** Seconds since 1970. */
  readonly now: number
  /** Of the host's own day, from 0 to 1439. */
  readonly minute: number
  /** The client that is refused; null: whoever it is. */
  readonly address: string | null
}

export type RefusingReason =
  | { readonly kind: 'daemonDown' }
  /** By its own line or by `defaults`. */
  | { readonly kind: 'disabled' }
  /** The daemon will not have it; its diagnostics say why. */
  | { readonly kind: 'refused' }
  /** The daemon has not read it: it waits for a reload. */
  | { readonly kind: 'notLoaded' }
  /** until: seconds since 1970; null: not known, but at most `seconds` from when the pause began. */
  | { readonly kind: 'cps'; readonly until: number | null; readonly seconds: number }
  /** After a pause the port could not be opened again; only a reload or a start does it. */
  | { readonly kind: 'resumeFailed'; readonly at: number }
  | { readonly kind: 'nothingListens' }
  /**
   * wait = yes, and its times, a limit or the load once refused a client: the daemon had put the service aside for a server
   * that it then did not start, and does not take it up again (service.c, svc_request). Clients hang until it starts anew.
   */
  | { readonly kind: 'stuck' }
  /** The average of the last minute has reached it. */
  | { readonly kind: 'max_load'; readonly load: number; readonly limit: number }
  /** opensIn: minutes, at most a day. */
  | { readonly kind: 'access_times'; readonly opensIn: number }
  | { readonly kind: 'instances'; readonly running: number; readonly limit: number }
  | {
      readonly kind: 'per_source'
      readonly address: string
      readonly running: number
      readonly limit: number
    }
  /** until: seconds since 1970; null: until the daemon ends. The daemon looks once a minute: hence atLatest. */
  | {
      readonly kind: 'banned'
      readonly address: string
      readonly until: number | null
      readonly atLatest: number | null
    }

/** Why a port refuses right now, in the daemon's order; empty: nothing that was seen says so. Lists of addresses are admit's. */
export function refusingNow(
  service: XinetdService,
  evidence: Evidence,
  moment: Moment,
): readonly RefusingReason[] {
  if (!evidence.alive) return [{ kind: 'daemonDown' }]
  if (service.state !== 'enabled') return [{ kind: service.state }]
  if (kindOf(service).mux !== null) return banReasons(service, evidence, moment)
  return (
    closedReason(service, evidence) ?? [
      ...loadReasons(service, moment),
      ...timeReasons(service, moment),
      ...limitReasons(service, evidence, moment),
      ...banReasons(service, evidence, moment),
    ]
  )
}

/** Whether the service is paused. What the dump says is newer than the log, or says the same. */
export function pauseNow(
  { id, name }: Pick<XinetdService, 'id' | 'name'>,
  dump: XinetdDump | null,
  log: readonly LogLine[],
): Pause | null {
  const dumped = dump?.services.find((service) => service.id === id)
  if (dumped !== undefined && dumped.state !== 'Disabled') return null
  const pause = pauseIn(logEvents(log), name)
  return pause === null && dumped !== undefined ? { kind: 'cps', until: null } : pause
}

/** Why the port is closed; null: it is not, as far as is known. */
function closedReason(
  { id, name, port, protocol, settings }: XinetdService,
  { dump, sockets, log }: Evidence,
): readonly RefusingReason[] | null {
  const dumped = dump?.services.find((service) => service.id === id)
  if (dump !== null && dumped === undefined) return [{ kind: 'notLoaded' }]
  const pause = pauseNow({ id, name }, dump, log)
  if (pause?.kind === 'resumeFailed') return [pause]
  if (pause !== null) return [{ ...pause, seconds: Number(settings['cps']?.values[1] ?? 0) }]
  const hasServer = dump?.servers.some((server) => server.id === id) === true
  if (dumped?.state === 'Suspended' && !hasServer) return [{ kind: 'stuck' }]
  const listens = sockets?.some(
    (socket) => socket.port === port && socket.protocol === protocol?.toLowerCase(),
  )
  const isOfSs = ['tcp', 'udp'].includes(protocol?.toLowerCase() ?? '')
  return listens === false && isOfSs && port !== null ? [{ kind: 'nothingListens' }] : null
}

function loadReasons({ settings }: XinetdService, { build, load }: Moment): readonly RefusingReason[] {
  const limit = Number.parseFloat(wordOf(settings, 'max_load') ?? '')
  if (load === null || build?.options.includes('loadavg') === false || !(load >= limit)) return []
  return [{ kind: 'max_load', load, limit }]
}

function timeReasons({ settings }: XinetdService, { minute }: Moment): readonly RefusingReason[] {
  const times = settings['access_times']
  const opensIn = times === undefined ? 0 : minutesUntilOpen(times.values, minute)
  return opensIn === 0 || opensIn === null ? [] : [{ kind: 'access_times', opensIn }]
}

function limitReasons(
  service: XinetdService,
  { dump }: Evidence,
  { address }: Moment,
): readonly RefusingReason[] {
  if (dump === null) return []
  const reasons: RefusingReason[] = []
  const servers = dump.servers.filter(({ id }) => id === service.id)
  const instances = limitOf(service.settings['instances'])
  if (instances !== null && servers.length >= instances)
    reasons.push({ kind: 'instances', running: servers.length, limit: instances })

  const limit = limitOf(service.settings['per_source'])
  if (limit === null || hasNoAddress(kindOf(service))) return reasons
  const counts = new Map<string, number>()
  if (address !== null) counts.set(plainAddress(address), 0)
  for (const { peer } of servers) {
    if (peer === null) continue
    const client = plainAddress(peer.address)
    counts.set(client, (counts.get(client) ?? 0) + 1)
  }
  for (const [client, running] of counts) {
    const isAsked = address === null || client === plainAddress(address)
    if (isAsked && running >= limit) reasons.push({ kind: 'per_source', address: client, running, limit })
  }
  return reasons
}

function banReasons(
  service: XinetdService,
  { log }: Evidence,
  { now, ipv6, address }: Moment,
): readonly RefusingReason[] {
  const kind = kindOf(service)
  if (kind.sensor || hasNoAddress(kind)) return []
  const bans = bansAt(logEvents(log), now)
  const peer = address === null ? null : peerOf(address, listeningOf(service, ipv6))
  const touching =
    address === null
      ? bans
      : bans.filter(
          (ban) =>
            peer !== null &&
            matchWords([ban.address], peer, 'unknown', { resolved: {}, networks: {} }).kind === 'match',
        )
  return touching.map((ban) => ({ kind: 'banned', ...ban }))
}
