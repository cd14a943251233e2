import type { Entry, Listen, Outcome, SocketType } from '../entry'
import { refused } from '../entry'
import { numeral, toInt } from './number'

/** An entry of which nothing is said yet but these. */
export const bare = {
  tcpmux: null,
  rpc: null,
  max: null,
  perAddressPerMinute: null,
  maxPerAddress: null,
  acceptMax: null,
  acceptFilter: null,
  sendBuffer: null,
  receiveBuffer: null,
  loginClass: null,
  owner: null,
} as const satisfies Partial<Entry>

/** A field, or why the entry ends with it. */
export type Field<T> = { readonly value: T } | { readonly refusal: Outcome }

const SOCKET_TYPES: readonly SocketType[] = ['stream', 'dgram', 'rdm', 'seqpacket', 'raw']

export function socketTypeOf(word: string): SocketType | null {
  return SOCKET_TYPES.find((type) => type === word) ?? null
}

/** `user`, `user.group`, `user:group`: whichever of the separators is looked for first ends the user. */
export function userAndGroup(
  word: string,
  separators: readonly string[],
): { readonly user: string; readonly group: string | null } {
  for (const separator of separators) {
    const at = word.indexOf(separator)
    if (at !== -1) return { user: word.slice(0, at), group: word.slice(at + 1) }
  }
  return { user: word, group: null }
}

/** `tcpmux/name`, `tcpmux/+name`. */
export function tcpmuxOf(service: string): Pick<Entry, 'service' | 'tcpmux'> {
  if (!service.startsWith('tcpmux/')) return { service, tcpmux: null }
  const name = service.slice('tcpmux/'.length)
  return name.startsWith('+')
    ? { service: name.slice(1), tcpmux: 'muxPlus' }
    : { service: name, tcpmux: 'mux' }
}

export function programOf(word: string): Entry['program'] {
  return word === 'internal' ? 'internal' : { path: word }
}

/** What stands behind the last slash. */
export function basename(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1)
}

/** `host:service` is cut at the last colon. */
export function hostAndService(word: string): { readonly host: string | null; readonly service: string } {
  const at = word.lastIndexOf(':')
  return at === -1 ? { host: null, service: word } : { host: word.slice(0, at), service: word.slice(at + 1) }
}

/** `[::1]` without its brackets. */
export function unbracketed(host: string): string {
  return host.startsWith('[') && host.endsWith(']') ? host.slice(1, -1) : host
}

/** The family of a numeric address as getaddrinfo takes it (`127.1`, `0x7f000001` too); null: a name. */
function familyOf(address: string): 'ipv4' | 'ipv6' | null {
  if (address.includes(':')) return 'ipv6'
  return /^(?:0[xX][0-9a-fA-F]+|[0-9]+)(?:\.(?:0[xX][0-9a-fA-F]+|[0-9]+)){0,3}$/.test(address) ? 'ipv4' : null
}

/** One socket for each host that has an address of the family: a numeric address of the other has none. */
export function listensOn(hosts: readonly string[], family: 'ipv4' | 'ipv6' | 'dual'): readonly Listen[] {
  const wanted = family === 'dual' ? 'ipv6' : family
  return hosts
    .filter((host) => host === '*' || (familyOf(host) ?? wanted) === wanted)
    .map((host) => ({ address: host === '*' ? null : host, family }))
}

export type Buffers = Pick<Entry, 'sendBuffer' | 'receiveBuffer'> & {
  readonly protocol: string
  /** A size without k or m at the end of the word: the byte behind the word decides. */
  readonly bare: string | null
}

/**
 * `tcp,sndbuf=64k,rcvbuf=64k` (getconfigent, GETVAL and ASSIGN, the same in OpenBSD and NetBSD). One character may
 * follow the digits; `k` and `m` multiply, others do nothing. After digits alone the macro looks one byte behind the
 * end of the string: of the first of two sizes that is the name of the second, so it is refused.
 */
export function bufferSizes(word: string): Field<Buffers> {
  const [protocol = '', ...options] = word.split(',', 4)
  let buffers: Buffers = { protocol, sendBuffer: null, receiveBuffer: null, bare: null }
  if (options.length > 2) return { refusal: refused('badBufferSize', word) }
  if (options.length === 2 && !(options[1] ?? '').includes('=')) {
    return { refusal: refused('badBufferSize', word) }
  }
  for (const [index, option] of options.entries()) {
    const equals = option.indexOf('=')
    const size = equals === -1 ? null : sizeOf(option.slice(equals + 1), index < options.length - 1)
    if (size === null) return { refusal: refused('badBufferSize', option) }
    switch (option.slice(0, equals)) {
      case 'sndbuf':
        buffers = { ...buffers, sendBuffer: size.bytes }
        break
      case 'rcvbuf':
        buffers = { ...buffers, receiveBuffer: size.bytes }
        break
      default:
        return { refusal: refused('badBufferSize', option) }
    }
    if (!size.hasUnit) buffers = { ...buffers, bare: option }
  }
  return { value: buffers }
}

function sizeOf(
  text: string,
  isFollowed: boolean,
): { readonly bytes: number; readonly hasUnit: boolean } | null {
  if (!/^[0-9]/.test(text)) return null
  const { value, rest } = numeral(text, 10)
  if (rest.length > 1 || (rest === '' && isFollowed)) return null
  const factor = rest === 'k' ? 1024n : rest === 'm' ? 1024n * 1024n : 1n
  const bytes = toInt(BigInt(toInt(value)) * factor)
  return bytes < 1 ? null : { bytes, hasUnit: rest !== '' }
}
