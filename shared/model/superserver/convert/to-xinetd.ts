import { addService, setComment, xinetd } from '../../../lens/xinetd'
import { splitLines } from '../../../lens/line'
import { mayBeCut } from '../xinetd/daemon-lines'
import type { Claim } from './clashes'
import { claimOf, settle } from './clashes'
import type { Conversion, InetdContext, InetdSource, Step } from './conversion'
import { cannot } from './conversion'
import type { Draft, Line } from './draft'
import { draftOf, line } from './draft'
import { fileNameFor, Names } from './names'
import type { Socket } from './sockets'

/**
 * inetd.conf of a host as files for xinetd.d, one for each entry, in the order of the entries. What a file says is what
 * the daemon of the dialect makes of the entry, not what it looks like. Nothing is dropped in silence: what has no
 * counterpart is a note, and what xinetd cannot do at all is `cannot`. Pure, and tested against the daemons.
 */
export function toXinetd(sources: readonly InetdSource[], context: InetdContext): readonly Conversion[] {
  const claims = sources.flatMap((source) => claimOf(source, context) ?? [])
  const steps = sources.map((source) => ({ source, step: stepOf(source, claims, context) }))
  const kept = steps.flatMap(({ step }) => (step !== 'stays' && 'value' in step ? [step.value] : []))
  const files = new Names(context.taken.files)
  const ids = new Names(context.taken.ids)
  return steps.map(({ source, step }): Conversion => {
    if (step === 'stays') return { source, kind: 'stays', reason: 'rpc' }
    if ('reason' in step) return { source, kind: 'cannot', reason: step.reason }
    const draft = step.value
    const text = textOf(draft, kept, context.path, ids)
    if (splitLines(text).some(mayBeCut)) return { source, kind: 'cannot', reason: { code: 'lineTooLong' } }
    const fileName = files.claim(fileNameFor(draft.label))
    return { source, kind: 'converted', fileName, text, notes: draft.notes }
  })
}

function stepOf(source: InetdSource, claims: readonly Claim[], context: InetdContext): Step<Draft> | 'stays' {
  const { outcome } = source
  if (outcome.kind === 'refused') return cannot({ code: 'notTaken', refusal: outcome.refusal })
  if (outcome.entry.rpc !== null && context.rpc === 'stay') return 'stays'
  const draft = draftOf(source, outcome.entry, context)
  if ('reason' in draft) return draft
  const settled = settle(draft.value, claims)
  return settled.kind === 'kept' ? { value: settled.draft } : cannot(settled.reason)
}

function textOf(draft: Draft, all: readonly Draft[], path: string, ids: Names): string {
  let document = xinetd.parse('')
  const { name } = draft.identity
  for (const socket of draft.sockets) {
    const id = ids.claim(...idsFor(draft, socket))
    const lines = linesOf(draft, socket, addressOf(draft, socket, all), id === name ? null : id)
    document = addService(
      document,
      name,
      lines.map((one) => ({ ...one, operator: '=' })),
    )
  }
  const place = path.replace(/[^ -~]/g, '?')
  return xinetd.print(setComment(document, 0, [`# From line ${draft.source.from + 1} of ${place}`]))
}

/** xinetd's own files call its internal services so; others go by their names, as long as these tell them apart. */
function idsFor({ identity, entry }: Draft, { family }: Socket): readonly [string, ...string[]] {
  const { name, protocol } = identity
  const first = identity.type.includes('INTERNAL') ? `${name}-${entry.socketType}` : name
  const own = family === 'IPv6' ? 'ipv6' : protocol
  return [first, `${first}-${own}`, `${first}-${protocol}-${(family ?? '').toLowerCase()}`.replace(/-$/, '')]
}

/**
 * Where it is bound. Every address must be said in words where another service has the port at an address of its own:
 * xinetd takes one without `bind` for its double (confparse.c, check_entry).
 */
function addressOf({ identity }: Draft, { address, family }: Socket, all: readonly Draft[]): string | null {
  if (address !== null || identity.knownPort === null || family === null) return address
  const isShared = all.some(
    (other) =>
      other.identity.knownPort === identity.knownPort &&
      other.identity.protocol === identity.protocol &&
      other.sockets.some((socket) => socket.address !== null),
  )
  if (!isShared) return null
  return family === 'IPv6' ? '::' : '0.0.0.0'
}

function linesOf(draft: Draft, socket: Socket, address: string | null, id: string | null): readonly Line[] {
  const { identity, entry, source } = draft
  const flags = [...draft.flags, ...(socket.family === null ? [] : [socket.family])]
  return [
    ...(source.enabled ? [] : [line('disable', 'yes')]),
    ...(id === null ? [] : [line('id', id)]),
    ...(identity.type.length === 0 ? [] : [line('type', ...identity.type)]),
    // Before server_args: NAMEINARGS counts from where it is read (parsers.c, server_args_parser).
    ...(flags.length === 0 ? [] : [line('flags', ...flags)]),
    line('socket_type', entry.socketType),
    line('protocol', identity.protocol),
    ...(address === null ? [] : [line('bind', address)]),
    ...(socket.v6only ? [line('v6only', 'yes')] : []),
    ...draft.lines,
  ]
}
