import type { DiagnosticCode } from '../diagnostic'
import type { HostNames } from '../state'
import { internalServices } from './attributes'
import type { Candidate } from './candidate'
import { familyOf } from './family'
import type { Setting, Settings } from './settings'
import { headerNote } from './settings'
import { intOf } from './values'

/**
 * The checks of a whole service (confparse.c, cnf_get: service_fill, check_entry), then its start (service.c,
 * svc_activate), each in the order of the daemon. A service that was refused does not stand in the way of a later
 * one; one that could not be started still does in the checks.
 */
export function checkServices(candidates: readonly Candidate[], defaults: Settings, names: HostNames): void {
  const accepted: Candidate[] = []
  for (const candidate of candidates) {
    fill(candidate, defaults, names)
    if (candidate.state !== 'enabled') continue
    const refusal = refusalOf(candidate, names) ?? duplicateOf(candidate, accepted)
    if (refusal === null) {
      amend(candidate)
      accepted.push(candidate)
    } else refuse(candidate, refusal)
  }
  const running: Candidate[] = []
  for (const candidate of accepted) {
    const refusal = socketRefusalOf(candidate) ?? holderOf(candidate, running)
    if (refusal === null) running.push(candidate)
    else refuse(candidate, refusal)
  }
}

function refuse(candidate: Candidate, { code, params }: Refusal): void {
  const service = candidate.entry.block.name
  candidate.state = 'refused'
  candidate.notes.push(headerNote(candidate.entry, code, 'serviceRefused', { service, ...params }))
}

/** What the daemon takes out of a service that it keeps. */
function amend({ settings, notes }: Candidate): void {
  const without = (name: string, word: string, code: DiagnosticCode): void => {
    const setting = settings.get(name)
    if (setting?.values.includes(word) !== true) return
    settings.set(name, { ...setting, values: setting.values.filter((value) => value !== word) })
    if (setting.at !== null)
      notes.push({ code, effect: 'wordIgnored', ...setting.at, column: 1, length: 1, params: { word } })
  }
  // check_entry: "Currently, we cannot intercept: 1) internal services 2) multi-threaded services".
  if (has(settings, 'type', 'INTERNAL') || first(settings, 'wait') === 'no')
    without('flags', 'INTERCEPT', 'interceptIgnored')
  // cnf_get: who asks the identity service for its own users may ask for ever.
  if (first(settings, 'protocol') === 'tcp' && intOf(first(settings, 'port') ?? '') === identityPort) {
    without('log_on_success', 'USERID', 'userIdIgnored')
    without('log_on_failure', 'USERID', 'userIdIgnored')
  }
}

/** RFC 1413. */
const identityPort = 113

type Refusal = { readonly code: DiagnosticCode; readonly params: Readonly<Record<string, string | number>> }

const FROM_DEFAULTS = [
  'instances',
  'umask',
  'per_source',
  'groups',
  'cps',
  'max_load',
  'bind',
  'v6only',
  'log_type',
  'log_on_success',
  'log_on_failure',
]

/** What the daemon does where neither a service nor `defaults` says it. */
export const builtIn: Readonly<Record<string, readonly string[]>> = {
  instances: ['UNLIMITED'],
  per_source: ['UNLIMITED'],
  groups: ['no'],
  cps: ['50', '10'],
  v6only: ['no'],
}

/** What a service does not say itself: from `defaults`, then what is built in, then what follows from the rest. */
function fill({ entry, settings }: Candidate, defaults: Settings, names: HostNames): void {
  for (const name of FROM_DEFAULTS) {
    const inherited = defaults.get(name)
    if (!settings.has(name) && inherited !== undefined) settings.set(name, inherited)
  }
  for (const [name, values] of Object.entries(builtIn)) {
    if (!settings.has(name)) settings.set(name, builtin(values))
  }
  const socketType = first(settings, 'socket_type')
  const protocol = first(settings, 'protocol')
  if (protocol === null && socketType === 'stream') settings.set('protocol', builtin(['tcp']))
  if (protocol === null && socketType === 'dgram') settings.set('protocol', builtin(['udp']))
  if (socketType === null && protocol === 'tcp') settings.set('socket_type', builtin(['stream']))
  if (socketType === null && protocol === 'udp') settings.set('socket_type', builtin(['dgram']))
  if (
    !settings.has('port') &&
    !has(settings, 'type', 'UNLISTED') &&
    !has(settings, 'type', 'RPC') &&
    !isMux(settings)
  ) {
    const port = portOf(entry.block.name, first(settings, 'protocol'), names)
    if (port !== null) settings.set('port', builtin([String(port)]))
  }
}

