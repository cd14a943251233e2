import type { Entry } from '../../../lens/inetd'
import { isWord } from '../../../lens/xinetd'
import type { InetdContext, InetdSource, Note, Step } from './conversion'
import { cannot } from './conversion'
import type { Identity } from './identity'
import { identityOf } from './identity'
import type { Program } from './program'
import { basename, programOf } from './program'
import type { Socket } from './sockets'
import { socketsOf } from './sockets'

/** An attribute and its values, in the order in which they are to stand. */
export type Line = { readonly name: string; readonly values: readonly string[] }

/** An entry on its way to a file: a service for each of its sockets. */
export type Draft = {
  readonly source: InetdSource
  readonly entry: Entry
  readonly identity: Identity
  readonly sockets: readonly Socket[]
  /** What every one of its services says, but for its id, its flags of a family and its address. */
  readonly flags: readonly string[]
  readonly lines: readonly Line[]
  readonly notes: readonly Note[]
  /** From which a name for the file is made. */
  readonly label: string
}

export function draftOf(source: InetdSource, entry: Entry, context: InetdContext): Step<Draft> {
  if (entry.listens.some(({ family }) => family === 'unix')) return cannot({ code: 'unixSocket' })
  const identity = identityOf(entry, context)
  if ('reason' in identity) return identity
  const isDatagram = entry.socketType === 'dgram'
  const isInternal = entry.program === 'internal'
  if (isDatagram && !entry.wait && !isInternal) return cannot({ code: 'datagramNowait' })
  const program = entry.program === 'internal' ? null : programOf(entry, entry.program.path, context)
  if (program !== null && 'reason' in program) return program
  const { sockets, notes } = socketsOf(entry, context)
  const group = groupOf(entry, context)
  const lines = [
    ...versionLines(entry, identity.value),
    // xinetd's own files of internal datagram services say so; the daemon answers them itself either way.
    line('wait', entry.wait || (isInternal && isDatagram) ? 'yes' : 'no'),
    ...(program === null ? [] : programLines(entry, group, program.value)),
    ...limitLines(entry, context),
  ]
  const asks = program === null ? (context.wraps.internals ? '' : null) : program.value.asks
  const unfit = unfitOf(
    entry,
    [{ name: '', values: [identity.value.name] }, ...addressLines(sockets), ...lines],
    context,
  )
  if (unfit !== null) return unfit
  return {
    value: {
      source,
      entry,
      identity: identity.value,
      sockets,
      flags: [
        ...(program !== null && isRenamed(program.value) ? ['NAMEINARGS'] : []),
        ...(asks === null && context.libwrap ? ['NOLIBWRAP'] : []),
      ],
      lines,
      notes: [
        ...wrapperNotes(asks, context),
        ...(program?.value.notes ?? []),
        ...notes,
        ...notesOf(entry, asks !== null, context),
      ],
      label: labelOf(identity.value, program?.value ?? null),
    },
  }
}

export function line(name: string, ...values: readonly string[]): Line {
  return { name, values }
}

function versionLines({ rpc }: Entry, { port }: Identity): readonly Line[] {
  if (port !== null) return [line('port', String(port))]
  if (rpc === null) return []
  const { low, high } = rpc
  return [line('rpc_version', low === high ? String(low) : `${low}-${high}`)]
}

function programLines({ user }: Entry, group: string | null, program: Program): readonly Line[] {
  const { server, argv, asks } = program
  const renamed = isRenamed(program)
  const args = renamed ? argv : argv.slice(1)
  // access.c: with NAMEINARGS it asks by the name in the arguments, else by the server's; both without folders.
  const asked = basename(renamed ? (argv[0] ?? '') : server)
  return [
    line('user', user),
    ...(group === null ? [] : [line('group', group)]),
    // inetd gives a program the groups of its user (initgroups(3)); xinetd takes them away unless told.
    line('groups', 'yes'),
    line('server', server),
    ...(args.length === 0 ? [] : [line('server_args', ...args)]),
    ...(asks === null || asks === asked ? [] : [line('libwrap', asks)]),
  ]
}

/** openbsd-inetd and GNU's do not look at the group of an entry that runs as root (measured). */
function groupOf({ user, group }: Entry, { dialect }: InetdContext): string | null {
  return user === 'root' && (dialect === 'openbsd' || dialect === 'inetutils') ? null : group
}

