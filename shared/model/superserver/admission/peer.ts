import ipaddr from 'ipaddr.js'
import { familyOf, has } from '../xinetd/family'
import type { XinetdService } from '../xinetd/resolve'
import { ipv6Of } from '../xinetd/sites'
import type { ServiceKind } from './kind'

/** A client as the daemon's socket shows it: of an IPv6 socket, a client of IPv4 is `::ffff:a.b.c.d`. */
export type Peer = {
  readonly family: 4 | 6
  /** Of 32 bits without sign; null: a client of IPv6. */
  readonly ipv4: number | null
  /** The eight groups of the address, or of the mapped one. */
  readonly groups: readonly number[]
}

/** Which clients come to a service's socket. */
export type Listening = {
  readonly family: 4 | 6
  readonly takes: { readonly ipv4: boolean; readonly ipv6: boolean }
}

/**
 * The address family, and for whom it listens (service.c, svc_activate and activate_normal). Whoever writes v6only in the
 * service, with yes or with no, gets it; in `defaults` it is without effect.
 */
export function listeningOf({ settings }: XinetdService, hasIpv6: boolean): Listening {
  const bind = settings['bind']?.values[0]
  const family = !hasIpv6 && bind === undefined ? 4 : familyOf(settings)
  if (family === 4) return { family, takes: { ipv4: true, ipv6: false } }
  const isEvery = bind === undefined || isUnspecified(bind)
  const isMapped = bind !== undefined && bind.includes(':') && isMappedAddress(bind)
  const only = settings['v6only']?.origin === 'own'
  return { family, takes: { ipv4: !only && (isEvery || isMapped), ipv6: !isMapped } }
}

/** null: the text is no address, or such a client does not come to this socket. */
export function peerOf(address: string, { family, takes }: Listening): Peer | null {
  if (!ipaddr.isValid(address)) return null
  const plain = ipaddr.process(address)
  const groups = plain.kind() === 'ipv4' ? ipv6Of(`::ffff:${plain.toString()}`) : ipv6Of(address)
  if (plain.kind() === 'ipv6') return takes.ipv6 ? { family: 6, ipv4: null, groups } : null
  const [high = 0, low = 0] = groups.slice(6)
  return takes.ipv4 ? { family, ipv4: high * 0x10000 + low, groups } : null
}

/**
 * The client's address as libwrap sees it. Of a client of IPv4 on an IPv6 socket the daemon makes the connection one of
 * IPv4 (connection.c, get_connection), unless v6only is asked for; a datagram has no connection.
 */
export function addressForLibwrap(
  address: string,
  { settings }: XinetdService,
  { stream }: ServiceKind,
  { family }: Listening,
): string {
  if (!ipaddr.isValid(address)) return address
  const plain = ipaddr.process(address)
  const isMapped = family === 6 && plain.kind() === 'ipv4' && (!stream || has(settings, 'v6only', 'yes'))
  return isMapped ? `::ffff:${plain.toString()}` : plain.toString()
}

/** The IPv4 address in `::ffff:a.b.c.d`, else the address as it is. */
export function plainAddress(address: string): string {
  return ipaddr.isValid(address) ? ipaddr.process(address).toString() : address
}

function isUnspecified(address: string): boolean {
  return ipaddr.IPv6.isValid(address) && ipv6Of(address).every((group) => group === 0)
}

function isMappedAddress(address: string): boolean {
  return ipaddr.IPv6.isValid(address) && ipaddr.IPv6.parse(address).isIPv4MappedAddress()
}
