import type { Entry } from '../../../lens/inetd'
import { internalServices } from '../xinetd/attributes'
import type { InetdContext, Step } from './conversion'
import { cannot } from './conversion'

/** What a service of xinetd is called, and where its port comes from. */
export type Identity = {
  readonly name: string
  readonly type: readonly ('INTERNAL' | 'RPC' | 'UNLISTED' | 'TCPMUX' | 'TCPMUXPLUS')[]
  readonly protocol: 'tcp' | 'udp'
  /** Written into the service: it is in no list. */
  readonly port: number | null
  /** The port as far as it is known, written or listed. */
  readonly knownPort: number | null
}

/** Other names of /etc/services that FreeBSD's inetd takes for its built-in services. */
const CANONICAL: Readonly<Record<string, string>> = {
  sink: 'discard',
  null: 'discard',
  timserver: 'time',
  ttytst: 'chargen',
  source: 'chargen',
}

export function identityOf(entry: Entry, context: InetdContext): Step<Identity> {
  const { service, tcpmux, rpc, socketType } = entry
  const { names } = context
  if (socketType !== 'stream' && socketType !== 'dgram')
    return cannot({ code: 'socketType', value: socketType })
  const protocol = socketType === 'stream' ? 'tcp' : 'udp'
  // What follows tcp or udp names the family, which the sockets tell.
  const suffix = /^(?:rpc\/)?(tcp|udp)(.*)$/.exec(entry.protocol)
  if (suffix?.[1] !== protocol) return cannot({ code: 'protocol', value: entry.protocol })
  const base = { protocol, port: null, knownPort: null } as const

  if (tcpmux !== null) {
    const kind = tcpmux === 'mux' ? 'TCPMUX' : 'TCPMUXPLUS'
    return { value: { ...base, name: service, type: [kind, 'UNLISTED'] } }
  }
  if (rpc !== null) {
    if (entry.program === 'internal') return cannot({ code: 'internalService', service })
    // By name alone: getrpcbyname(3) knows no numbers.
    if (/^[0-9]+$/.test(service) || (names.rpc !== null && !names.rpc.includes(service)))
      return cannot({ code: 'rpcUnknown', service })
    return { value: { ...base, name: service, type: ['RPC'] } }
  }
  if (/^[0-9]+$/.test(service)) {
    const port = Number(service)
    if (port < 1 || port > 65535) return cannot({ code: 'badPort', value: service })
    return { value: { ...base, name: service, type: ['UNLISTED'], port, knownPort: port } }
  }
  const isInternal = entry.program === 'internal'
  const name = isInternal && Object.hasOwn(CANONICAL, service) ? (CANONICAL[service] ?? service) : service
  if (isInternal && !isBuiltIn(name, socketType)) return cannot({ code: 'internalService', service })
  const listed = names.services?.find((one) => one.name === name && one.protocol === protocol)?.port ?? null
  // openbsd-inetd takes one digit off the protocol before it looks the name up: `tcp46` is none to it then.
  const isOddlyNamed = context.dialect === 'openbsd' && /^[0-9]{2,}$/.test(suffix[2] ?? '')
  if ((names.services !== null && listed === null) || isOddlyNamed)
    return cannot({ code: 'serviceUnknown', service, protocol })
  return { value: { ...base, name, type: isInternal ? ['INTERNAL'] : [], knownPort: listed } }
}

/** `sensor` is a service of its own kind, and none that inetd has. */
function isBuiltIn(name: string, socketType: 'stream' | 'dgram'): boolean {
  return name !== 'sensor' && internalServices[socketType].includes(name)
}
