import type { Resolution, SuperserverState, XinetdService } from '../../../shared/model/superserver'

/** Whether what runs is what the files say. */
export type Running = 'yes' | 'no' | 'unknown' | 'differs'

/** One line of the table. */
export interface Row {
  readonly key: string
  readonly service: XinetdService
  readonly running: Running
  readonly sessions: number
  readonly user: string
  readonly program: string
  readonly access: Access
}

/** Who may connect, by the service's own rules. */
export type Access =
  | { readonly kind: 'everyone' }
  | { readonly kind: 'nobody' }
  | { readonly kind: 'only'; readonly from: readonly string[] }
  | { readonly kind: 'except'; readonly from: readonly string[] }

export function rowsOf(state: SuperserverState, resolution: Resolution): readonly Row[] {
  const rows = resolution.services.map((service): Row => {
    const value = (name: string) => service.settings[name]?.values.join(' ') ?? ''
    return {
      key: keyOf(service),
      service,
      running: runningOf(state, service),
      sessions: state.xinetd?.dump?.services.find(({ id }) => id === service.id)?.running ?? 0,
      user: value('user'),
      program: programOf(service),
      access: accessOf(service),
    }
  })
  return rows.sort((a, b) => urgency(a) - urgency(b) || a.service.id.localeCompare(b.service.id))
}

/** What wants a look stands first, then what runs, then what is off. */
function urgency({ service, running }: Row): number {
  if (service.state === 'refused' || running === 'differs') return 0
  return service.state === 'enabled' ? 1 : 2
}

export const keyOf = ({ path, id, occurrence }: Pick<XinetdService, 'path' | 'id' | 'occurrence'>): string =>
  JSON.stringify([path, id, occurrence])

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
