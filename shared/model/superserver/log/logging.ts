import { kindOf } from '../admission/kind'
import type { DaemonLog, LogPlace } from '../state'
import type { XinetdService } from '../xinetd/resolve'

/** What the daemon is asked to log of a service, and where to (logctl.c, log_start). */
export type Logging = {
  /** none: without a log_type nothing is logged, whatever log_on_success says (measured on 2.3.15.3). */
  readonly to:
    | { readonly kind: 'none' }
    | { readonly kind: 'syslog'; readonly facility: string }
    | { readonly kind: 'file'; readonly path: string }
  readonly onSuccess: readonly string[]
  readonly onFailure: readonly string[]
}

export function loggingOf({ settings }: XinetdService): Logging {
  const [kind, target = ''] = settings['log_type']?.values ?? []
  return {
    to:
      kind === 'SYSLOG'
        ? { kind: 'syslog', facility: target }
        : kind === 'FILE'
          ? { kind: 'file', path: target }
          : { kind: 'none' },
    onSuccess: settings['log_on_success']?.values ?? [],
    onFailure: settings['log_on_failure']?.values ?? [],
  }
}

/** Why there is nothing to see of a service's connections; params for its text. */
export type Silence = {
  readonly kind:
    'notRead' | 'noLogType' | 'nothingAsked' | 'nothingYet' | 'noSyslog' | Exclude<LogPlace['status'], 'read'>
  readonly path: string
}

/** For when no connection of the service is known: by whose doing. */
export function silenceOf(service: XinetdService, log: DaemonLog | null): Silence {
  const { to, onSuccess, onFailure } = loggingOf(service)
  const because = (kind: Silence['kind'], path = ''): Silence => ({ kind, path })
  if (to.kind === 'none') return because('noLogType')
  if (onSuccess.length === 0 && onFailure.length === 0) return because('nothingAsked')
  if (log === null) return because('notRead')
  if (to.kind === 'file') {
    const place = log.places.find(({ kind, path }) => kind === 'file' && path === to.path)
    if (place?.status === 'read') return because('nothingYet')
    return because(place?.status ?? 'failed', to.path)
  }
  const places = log.places.filter(({ kind }) => kind !== 'file')
  if (places.some(({ status }) => status === 'read')) return because('nothingYet')
  const isClosed = places.some(({ status }) => status === 'permission')
  return because(isClosed ? 'permission' : 'noSyslog')
}

/** What the daemon is not asked to log, of what one would like to know. Empty while nothing is logged at all. */
export type Unlogged = 'letIn' | 'refused' | 'address' | 'end'

export function unloggedOf(service: XinetdService): readonly Unlogged[] {
  const { to, onSuccess, onFailure } = loggingOf(service)
  if (to.kind === 'none' || (onSuccess.length === 0 && onFailure.length === 0)) return []
  const missing: Unlogged[] = []
  if (onSuccess.length === 0) missing.push('letIn')
  if (onFailure.length === 0) missing.push('refused')
  const lists = [onSuccess, onFailure].filter((words) => words.length > 0)
  if (lists.some((words) => !words.includes('HOST'))) missing.push('address')
  // sconf.h, SC_LOGS_ON_EXIT.
  const endIsLogged = onSuccess.includes('EXIT') || onSuccess.includes('DURATION')
  if (onSuccess.length > 0 && !endIsLogged && kindOf(service).forks) missing.push('end')
  return missing
}

/** The attributes that make the daemon tell all that a list of connections shows; those that already do are left out. */
export function loggingToAdd(service: XinetdService): Readonly<Record<string, readonly string[]>> {
  const { to, onSuccess, onFailure } = loggingOf(service)
  const withAll = (has: readonly string[], wanted: readonly string[]): readonly string[] => [
    ...has,
    ...wanted.filter((word) => !has.includes(word)),
  ]
  // What xinetd answers by itself has no end that it would log (server.c, server_internal).
  const ofEnd = kindOf(service).forks ? ['EXIT', 'DURATION'] : []
  const success = withAll(onSuccess, ['PID', 'HOST', ...ofEnd])
  const failure = withAll(onFailure, ['HOST'])
  return {
    ...(to.kind === 'none' ? { log_type: ['SYSLOG', 'daemon', 'info'] } : {}),
    ...(success.length === onSuccess.length ? {} : { log_on_success: success }),
    ...(failure.length === onFailure.length ? {} : { log_on_failure: failure }),
  }
}