function isRenamed({ server, argv }: Program): boolean {
  return argv[0] !== basename(server)
}

/** On FreeBSD the first number is how many may run at once, 0 for any; elsewhere it is a rate. */
function limitLines({ max, maxPerAddress }: Entry, { dialect }: InetdContext): readonly Line[] {
  const limit = (count: number) => (count === 0 ? 'UNLIMITED' : String(count))
  return [
    ...(max === null || dialect !== 'freebsd' ? [] : [line('instances', limit(max))]),
    ...(maxPerAddress === null ? [] : [line('per_source', limit(maxPerAddress))]),
  ]
}

function addressLines(sockets: readonly Socket[]): readonly Line[] {
  return sockets.flatMap(({ address }) => (address === null ? [] : [line('bind', address)]))
}

/** A value that xinetd could not read, or an account that the host has not: inetd knows accounts by name alone. */
function unfitOf(
  entry: Entry,
  lines: readonly Line[],
  { names }: InetdContext,
): ReturnType<typeof cannot> | null {
  const value = lines.flatMap(({ values }) => values).find((one) => !isWord(one))
  if (value !== undefined) return cannot({ code: 'cannotStand', value })
  if (entry.program === 'internal') return null
  const { user, group } = entry
  const isUnknown = (name: string, known: readonly string[] | null) =>
    /^[0-9]+$/.test(name) || (known !== null && !known.includes(name))
  if (isUnknown(user, names.users)) return cannot({ code: 'userUnknown', user })
  if (group !== null && isUnknown(group, names.groups)) return cannot({ code: 'groupUnknown', group })
  return null
}

function wrapperNotes(asks: string | null, { libwrap }: InetdContext): readonly Note[] {
  if (asks !== null) return libwrap ? [] : [{ code: 'wrappersLost' }]
  return libwrap ? [{ code: 'staysUnwrapped' }] : []
}

const LOST = ['loginClass', 'acceptMax', 'acceptFilter', 'sendBuffer', 'receiveBuffer'] as const

/** Attributes of `defaults` that can shut somebody out. */
const RESTRICTING = [
  'only_from',
  'no_access',
  'enabled',
  'disabled',
  'bind',
  'instances',
  'per_source',
  'cps',
  'max_load',
]

function notesOf(entry: Entry, isAsked: boolean, context: InetdContext): readonly Note[] {
  const { dialect, defaults } = context
  const notes: Note[] = []
  const { max, perAddressPerMinute } = entry
  if (entry.rpc !== null && isAsked && entry.socketType === 'stream') notes.push({ code: 'rpcNotWrapped' })
  if (entry.program !== 'internal' && entry.group !== null)
    notes.push({
      code: groupOf(entry, context) === null ? 'groupIgnored' : 'ownGroupKept',
      group: entry.group,
    })
  if (entry.tcpmux === 'muxPlus') notes.push({ code: 'greetingWithNul' })
  if (entry.rpc !== null) notes.push({ code: 'rpcRegistered' })
  if (max !== null && dialect !== 'freebsd') notes.push({ code: 'rateLost', perMinute: max, of: 'service' })
  if (perAddressPerMinute !== null && perAddressPerMinute !== 0)
    notes.push({ code: 'rateLost', perMinute: perAddressPerMinute, of: 'address' })
  // The warning of openbsd-inetd says that its sizes are without effect there.
  const hasBuffers = !entry.warnings.some(({ code }) => code === 'buffersWithoutEffect')
  for (const field of LOST) {
    const value = entry[field]
    if (value !== null && (hasBuffers || !field.endsWith('Buffer')))
      notes.push({ code: 'valueLost', field, value })
  }
  for (const warning of entry.warnings) notes.push({ code: 'asTaken', warning })
  if (entry.socketType === 'dgram') notes.push({ code: 'datagramsDropped' })
  const attributes = RESTRICTING.filter((name) => defaults.includes(name))
  if (attributes.length > 0) notes.push({ code: 'defaultsAct', attributes })
  return notes
}

function labelOf({ name, protocol, port }: Identity, program: Program | null): string {
  const label = port !== null && program !== null ? `${basename(program.server)}-${name}` : name
  return protocol === 'udp' ? `${label}-udp` : label
}
