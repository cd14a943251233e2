/*
 * ipvsadm 1.31 (and 1.26), numeric. `ipvsadm -Ln`:
 *
 *   IP Virtual Server version 1.2.1 (size=4096)
 *   Prot LocalAddress:Port Scheduler Flags
 *     -> RemoteAddress:Port           Forward Weight ActiveConn InActConn
 *   TCP  198.18.2.204:80 wrr
 *     -> 10.0.0.1:8080                Masq    3      0          0
 *   UDP  198.18.2.204:53 rr ops
 *   TCP  [fd00::1]:443 mh persistent 100 mask 64
 *   FWM  7 sh (sh-fallback,sh-port) persistent 600
 *     -> 10.0.0.9:0                   Tunnel  1      0          0
 *   FWM  8 IPv6 rr
 *
 * `-Ln --thresholds` has the columns Uthreshold Lthreshold ActiveConn InActConn, `-Ln --stats --exact` has
 * Conns InPkts OutPkts InBytes OutBytes behind services too, where the scheduler and the flags are left out.
 */

export type Protocol = 'tcp' | 'udp' | 'sctp'

/** What names a virtual service: an address and port, or a mark that the firewall puts on packets. */
export type ServiceName =
  | { readonly kind: 'address'; readonly protocol: Protocol; readonly address: string; readonly port: number }
  | { readonly kind: 'mark'; readonly mark: number; readonly ipv6: boolean }

export type Forwarding = 'masq' | 'route' | 'tunnel' | 'local'

export type ListedServer = {
  readonly address: string
  readonly port: number
  readonly forwarding: Forwarding
  readonly weight: number
  readonly active: number
  readonly inactive: number
}

export type ListedService = {
  readonly name: ServiceName
  readonly scheduler: string
  /** Flags of the scheduler, as it names them. */
  readonly schedulerFlags: readonly string[]
  /** Seconds; null: connections are balanced one by one. */
  readonly persistent: number | null
  /** IPv4: a netmask. IPv6: a prefix length. null: whole addresses. */
  readonly mask: string | null
  readonly engine: string | null
  readonly onePacket: boolean
  readonly servers: readonly ListedServer[]
}

export type Totals = {
  readonly connections: number
  readonly inPackets: number
  readonly outPackets: number
  readonly inBytes: number
  readonly outBytes: number
}

/** A line of a listing: a service with the rest of its words, or a server below it. */
type Line =
  | { readonly kind: 'service'; readonly name: ServiceName; readonly words: readonly string[] }
  | {
      readonly kind: 'server'
      readonly address: string
      readonly port: number
      readonly words: readonly string[]
    }

/** The listing of `ipvsadm -Ln`. Lines that are no listing are passed over. */
export function parseListing(text: string): readonly ListedService[] {
  const services: (Omit<ListedService, 'servers'> & { servers: ListedServer[] })[] = []
  for (const line of linesOf(text)) {
    if (line.kind === 'service') services.push({ name: line.name, ...optionsOf(line.words), servers: [] })
    else {
      const server = serverOf(line)
      if (server !== null) services.at(-1)?.servers.push(server)
    }
  }
  return services
}

/** Upper and lower connection thresholds, 0 for none, by `serviceKey` and server address and port. */
export function parseThresholds(
  text: string,
): ReadonlyMap<string, { readonly upper: number; readonly lower: number }> {
  const found = new Map<string, { upper: number; lower: number }>()
  eachServer(text, (key, { words }) => {
    found.set(key, { upper: numberOf(words[0]), lower: numberOf(words[1]) })
  })
  return found
}

/** Counters since the table was made, by `serviceKey` for services and with address and port for servers. */
export function parseTotals(text: string): ReadonlyMap<string, Totals> {
  const found = new Map<string, Totals>()
  let service = ''
  for (const line of linesOf(text)) {
    if (line.kind === 'service') service = serviceKey(line.name)
    const [connections, inPackets, outPackets, inBytes, outBytes] = line.words.slice(-5).map(numberOf)
    found.set(line.kind === 'service' ? service : serverKey(service, line), {
      connections: connections ?? 0,
      inPackets: inPackets ?? 0,
      outPackets: outPackets ?? 0,
      inBytes: inBytes ?? 0,
      outBytes: outBytes ?? 0,
    })
  }
  return found
}

