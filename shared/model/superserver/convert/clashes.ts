import type { Entry } from '../../../lens/inetd'
import type { CannotReason, InetdContext, InetdSource, Note } from './conversion'
import type { Draft } from './draft'
import type { Socket } from './sockets'
import { socketsOf } from './sockets'

/** What an entry that is not commented out takes hold of in inetd, whether it can be converted or not. */
export type Claim = {
  readonly source: InetdSource
  readonly entry: Entry
  readonly protocol: 'tcp' | 'udp'
  /** null: not known. */
  readonly port: number | null
  readonly sockets: readonly Socket[]
}

export type Settled =
  { readonly kind: 'kept'; readonly draft: Draft } | { readonly kind: 'lost'; readonly reason: CannotReason }

export function claimOf(source: InetdSource, context: InetdContext): Claim | null {
  if (!source.enabled || source.outcome.kind === 'refused') return null
  const { entry } = source.outcome
  const protocol = entry.socketType === 'stream' ? 'tcp' : 'udp'
  const { service } = entry
  const listed = context.names.services?.find(
    (one) => one.name === service && entry.protocol.startsWith(one.protocol),
  )
  const port = /^[0-9]+$/.test(service) ? Number(service) : (listed?.port ?? null)
  return { source, entry, protocol, port, sockets: socketsOf(entry, context).sockets }
}

/**
 * A draft without the sockets that are another's. Of two entries for the very same service, inetd keeps one servtab and
 * puts the later one's program into it (config()), but not its `wait` nor whether it is internal: where they differ in
 * these, neither is what it says. Of two that meet at a port otherwise, the first has it.
 */
export function settle(draft: Draft, claims: readonly Claim[]): Settled {
  const at = claims.findIndex(({ source }) => source === draft.source)
  const own = claims[at]
  // What is commented out wants nothing yet.
  if (own === undefined) return { kind: 'kept', draft }
  const lost: { readonly socket: Socket; readonly reason: Rivalry }[] = []
  const kept = draft.sockets.filter((socket) => {
    const reason = rivalryOf(own, socket, claims.slice(0, at), claims.slice(at + 1))
    if (reason !== null) lost.push({ socket, reason })
    return reason === null
  })
  const [first] = lost
  if (first === undefined) return { kind: 'kept', draft }
  if (kept.length === 0) return { kind: 'lost', reason: first.reason }
  const notes = lost.map(({ socket, reason }): Note => ({
    code: 'socketOfAnother',
    address: socket.address,
    line: reason.line,
  }))
  return { kind: 'kept', draft: { ...draft, sockets: kept, notes: [...draft.notes, ...notes] } }
}

type Rivalry = Extract<CannotReason, { readonly line: number }>

function rivalryOf(
  own: Claim,
  socket: Socket,
  before: readonly Claim[],
  after: readonly Claim[],
): Rivalry | null {
  for (const other of [...before, ...after]) {
    const line = other.source.from + 1
    const isLater = after.includes(other)
    for (const held of other.sockets) {
      if (isSame(own, socket, other, held)) {
        if (isLater || isMixed(own.entry, other.entry)) return { code: 'sameSocket', line }
      } else if (!isLater && collide(own, socket, other, held)) return { code: 'portTaken', line }
    }
  }
  return null
}

function isSame({ entry }: Claim, socket: Socket, { entry: other }: Claim, held: Socket): boolean {
  return (
    entry.service === other.service &&
    entry.protocol === other.protocol &&
    entry.tcpmux === other.tcpmux &&
    JSON.stringify(entry.rpc) === JSON.stringify(other.rpc) &&
    socket.address === held.address &&
    socket.family === held.family
  )
}

function isMixed(entry: Entry, other: Entry): boolean {
  return entry.wait !== other.wait || (entry.program === 'internal') !== (other.program === 'internal')
}

/** SO_REUSEADDR lets datagram sockets share a port. */
function collide(own: Claim, socket: Socket, other: Claim, held: Socket): boolean {
  if (own.port === null || own.protocol !== 'tcp') return false
  if (other.protocol !== 'tcp' || other.port !== own.port) return false
  if (socket.family !== held.family) return takesBoth(socket) || takesBoth(held)
  return socket.address === null || held.address === null || socket.address === held.address
}

function takesBoth({ family, address, v6only }: Socket): boolean {
  return family === 'IPv6' && address === null && !v6only
}