export function builtin(values: readonly string[]): Setting {
  return { values, origin: 'builtin', at: null }
}

function refusalOf({ entry, settings }: Candidate, names: HostNames): Refusal | null {
  const { name } = entry.block
  const refuse = (code: DiagnosticCode, params: Refusal['params'] = {}): Refusal => ({ code, params })
  const internal = has(settings, 'type', 'INTERNAL') || has(settings, 'flags', 'SENSOR')
  const declaredInternal = has(settings, 'type', 'INTERNAL')
  const unlisted = has(settings, 'type', 'UNLISTED')
  const rpc = has(settings, 'type', 'RPC')
  const mux = isMux(settings)
  const redirect = settings.has('redirect')
  const nameInArgs = has(settings, 'flags', 'NAMEINARGS')
  const socketType = first(settings, 'socket_type')
  const protocol = first(settings, 'protocol')
  const waits = first(settings, 'wait') === 'yes'

  if (!declaredInternal && !redirect && !settings.has('server'))
    return refuse('missingAttribute', { attribute: 'server' })
  if (!declaredInternal && nameInArgs && !settings.has('server_args')) return refuse('nameInArgsWithoutArgs')
  if (!settings.has('port') && !mux && !rpc) {
    if (unlisted) return refuse('portMissing')
    if (protocol === null) return refuse('missingAttribute', { attribute: 'socket_type' })
    if (names.services !== null) return refuse('portUnknown', { protocol })
  }
  if (internal) {
    const known = internalServices[socketType === 'dgram' ? 'dgram' : 'stream']
    if (!has(settings, 'flags', 'SENSOR') && !known.includes(name)) return refuse('unknownInternal')
  }
  if (mux && !unlisted) return refuse('muxNotUnlisted')
  if (mux && protocol !== 'tcp') return refuse('muxNotTcp')
  if (rpc && !unlisted) {
    if (names.rpc !== null && !names.rpc.includes(name)) return refuse('unknownRpc')
  } else if (!unlisted) {
    if (protocol === null) return refuse('missingAttribute', { attribute: 'protocol' })
    const listed = portOf(name, protocol, names)
    const port = first(settings, 'port')
    if (names.services !== null && listed === null) return refuse('portUnknown', { protocol })
    if (listed !== null && port !== null && intOf(port) !== listed)
      return refuse('portDiffers', { port, listed })
  }
  if (redirect) {
    if (socketType !== 'stream') return refuse('redirectNotStream')
    if (waits) return refuse('redirectWaits')
    if (nameInArgs) return refuse('redirectNameInArgs')
  } else if (has(settings, 'log_on_success', 'TRAFFIC')) {
    return refuse('trafficWithoutRedirect')
  }
  if (nameInArgs && internal) return refuse('nameInArgsInternal')
  const missing = requiredOf({ internal, unlisted, rpc, mux, redirect }).find(
    (attribute) => !settings.has(attribute),
  )
  return missing === undefined ? null : refuse('missingAttribute', { attribute: missing })
}

/** socket(2) has no such pair; the daemon logs it when it opens the service. */
function socketRefusalOf({ settings }: Candidate): Refusal | null {
  const socketType = first(settings, 'socket_type')
  const protocol = first(settings, 'protocol')
  const isWrong = (protocol?.toLowerCase() === 'tcp' ? notOverTcp : notOverUdp).includes(socketType ?? '')
  const isKnown = ['tcp', 'udp'].includes(protocol?.toLowerCase() ?? '')
  if (!isKnown || !isWrong) return null
  return { code: 'socketMismatch', params: { socketType: socketType ?? '', protocol: protocol ?? '' } }
}

