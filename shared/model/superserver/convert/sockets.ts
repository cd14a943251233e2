import type { Entry, Listen } from '../../../lens/inetd'
import type { InetdContext, Note } from './conversion'

/** One socket that xinetd is to open. A family of null is what xinetd takes by itself. */
export type Socket = {
  readonly address: string | null
  readonly family: 'IPv4' | 'IPv6' | null
  readonly v6only: boolean
}

export type Sockets = { readonly sockets: readonly Socket[]; readonly notes: readonly Note[] }

/**
 * The sockets of an entry, IPv4 first. The family is always said: whether xinetd takes IPv4 or IPv6 by itself depends
 * on its version.
 */
export function socketsOf(entry: Entry, { dialect, families }: InetdContext): Sockets {
  const { listens } = entry
  // It has had the family that xinetd takes by itself, whichever that is.
  if (dialect === 'xinetd' || entry.tcpmux !== null)
    return { sockets: [{ address: null, family: null, v6only: false }], notes: [] }
  const first = listens.filter(({ family }) => family === 'ipv4')
  const second = listens.filter(({ family }) => family !== 'ipv4')
  if (entry.rpc !== null && first.length > 0 && second.length > 0)
    return { sockets: first.map(ipv4), notes: [...byName(first), { code: 'rpcByIpv4Alone' }] }
  const isAnywhere = ({ address }: Listen) => address === null
  if (families === 'together' && first.some(isAnywhere) && second.some(isAnywhere)) {
    const rest = [...first, ...second].filter((listen) => !isAnywhere(listen))
    const one: Socket = { address: null, family: 'IPv6', v6only: false }
    return {
      sockets: [one, ...rest.map((listen) => (listen.family === 'ipv4' ? ipv4(listen) : ipv6(listen)))],
      notes: [...(isPassedOn(entry) ? [] : [{ code: 'mappedAddresses' } as const]), ...byName(rest)],
    }
  }
  return {
    sockets: [...first.map(ipv4), ...second.map(ipv6)],
    notes: [
      ...(isPassedOn(entry) && second.some(({ family }) => family === 'dual')
        ? [{ code: 'plainIpv4' } as const]
        : []),
      ...byName(listens),
    ],
  }
}

/** Whether the program gets a connection, not the socket that listens. */
function isPassedOn({ socketType, wait }: Entry): boolean {
  return socketType === 'stream' && !wait
}

function ipv4(listen: Listen): Socket {
  return { address: listen.address, family: 'IPv4', v6only: false }
}

function ipv6(listen: Listen): Socket {
  const { address, family } = listen
  return { address, family: 'IPv6', v6only: address === null && family === 'ipv6' }
}

function byName(listens: readonly Listen[]): readonly Note[] {
  const names = listens.flatMap(({ address }) => (address === null || isNumeric(address) ? [] : [address]))
  return [...new Set(names)].map((address) => ({ code: 'addressByName', address }))
}

function isNumeric(address: string): boolean {
  return (
    address.includes(':') ||
    /^(?:0[xX][0-9a-fA-F]+|[0-9]+)(?:\.(?:0[xX][0-9a-fA-F]+|[0-9]+)){0,3}$/.test(address)
  )
}
