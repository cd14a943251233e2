import {
  connectionsOf,
  pauseNow,
  protocolOf,
  resolveInetd,
  type Connection,
  type InetdService,
  type Resolution,
  type SuperserverState,
  type XinetdService,
} from '../../../../shared/model/superserver'
import type { SocketUnit } from '../../../../shared/probe/socket-units'

/** Whether what runs is what the files say; paused: by the service's own cps, and nobody's mistake. */
export type Running = 'yes' | 'no' | 'unknown' | 'differs' | 'paused'

/** Who listens for a service. */
export type Source = 'xinetd' | 'inetd' | 'systemd'
export const sources: readonly Source[] = ['xinetd', 'inetd', 'systemd']

/** What a row shows, in the words of whoever holds it. */
export type Subject =
  | { readonly source: 'xinetd'; readonly service: XinetdService }
  | { readonly source: 'inetd'; readonly service: InetdService }
  | { readonly source: 'systemd'; readonly unit: SocketUnit }

/** One line of the table. */
export type Row = Subject & {
  readonly key: string
  readonly name: string
  readonly state: 'enabled' | 'disabled' | 'refused'
  readonly running: Running
  /** When a pause ends: seconds since 1970. null: there is none, or it is not known. */
  readonly pausedUntil: number | null
  readonly sessions: number
  readonly port: number | null
  readonly protocol: string | null
  readonly user: string
  readonly program: string
  /** null: not told by its file. */
  readonly access: Access | null
  /** The last that the log tells of; null: it tells of none. */
  readonly last: Connection | null
  readonly path: string
}

/** Who may connect, by the service's own rules. */
export type Access =
  | { readonly kind: 'everyone' }
  | { readonly kind: 'nobody' }
  | { readonly kind: 'only'; readonly from: readonly string[] }
  | { readonly kind: 'except'; readonly from: readonly string[] }

export function rowsOf(state: SuperserverState, resolution: Resolution | null): readonly Row[] {
  const entries = state.inetd === null ? [] : resolveInetd(state.inetd).services
  const log = state.xinetd?.log ?? null
  const lasts = new Map(log === null ? [] : connectionsOf(log).map((one) => [one.id, one]))
  const rows = [
    ...(resolution?.services ?? []).map((service) =>
      xinetdRow(state, service, lasts.get(service.id) ?? null),
    ),
    ...entries.map((service) => inetdRow(state, service)),
    ...state.units.map(unitRow),
  ]
  return rows.sort((a, b) => urgency(a) - urgency(b) || a.name.localeCompare(b.name))
}

function xinetdRow(state: SuperserverState, service: XinetdService, last: Connection | null): Row {
  const pause = service.state === 'enabled' ? pauseOf(state, service) : null
  return {
    source: 'xinetd',
    service,
    key: keyOf(service),
    name: service.id,
    state: service.state,
    running: pause === null ? runningOf(state, service) : 'paused',
    pausedUntil: pause?.until ?? null,
    sessions: state.xinetd?.dump?.services.find(({ id }) => id === service.id)?.running ?? 0,
    port: service.port,
    protocol: service.protocol,
    user: service.settings['user']?.values.join(' ') ?? '',
    program: programOf(service),
    access: accessOf(service),
    last,
    path: service.path,
  }
}

function inetdRow(state: SuperserverState, service: InetdService): Row {
  const [name = '', , protocol = '', , user = '', ...program] = service.words
  return {
    source: 'inetd',
    service,
    key: JSON.stringify([service.path, service.line]),
    name,
    state: service.state,
    running: heldByInetd(state, service),
    pausedUntil: null,
    sessions: 0,
    port: service.port,
    protocol: service.entry === null ? protocol : (protocolOf(service.entry) ?? protocol),
    user,
    program: program.join(' '),
    access: null,
    last: null,
    path: service.path,
  }
}

function unitRow(unit: SocketUnit): Row {
  const [listen] = unit.listens
  return {
    source: 'systemd',
    unit,
    key: unit.id,
    name: unit.id,
    state: unit.fileState === 'disabled' || unit.fileState === 'masked' ? 'disabled' : 'enabled',
    running: unit.active ? 'yes' : 'no',
    pausedUntil: null,
    sessions: unit.connections,
    port: listen?.port ?? null,
    protocol: listen?.protocol ?? null,
    user: '',
    program: unit.triggers,
    access: null,
    last: null,
    path: unit.path,
  }
}

/** What wants a look stands first, then what runs, then what is off. */
function urgency({ state, running }: Row): number {
  if (state === 'refused' || running === 'differs' || running === 'paused') return 0
  return state === 'enabled' ? 1 : 2
}

export const keyOf = ({ path, id, occurrence }: Pick<XinetdService, 'path' | 'id' | 'occurrence'>): string =>
  JSON.stringify([path, id, occurrence])

/** A pause that ends by itself; of one that does not the files and the daemon differ. */
function pauseOf({ xinetd }: SuperserverState, service: XinetdService) {
  if (xinetd === null || xinetd.daemon === null || xinetd.dump === null) return null
  const isLoaded = xinetd.dump.services.some(({ id }) => id === service.id)
  const pause = isLoaded ? pauseNow(service, xinetd.dump, xinetd.log?.messages ?? []) : null
  return pause?.kind === 'cps' ? pause : null
}

/** The daemon's own dump decides; without it nothing is guessed. */
function runningOf({ xinetd }: SuperserverState, service: XinetdService): Running {
  if (xinetd === null || xinetd.daemon === null) return 'no'
  if (xinetd.dump === null) return 'unknown'
  const dumped = xinetd.dump.services.find(({ id }) => id === service.id)
  const runs = dumped?.state === 'Active'
  if (service.state !== 'enabled') return runs ? 'differs' : 'no'
  if (!runs) return 'differs'
  return dumped.port === null || service.port === null || dumped.port === service.port ? 'yes' : 'differs'
}

/** inetd tells nothing of itself; which process holds a port is told to root alone. */
function heldByInetd({ inetd, sockets }: SuperserverState, { state, entry, port }: InetdService): Running {
  if (inetd === null || inetd.daemon === null) return 'no'
  const protocol = entry === null ? null : protocolOf(entry)
  const known = sockets.some(({ holders }) => holders.length > 0)
  if (!known || port === null || protocol === null) return state === 'enabled' ? 'unknown' : 'no'
  const { pid } = inetd.daemon
  const isHeld = sockets.some(
    (socket) =>
      socket.port === port &&
      socket.protocol === protocol &&
      socket.holders.some((holder) => holder.pid === pid),
  )
  if (isHeld === (state === 'enabled')) return isHeld ? 'yes' : 'no'
  return 'differs'
}

function programOf(service: XinetdService): string {
  const type = service.settings['type']?.values ?? []
  if (type.includes('INTERNAL')) return 'INTERNAL'
  const redirect = service.settings['redirect']?.values
  if (redirect !== undefined) return `→ ${redirect.join(':')}`
  const program = service.settings['server']?.values[0] ?? ''
  const args = service.settings['server_args']?.values ?? []
  return [program, ...args].join(' ')
}

/** only_from present and empty lets nobody in (xinetd.conf(5), only_from). */
function accessOf(service: XinetdService): Access {
  const only = service.settings['only_from']?.values
  const except = service.settings['no_access']?.values ?? []
  if (only !== undefined) return only.length === 0 ? { kind: 'nobody' } : { kind: 'only', from: only }
  return except.length === 0 ? { kind: 'everyone' } : { kind: 'except', from: except }
}
