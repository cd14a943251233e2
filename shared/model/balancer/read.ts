import { parseListing, parseThresholds, parseTotals, serverKey, serviceKey } from '../../probe/ipvsadm'
import type { VirtualService } from './state'

/** The table, put together from the four listings of ipvsadm that each tell a part of it. */
export function readTable(listings: {
  readonly listing: string
  readonly thresholds: string
  readonly totals: string
  readonly saved: string
}): readonly VirtualService[] {
  const thresholds = parseThresholds(listings.thresholds)
  const totals = parseTotals(listings.totals)
  const tunnels = parseTunnels(listings.saved)
  return parseListing(listings.listing).map((service) => {
    const key = serviceKey(service.name)
    return {
      ...service,
      key,
      totals: totals.get(key) ?? null,
      servers: service.servers.map((server) => {
        const of = serverKey(key, server)
        const limits = thresholds.get(of)
        return {
          ...server,
          key: of,
          upper: limits?.upper ?? 0,
          lower: limits?.lower ?? 0,
          tunnel: tunnels.get(of) ?? [],
          totals: totals.get(of) ?? null,
        }
      }),
    }
  })
}

/**
 * How each tunnel wraps its packets, as `ipvsadm -Sn` says behind the weight: `--tun-type gue --tun-port 6080`. An
 * edit that leaves this out would make it an IPIP tunnel again.
 */
function parseTunnels(saved: string): ReadonlyMap<string, readonly string[]> {
  const found = new Map<string, readonly string[]>()
  for (const line of saved.split('\n')) {
    const match = /^-a (.+) -r (\S+) -[mgi] -w \d+ (--tun-type .*)$/.exec(line.trim())
    const [, service, server, options] = match ?? []
    if (service !== undefined && server !== undefined && options !== undefined)
      found.set(`${service} > ${server}`, options.split(/\s+/))
  }
  return found
}
