import type { Resolution, XinetdService } from '../../../shared/model/superserver'
import { intOf } from '../../../shared/model/superserver/xinetd/values'
import type { DumpedService } from '../../../shared/probe/xinetd-dump'
import type { Verdict } from './judge'

/** What runs, told so that two accounts of it can be compared. */
export function accountOf(resolution: Resolution): readonly string[] {
  if (resolution.exits) return ['the daemon ends']
  return resolution.services
    .filter(({ state }) => state === 'enabled')
    .map(tellOwn)
    .sort()
}

export function accountOfDaemon({ end, dump }: Verdict): readonly string[] {
  if (end !== 'alive') return ['the daemon ends']
  if (dump === null) return ['no dump']
  return dump.services.map(tellDumped).sort()
}

function tellOwn(service: XinetdService): string {
  const value = (name: string) => service.settings[name]?.values.join(' ') ?? null
  const own = (name: string) => (service.settings[name]?.origin === 'own' ? value(name) : null)
  const [rate, pause] = own('cps')?.split(' ') ?? []
  return tell({
    id: service.id,
    name: service.name,
    protocol: service.protocol,
    port: service.port === null ? null : String(service.port),
    socket_type: value('socket_type'),
    wait: value('wait'),
    groups: value('groups'),
    instances: own('instances') === null ? null : numeral(own('instances')),
    cps:
      rate === undefined
        ? null
        : `max conn:${(intOf(rate) ?? 0) >>> 0} wait:${(intOf(pause ?? '') ?? 0) >>> 0}`,
    nice: numeral(value('nice')),
    // An attribute of defaults, umask too is said of every service that has it.
    umask: value('umask') === null ? null : Number.parseInt(value('umask') ?? '', 8).toString(8),
    // The dump leaves them out where nothing is logged, as is so here without a log_type.
    log_on_success: value('log_type') === null ? null : sorted(value('log_on_success')),
    log_on_failure: value('log_type') === null ? null : sorted(value('log_on_failure')),
  })
}

function tellDumped(service: DumpedService): string {
  const value = (name: string) => service.attributes[name] ?? null
  return tell({
    id: service.id,
    name: service.name,
    protocol: service.protocol,
    port: service.port === null ? null : String(service.port),
    socket_type: value('socket_type'),
    wait: value('wait'),
    groups: value('Groups'),
    instances: value('Instances'),
    cps: value('CPS'),
    nice: value('Nice'),
    umask: value('umask'),
    log_on_success: sorted(value('Log_on_success flags')),
    log_on_failure: sorted(value('Log_on_failure flags')),
  })
}

function tell(facts: Readonly<Record<string, string | null>>): string {
  return Object.entries(facts)
    .map(([name, value]) => `${name}=${value ?? ''}`)
    .join(' ')
}

function numeral(text: string | null): string | null {
  return text === null ? null : String(intOf(text) ?? text)
}

function sorted(words: string | null): string | null {
  return words === null || words === '' ? null : [...new Set(words.split(' '))].sort().join(' ')
}
