import type { UnitState } from '../../../probe/socket-units'
import type { ServiceRef } from '../intent'
import type { GatheredFile, SuperserverState } from '../state'
import type { FailoverReport } from './report'
import type { FailoverSettings } from './settings'

/** What of a host has to do with redirections that change by themselves. */
export type FailoverState = {
  /** What can try a TCP connection there, the first that was found; null: nothing can. */
  readonly prober: string | null
  /** Whether a cron runs that reads /etc/cron.d; asked where there is no systemd alone. */
  readonly cron: boolean
  /** Files of our names, by path. */
  readonly files: Readonly<Record<string, GatheredFile>>
  readonly watches: readonly Watch[]
}

/** A name of ours of which there is a trace on the host: a file, a unit, or what is known of rounds. */
export type Watch = {
  readonly name: string
  /** null: there is no script of ours. */
  readonly settings: FailoverSettings | null
  /** null: systemd knows none. */
  readonly timer: UnitState | null
  readonly service: UnitState | null
  /** null: no round since the last boot, or it is not for us to read. */
  readonly report: FailoverReport | null
}

/** What watches over a service's redirection; null: nothing does. */
export function watchOf(
  { failover }: SuperserverState,
  { id, path }: Pick<ServiceRef, 'id' | 'path'>,
): Watch | null {
  return failover.watches.find(({ settings }) => settings?.id === id && settings.path === path) ?? null
}

/** Whether rounds are made. */
export function isRunning({ failover, systemd }: SuperserverState, watch: Watch): boolean {
  return systemd === null
    ? failover.cron
    : watch.timer?.active === true && watch.timer.fileState === 'enabled'
}
