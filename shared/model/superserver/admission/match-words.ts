import { assertNever } from '../../../assert-never'
import type { Site } from '../xinetd/sites'
import { ipv4Of, sitesOf } from '../xinetd/sites'
import type { Peer } from './peer'
import type { AdmissionContext } from './request'

/** What would have to be known of a word. */
export type WordNeed =
  /** The name that the host finds for the client's address. */
  | 'hostName'
  /** Whether the name in the configuration resolved when the daemon read it. */
  | 'resolved'

/** Whether a list has the client, by its first word that does; or the words that may. */
export type WordMatch =
  | { readonly kind: 'match'; readonly word: string }
  | { readonly kind: 'none' }
  | { readonly kind: 'unknown'; readonly words: readonly string[]; readonly needs: readonly WordNeed[] }

type Names = Pick<AdmissionContext, 'resolved' | 'networks'>

type SiteMatch = boolean | WordNeed

/** addr.c, addrlist_match: the words in turn. How well a word fits is of no account, whatever xinetd.conf(5) says. */
export function matchWords(
  words: readonly string[],
  peer: Peer,
  name: string | null,
  names: Names,
): WordMatch {
  const open: { readonly word: string; readonly need: WordNeed }[] = []
  for (const word of words) {
    const matches = sitesOf(word).map((site) => matchSite(site, peer, name, names))
    if (matches.includes(true)) return { kind: 'match', word }
    for (const match of matches) if (typeof match === 'string') open.push({ word, need: match })
  }
  if (open.length === 0) return { kind: 'none' }
  return {
    kind: 'unknown',
    words: open.map(({ word }) => word),
    needs: [...new Set(open.map(({ need }) => need))],
  }
}

function matchSite(site: Site, peer: Peer, name: string | null, { resolved, networks }: Names): SiteMatch {
  switch (site.kind) {
    case 'ipv4':
      return isIn(peer.ipv4, site)
    case 'ipv6':
      // The service may listen on IPv4 alone: then its clients have no address of IPv6.
      return peer.family === 6 && startsAlike(site.groups, peer.groups, site.length)
    case 'domain':
      return matchName(name, (found) => isInDomain(found, site.suffix))
    case 'name': {
      const own = Object.hasOwn(resolved, site.name) ? resolved[site.name] : undefined
      if (own === false) return isNetwork(peer.ipv4, networks, site.name)
      const match = matchName(name, (found) => lower(found) === lower(site.name))
      return match === true && own === undefined ? 'resolved' : match
    }
    case 'nobody':
      return false
    default:
      return assertNever(site)
  }
}

function isIn(address: number | null, site: { readonly address: number; readonly mask: number }): boolean {
  return address !== null && (address & site.mask) === (site.address & site.mask)
}

function startsAlike(some: readonly number[], other: readonly number[], length: number): boolean {
  return some.every((group, at) => {
    const kept = Math.min(16, Math.max(0, length - at * 16))
    return group >> (16 - kept) === (other[at] ?? 0) >> (16 - kept)
  })
}

/** `paranoid` is libwrap's word for a name whose address is another: which name it is, it does not say. */
function matchName(name: string | null, matches: (found: string) => boolean): SiteMatch {
  if (name === null || name === 'paranoid') return 'hostName'
  return name !== 'unknown' && matches(name)
}

/** The first place where the domain stands in the name must be its end (str_casefind), so `a.x.x` is not in `.x`. */
function isInDomain(name: string, suffix: string): boolean {
  const at = lower(name).indexOf(lower(suffix))
  return at !== -1 && at + suffix.length === name.length
}

/**
 * addr.c, net_addr: a name of /etc/networks. The library gives the number filled up to four bytes, which the daemon takes
 * for an address: the network holds that one address.
 */
function isNetwork(address: number | null, networks: Names['networks'], name: string): boolean {
  const number = Object.hasOwn(networks, name) ? networks[name] : undefined
  if (address === null || number === undefined) return false
  const parts = number.split('.')
  return ipv4Of([...parts, '0', '0', '0'].slice(0, 4).join('.')) === address && address !== 0
}

/** As strcasecmp(3) of the C locale compares. */
function lower(text: string): string {
  return text.replace(/[A-Z]+/g, (letters) => letters.toLowerCase())
}
