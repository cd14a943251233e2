import type { HostNames, Resolution, XinetdService } from '../../../shared/model/superserver'
import { familyOf } from '../../../shared/model/superserver/xinetd/family'
import { redirectOf } from '../../../shared/model/superserver/xinetd/redirect-proof'
import { intOf } from '../../../shared/model/superserver/xinetd/values'
import type { DumpedService } from '../../../shared/probe/xinetd-dump'
import type { Verdict } from './judge'

/** Numbers of users and groups, as passwd(5) and group(5) of the base have them. */
export type Accounts = {
  readonly users: ReadonlyMap<string, number>
  readonly groups: ReadonlyMap<string, number>
}

/** What runs, told so that two accounts of it can be compared. */
export function accountOf(resolution: Resolution, accounts: Accounts, names: HostNames): readonly string[] {
  if (resolution.exits) return ['the daemon ends']
  return resolution.services
    .filter(({ state }) => state === 'enabled')
    .map((service) => tellOwn(service, accounts, names))
    .sort()
}

export function accountOfDaemon({ end, dump }: Verdict): readonly string[] {
  if (end !== 'alive') return ['the daemon ends']
  if (dump === null) return ['no dump']
  return dump.services.map(tellDumped).sort()
}

function tellOwn(service: XinetdService, { users, groups }: Accounts, names: HostNames): string {
  const words = (name: string) => service.settings[name]?.values ?? []
  const internal = words('type').includes('INTERNAL') || words('flags').includes('SENSOR')
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
    flags: sorted(
      [...words('flags').filter((flag) => !/^IPv/.test(flag)), `IPv${familyOf(service.settings)}`].join(' '),
    ),
    type: sorted([...words('type'), ...(internal ? ['INTERNAL'] : [])].join(' ')),
    user: number(value('user'), users),
    group: number(value('group'), groups),
    server: internal || words('redirect').length > 0 ? null : value('server'),
    argv:
      internal || words('redirect').length > 0
        ? null
        : [
            ...(words('flags').includes('NAMEINARGS') ? [] : [value('server')?.split('/').at(-1) ?? '']),
            ...words('server_args'),
          ].join(' '),
    per_source: value('per_source') === 'UNLIMITED' ? '-1' : numeral(value('per_source')),
    only_from: sites('only_from', service),
    no_access: sites('no_access', service),
    access_times:
      value('access_times')
        ?.replace(/\b(\d):/g, '0$1:')
        .replace(/:(\d)\b/g, ':0$1') ?? null,
    deny_time: words('flags').includes('SENSOR') ? denyTime(value('deny_time')) : null,
    // A file of defaults is the "common log file", and the dump does not say which.
    log:
      service.settings['log_type']?.origin === 'defaults' && words('log_type')[0]?.toUpperCase() === 'FILE'
        ? null
        : logOf(words('log_type')),
    passenv: value('passenv'),
    libwrap: value('libwrap'),
    redirect: redirectTold(redirectOf(service, names)),
    bind: value('bind') === null ? 'All addresses.' : 'one',
  })
}

function number(name: string | null, of: ReadonlyMap<string, number>): string | null {
  if (name === null) return null
  return String(of.get(name) ?? Number(name))
}

function sites(name: 'only_from' | 'no_access', { settings }: XinetdService): string {
  return String((settings[name]?.values ?? []).length)
}

function denyTime(text: string | null): string | null {
  switch (text?.toUpperCase()) {
    case 'FOREVER':
      return '-1'
    case 'NEVER':
      return '0'
    default:
      return numeral(text)
  }
}

function logOf([kind, first = '', second]: readonly string[]): string | null {
  switch (kind?.toUpperCase()) {
    case 'SYSLOG':
      return `syslog ${first.toLowerCase()} ${second?.toLowerCase() ?? 'info'}`
    case 'FILE':
      return `file ${first}`
    default:
      return null
  }
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
    flags: sorted(value('flags')),
    type: sorted(value('type')),
    user: value('user'),
    group: value('group'),
    server: value('Server'),
    argv: value('Server argv'),
    per_source: value('PER_SOURCE'),
    only_from: dumpedSites(value('Only from'), 'All sites'),
    no_access: dumpedSites(value('No access'), 'No blocked sites'),
    access_times: value('Access times'),
    deny_time: value('Deny Time'),
    log: dumpedLog(service),
    passenv: value('Passenv'),
    libwrap: value('Libwrap'),
    redirect: dumpedRedirect(value('Redirect')),
    bind: value('Bind') === 'All addresses.' ? 'All addresses.' : 'one',
  })
}

/** The base has one name for its loopback, of either family. */
const place = (host: string): string => (['127.0.0.1', '::1'].includes(host) ? 'localhost' : host)

function redirectTold(target: ReturnType<typeof redirectOf>): string | null {
  return target === null ? null : `${place(target.host)} ${target.port ?? ''}`
}

function dumpedRedirect(text: string | null): string | null {
  const [, host = '', printed] = /^(.*):(\d+)$/.exec(text ?? '') ?? []
  if (printed === undefined) return text
  return `${place(host)} ${printed}`
}

function dumpedSites(text: string | null, none: string): string {
  return text === null || text === none || text === '' ? '0' : String(text.split(' ').length)
}

function dumpedLog({ attributes }: DumpedService): string | null {
  const syslog = /^(\S+), level = (\S+)$/.exec(attributes['Logging to syslog. Facility'] ?? '')
  if (syslog !== null) return `syslog ${syslog[1]} ${syslog[2]}`
  const file = attributes['Logging to file']
  return file === undefined ? null : `file ${file.split(' ')[0]}`
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
