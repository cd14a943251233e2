import type { List } from '../../../lens/hosts-access'
import { isInNet, isInPrefix, isSameIpv6, unmapped } from './address'
import type { Endpoint, Need, Request } from './request'

/** Whether a pattern fits; or what would have to be known to say so. */
export type Match = boolean | { readonly needs: readonly Need[] }

/** hosts_access.c, list_match: anything of the list, but not what its exceptions hold. */
export function matchList(list: List, matchItem: (item: string) => Match): Match {
  const found = any(list.items.map(matchItem))
  if (found === false || list.except === null) return found
  return both(found, () => not(matchList(list.except ?? { items: [], except: null }, matchItem)))
}

/** hosts_access.c, server_match: `daemon`, its port, or either with `@host` of the server's side. */
export function matchDaemon(item: string, request: Request): Match {
  const at = splitAt(item, '@', 1)
  const name = at === null ? item : item.slice(0, at)
  const daemon = matchName(name, request)
  if (at === null) return daemon
  return both(daemon, () => matchHost(item.slice(at + 1), request.server, 'server'))
}

/** hosts_access.c, client_match: a host, or `user@host`. */
export function matchClient(item: string, request: Request): Match {
  const at = splitAt(item, '@', 1)
  if (at === null) return matchHost(item, request.client, 'hostName')
  const user = item.slice(0, at)
  return both(matchHost(item.slice(at + 1), request.client, 'hostName'), () =>
    isAll(user) ? true : { needs: ['user'] },
  )
}

/** A number is a port, whatever the daemon's name (sscanf(3) of `%u`: more than 32 bits lose their front). */
function matchName(name: string, { daemon, port }: Request): Match {
  const digits = /^[+-]?[0-9]{1,30}$/.test(name)
    ? BigInt.asUintN(32, clamped(BigInt(name.replace('+', ''))))
    : null
  if (digits === null || digits > 0xffffn) return matchText(name, daemon)
  return port === undefined ? { needs: ['port'] } : port === Number(digits)
}

function clamped(value: bigint): bigint {
  const most = 2n ** 64n - 1n
  return value > most || value < -most ? most : value
}

function matchHost(item: string, host: Endpoint | undefined, need: Need): Match {
  if (item === '') return false
  if (item.startsWith('@')) return { needs: ['netgroup'] }
  if (item.startsWith('/')) return { needs: ['file'] }
  if (isAll(item)) return true
  if (host === undefined) return { needs: [need] }
  const { address, name } = host
  const word = item.toUpperCase()
  if (word === 'KNOWN' && isSameText(address, UNKNOWN)) return false
  if (word === 'KNOWN') return name === null ? { needs: [need] } : isKnown(name)
  if (word === 'LOCAL') return name === null ? { needs: [need] } : !name.includes('.') && isKnown(name)
  const slash = splitAt(item, '/', 0)
  if (slash !== null) return isMasked(item.slice(0, slash), item.slice(slash + 1), address)
  if (matchText(item, address)) return true
  // Names are looked up for what cannot be an IPv4 address alone.
  if (/^[0-9./]*$/.test(item) || isBracketed(item)) return false
  return name === null ? { needs: [need] } : matchText(item, name)
}

/** The library's own words for a name that was not found, and for one whose address is another. */
const UNKNOWN = 'unknown'
const PARANOID = 'paranoid'

function isKnown(name: string): boolean {
  return !isSameText(name, UNKNOWN) && !isSameText(name, PARANOID)
}

function isMasked(net: string, mask: string, address: string): boolean {
  if (isInNet(net, mask, address)) return true
  const inner = unmapped(address)
  return inner === address ? isInPrefix(net, mask, address) : isInNet(net, mask, inner)
}

/** hosts_access.c, string_match. */
function matchText(pattern: string, whole: string): boolean {
  const text = unmapped(whole)
  if (/[*?]/.test(pattern)) return matchWildcards(lower(pattern), lower(text))
  if (pattern.startsWith('.')) return text.length > pattern.length && lower(text).endsWith(lower(pattern))
  if (isSameText(pattern, 'ALL')) return true
  if (isSameText(pattern, 'KNOWN')) return !isSameText(text, UNKNOWN)
  if (pattern.endsWith('.')) return lower(text).startsWith(lower(pattern))
  if (isBracketed(pattern)) return isSameIpv6(pattern.slice(1, -1), text)
  return isSameText(pattern, text)
}

/**
 * `*` and `?` (hosts_access.c, match_pattern_ylo), line by line of the pattern over all places of the text. A `*` before
 * another wildcard wants a character to begin with.
 */
function matchWildcards(pattern: string, text: string): boolean {
  // Whether the pattern from here on fits the text from each place on.
  let rest = Array.from({ length: text.length + 1 }, (_, at) => at === text.length)
  for (let here = pattern.length - 1; here >= 0; here--) {
    const character = pattern[here]
    const next = pattern[here + 1]
    const fits = Array<boolean>(text.length + 1).fill(false)
    const beforeWildcard = next === '*' || next === '?'
    for (let at = text.length; at >= 0; at--) {
      if (character !== '*') {
        fits[at] =
          at < text.length && (character === '?' || character === text[at]) && (rest[at + 1] ?? false)
      } else if (next === undefined) fits[at] = true
      else {
        const own = (rest[at] ?? false) && (!beforeWildcard || at < text.length)
        fits[at] = own || (fits[at + 1] ?? false)
      }
    }
    rest = fits
  }
  return rest[0] ?? false
}

function isAll(pattern: string): boolean {
  return isSameText(pattern, 'ALL') || /^\*$/.test(pattern)
}

function isBracketed(text: string): boolean {
  return text.startsWith('[') && text.endsWith(']')
}

/** Where a character stands outside brackets (misc.c, split_at). */
function splitAt(text: string, delimiter: string, from: number): number | null {
  let depth = 0
  for (let at = from; at < text.length; at++) {
    if (text[at] === '[') depth += 1
    else if (text[at] === ']') depth -= 1
    else if (depth === 0 && text[at] === delimiter) return at
  }
  return null
}

/** As strcasecmp(3) of the C locale compares. */
function isSameText(some: string, other: string): boolean {
  return lower(some) === lower(other)
}

function lower(text: string): string {
  return text.replace(/[A-Z]+/g, (letters) => letters.toLowerCase())
}

function any(matches: readonly Match[]): Match {
  if (matches.includes(true)) return true
  const needs = matches.flatMap((match) => (typeof match === 'boolean' ? [] : match.needs))
  return needs.length === 0 ? false : { needs: [...new Set(needs)] }
}

export function both(first: Match, second: () => Match): Match {
  if (first === false) return false
  const other = second()
  if (first === true || other === false) return other
  return other === true ? first : { needs: [...new Set([...first.needs, ...other.needs])] }
}

function not(match: Match): Match {
  return typeof match === 'boolean' ? !match : match
}