/** As ipvsadm's own options name a service: `-t 10.0.0.1:80`, `-f 7`, `-f 8 -6`. */
export function serviceArgs(name: ServiceName): readonly string[] {
  if (name.kind === 'mark') return name.ipv6 ? ['-f', String(name.mark), '-6'] : ['-f', String(name.mark)]
  const option = { tcp: '-t', udp: '-u', sctp: '--sctp-service' }[name.protocol]
  return [option, endpoint(name.address, name.port)]
}

export const serviceKey = (name: ServiceName): string => serviceArgs(name).join(' ')

export const serverKey = (
  service: string,
  server: { readonly address: string; readonly port: number },
): string => `${service} > ${endpoint(server.address, server.port)}`

/** `10.0.0.1:80`, `[fd00::1]:443`. */
export function endpoint(address: string, port: number): string {
  return address.includes(':') ? `[${address}]:${port}` : `${address}:${port}`
}

function eachServer(text: string, act: (key: string, line: Extract<Line, { kind: 'server' }>) => void): void {
  let service = ''
  for (const line of linesOf(text)) {
    if (line.kind === 'service') service = serviceKey(line.name)
    else act(serverKey(service, line), line)
  }
}

function linesOf(text: string): readonly Line[] {
  return text.split('\n').flatMap((raw): readonly Line[] => {
    const words = raw.trim().split(/\s+/)
    const [first, second, ...rest] = words
    if (first === undefined || second === undefined) return []
    if (first === '->') {
      const place = placeOf(second)
      return place === null ? [] : [{ kind: 'server', ...place, words: rest }]
    }
    if (first === 'FWM') {
      if (!/^\d+$/.test(second)) return []
      const ipv6 = rest[0] === 'IPv6'
      return [
        {
          kind: 'service',
          name: { kind: 'mark', mark: Number(second), ipv6 },
          words: ipv6 ? rest.slice(1) : rest,
        },
      ]
    }
    const protocol = first.toLowerCase()
    const place = placeOf(second)
    if ((protocol !== 'tcp' && protocol !== 'udp' && protocol !== 'sctp') || place === null) return []
    return [{ kind: 'service', name: { kind: 'address', protocol, ...place }, words: rest }]
  })
}

function placeOf(text: string): { address: string; port: number } | null {
  const match = /^(?:\[([0-9a-fA-F:.]+)\]|([0-9.]+)):(\d+)$/.exec(text)
  const address = match?.[1] ?? match?.[2]
  return address === undefined ? null : { address, port: Number(match?.[3]) }
}

/** `SCHEDULER [(flag,flag)] [persistent N] [mask M] [pe NAME] [ops]`. */
function optionsOf(words: readonly string[]): Omit<ListedService, 'name' | 'servers'> {
  const after = (name: string) => {
    const at = words.indexOf(name, 1)
    return at < 0 ? null : (words[at + 1] ?? null)
  }
  const persistent = after('persistent')
  const flags = words[1]?.startsWith('(') === true ? words[1].slice(1, -1).split(',') : []
  return {
    scheduler: words[0] ?? '',
    schedulerFlags: flags.filter((flag) => flag !== ''),
    persistent: persistent === null ? null : numberOf(persistent),
    mask: after('mask'),
    engine: after('pe'),
    onePacket: words.includes('ops', 1),
  }
}

const forwardings: Readonly<Record<string, Forwarding>> = {
  Masq: 'masq',
  Route: 'route',
  Tunnel: 'tunnel',
  Local: 'local',
}

function serverOf({ address, port, words }: Extract<Line, { kind: 'server' }>): ListedServer | null {
  const [method, weight, active, inactive] = words
  const forwarding = forwardings[method ?? '']
  if (forwarding === undefined) return null
  return {
    address,
    port,
    forwarding,
    weight: numberOf(weight),
    active: numberOf(active),
    inactive: numberOf(inactive),
  }
}

function numberOf(word: string | undefined): number {
  return word !== undefined && /^\d+$/.test(word) ? Number(word) : 0
}
