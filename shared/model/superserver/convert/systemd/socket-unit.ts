import { familyOf } from '../../xinetd/family'
import type { XinetdService } from '../../xinetd/resolve'
import { intOf } from '../../xinetd/values'
import { hasFlag, valueOf, valuesOf } from './unit'

/** What xinetd gives listen(2) (xinetd's config.h, LISTEN_BACKLOG; measured on 2.3.15.3). */
const BACKLOG = 64

/** No limit, as far as an unsigned int goes: MaxConnections=0 is refused. */
const UNLIMITED = 4294967295

/** Whether a program is started for each connection. Datagrams have none: there one program takes them all. */
export function accepts(service: XinetdService): boolean {
  return valueOf(service, 'wait') === 'no' && valueOf(service, 'socket_type') === 'stream'
}

/** Lines of [Socket] but for those of access; systemd.socket(5). */
export function socketLines(service: XinetdService, version: number): readonly string[] {
  const isStream = valueOf(service, 'socket_type') === 'stream'
  const isAccepting = accepts(service)
  const addresses = addressesOf(service)
  return [
    ...addresses.map((address) => `${isStream ? 'ListenStream' : 'ListenDatagram'}=${address}`),
    ...bindLine(service, addresses),
    `Accept=${isAccepting ? 'yes' : 'no'}`,
    ...(isStream ? [`Backlog=${BACKLOG}`] : []),
    ...(isAccepting ? countLines(service) : []),
    ...rateLines(service, version),
    ...(isStream && hasFlag(service, 'NODELAY') ? ['NoDelay=yes'] : []),
    ...(isStream && hasFlag(service, 'KEEPALIVE') ? ['KeepAlive=yes'] : []),
    ...(isAccepting && hasFlag(service, 'LABELED') ? ['SELinuxContextFromNet=yes'] : []),
  ]
}

/**
 * Where xinetd has one socket for both families, it makes a connection by IPv4 one of IPv4 before its program sees it
 * (connection.c, IPV6_ADDRFORM). Here a socket of its own does that; a program that gets the socket itself has one. A
 * port alone is every address, also of a host without IPv6, as it is to xinetd.
 */
function addressesOf(service: XinetdService): readonly string[] {
  const port = portOf(service)
  const bound = valueOf(service, 'bind')
  if (bound !== null) return [bound.includes(':') ? `[${bound}]:${port}` : `${bound}:${port}`]
  if (familyOf(service.settings) === 4) return [`0.0.0.0:${port}`]
  if (!isBoth(service)) return [`[::]:${port}`]
  return accepts(service) ? [`0.0.0.0:${port}`, `[::]:${port}`] : [port]
}

/** Otherwise a setting of the whole host decides (systemd.socket(5)). */
function bindLine(service: XinetdService, addresses: readonly string[]): readonly string[] {
  if (addresses.includes(portOf(service))) return ['BindIPv6Only=both']
  return addresses.includes(`[::]:${portOf(service)}`) ? ['BindIPv6Only=ipv6-only'] : []
}

function portOf({ port }: XinetdService): string {
  return String(port ?? 0)
}

/** Whoever writes v6only at all, with yes or with no, gets it (service.c, activate_normal). */
function isBoth({ settings }: XinetdService): boolean {
  return settings['v6only']?.origin !== 'own'
}

function countLines(service: XinetdService): readonly string[] {
  const perSource = countOf(service, 'per_source')
  return [
    `MaxConnections=${countOf(service, 'instances') ?? UNLIMITED}`,
    ...(perSource === null ? [] : [`MaxConnectionsPerSource=${perSource}`]),
  ]
}

/** null: any number. */
function countOf(service: XinetdService, name: string): number | null {
  const value = valueOf(service, name)
  return value === null || value === 'UNLIMITED' ? null : intOf(value)
}

/** systemd has a limit of its own otherwise, which is lower than xinetd's for what waits. */
function rateLines(service: XinetdService, version: number): readonly string[] {
  const rate = intOf(valuesOf(service, 'cps')[0] ?? '0') ?? 0
  if (rate <= 0) return ['TriggerLimitIntervalSec=0']
  if (version < 255) return ['TriggerLimitIntervalSec=1s', `TriggerLimitBurst=${rate}`]
  return ['TriggerLimitIntervalSec=0', 'PollLimitIntervalSec=1s', `PollLimitBurst=${rate}`]
}