const notOverTcp = ['dgram', 'seqpacket']
const notOverUdp = ['stream', 'seqpacket']

type Kind = {
  readonly internal: boolean
  readonly unlisted: boolean
  readonly rpc: boolean
  readonly mux: boolean
  readonly redirect: boolean
}

function requiredOf({ internal, unlisted, rpc, mux, redirect }: Kind): readonly string[] {
  const required = new Set(['socket_type', 'wait'])
  if (!internal) {
    required.add('user').add('server')
    if (unlisted) required.add('protocol')
    if (unlisted && !mux) required.add('port')
  }
  if (rpc) {
    required.delete('port')
    required.add('protocol').add('rpc_version')
    if (unlisted) required.add('rpc_number')
  } else if (redirect) {
    required.delete('server')
  }
  return [...required]
}

/** An earlier service, bound to an address, that has the same port and protocol (check_entry; only such are compared). */
function duplicateOf(candidate: Candidate, running: readonly Candidate[]): Refusal | null {
  const same = running.find(
    ({ settings }) =>
      settings.has('bind') &&
      first(settings, 'port') === first(candidate.settings, 'port') &&
      first(settings, 'protocol') === first(candidate.settings, 'protocol') &&
      (!candidate.settings.has('bind') || first(settings, 'bind') === first(candidate.settings, 'bind')) &&
      !areOtherPrograms(settings, candidate.settings),
  )
  return same === undefined ? null : { code: 'duplicate', params: asOther(same) }
}

function areOtherPrograms(a: Settings, b: Settings): boolean {
  if (!has(a, 'type', 'RPC') || !has(b, 'type', 'RPC')) return false
  return (
    first(a, 'rpc_number') !== first(b, 'rpc_number') || first(a, 'rpc_version') !== first(b, 'rpc_version')
  )
}

function asOther({ id, entry }: Candidate): Refusal['params'] {
  return { other: id, path: entry.path, line: entry.block.header.number }
}

/** An earlier service that listens there already, so that bind(2) fails for this one (service.c, activate_normal). */
function holderOf(candidate: Candidate, running: readonly Candidate[]): Refusal | null {
  const wanted = listenerOf(candidate.settings)
  if (wanted === null) return null
  const holder = running.find(({ settings }) => {
    const held = listenerOf(settings)
    return (
      held !== null && held.port === wanted.port && held.protocol === wanted.protocol && collide(held, wanted)
    )
  })
  return holder === undefined ? null : { code: 'portTaken', params: asOther(holder) }
}

type Listener = {
  readonly protocol: string | null
  readonly port: string
  readonly family: 4 | 6
  /** null: every address. */
  readonly address: string | null
  /** A socket of IPv6 on every address that takes IPv4 as well. */
  readonly both: boolean
}

/** null: it does not listen, or SO_REUSEADDR lets it share. */
function listenerOf(settings: Settings): Listener | null {
  const port = first(settings, 'port')
  if (port === null || isMux(settings) || first(settings, 'socket_type') !== 'stream') return null
  const address = first(settings, 'bind')
  const family = familyOf(Object.fromEntries(settings))
  // Whoever writes v6only at all, with yes or with no, gets it; in defaults it is without effect.
  const only = settings.get('v6only')?.origin === 'own'
  return {
    protocol: first(settings, 'protocol'),
    port,
    family,
    address,
    both: family === 6 && address === null && !only,
  }
}

function collide(a: Listener, b: Listener): boolean {
  if (a.family !== b.family) return a.both || b.both
  return a.address === null || b.address === null || a.address === b.address
}

function isMux(settings: Settings): boolean {
  return has(settings, 'type', 'TCPMUX') || has(settings, 'type', 'TCPMUXPLUS')
}

function has(settings: Settings, name: string, word: string): boolean {
  return settings.get(name)?.values.includes(word) === true
}

function first(settings: Settings, name: string): string | null {
  return settings.get(name)?.values[0] ?? null
}

function portOf(name: string, protocol: string | null, names: HostNames): number | null {
  return names.services?.find((entry) => entry.name === name && entry.protocol === protocol)?.port ?? null
}
