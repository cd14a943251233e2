import ipaddr from 'ipaddr.js'

/**
 * What xinetd takes a word of only_from and no_access for (addr.c, addrlist_op, whose parsers are tried in this order).
 * name: a host or network whose name may or may not resolve, which only the host can tell.
 * unreadable: it says "failed to parse" and goes on without the word.
 * wrong: it refuses the whole service.
 */
export type SiteKind = 'address' | 'domain' | 'network' | 'factorized' | 'name' | 'unreadable' | 'wrong'

export function siteKind(word: string): SiteKind {
  if (word.includes('{')) return factorizedKind(word)
  // parsers.c, addr_parser: "Address: %s has a comma in it".
  if (word.includes(',')) return 'wrong'
  if (word.includes('/')) return networkKind(word)
  if (word.includes(':')) return ipaddr.IPv6.isValid(word) ? 'address' : 'unreadable'
  if (ipv4Of(word) !== null) return 'address'
  // factorized_addr looks at it as well, and reads dots as far as the first other character.
  if (/^[\d.]*$/.test(word)) return /^\.|\.\./.test(word) ? 'wrong' : 'unreadable'
  return word.startsWith('.') ? 'domain' : 'name'
}

/** What a word stands for in the daemon's list (addr.c, struct comp_addr). */
export type Site =
  /** Address and mask of 32 bits, without sign. */
  | { readonly kind: 'ipv4'; readonly address: number; readonly mask: number }
  /** Eight groups, and how many of their 128 bits count. */
  | { readonly kind: 'ipv6'; readonly groups: readonly number[]; readonly length: number }
  | { readonly kind: 'domain'; readonly suffix: string }
  | { readonly kind: 'name'; readonly name: string }
  /** An IPv6 network of 128 bits: it is compared by a name that it does not have (addr.c, explicit_mask). */
  | { readonly kind: 'nobody' }

/** The sites of a word: one, of a factorized word as many as it lists, of one that is not read none. */
export function sitesOf(word: string): readonly Site[] {
  switch (siteKind(word)) {
    case 'address':
      return [addressSite(word)]
    case 'network':
      return [networkSite(word)]
    case 'factorized':
      return factorizedSites(word)
    case 'domain':
      return [{ kind: 'domain', suffix: word }]
    case 'name':
      return [{ kind: 'name', name: word }]
    case 'unreadable':
    case 'wrong':
      return []
  }
}

/** addr.c, numeric_addr: of an IPv4 address the bytes at its end that are 0 stand for any; of IPv6 `::` is no wildcard. */
function addressSite(word: string): Site {
  const address = ipv4Of(word)
  if (address === null) return { kind: 'ipv6', groups: ipv6Of(word), length: 128 }
  const zeros = [0xff, 0xffff, 0xffffff, 0xffffffff].filter((bytes) => (address & bytes) === 0).length
  return { kind: 'ipv4', address, mask: maskOf(32 - 8 * zeros) }
}

/** addr.c, explicit_mask: `%45[^/]/%u`, so what follows the number counts for nothing. */
const NETWORK = /^([^/]{1,45})\/[ \t\v\f\r]*([+-]?\d+)/

function networkKind(word: string): SiteKind {
  const address = NETWORK.exec(word)?.[1] ?? ''
  return ipv4Of(address) !== null || ipaddr.IPv6.isValid(address) ? 'network' : 'unreadable'
}

function networkSite(word: string): Site {
  const [, text = '', digits = '0'] = NETWORK.exec(word) ?? []
  const length = unsignedOf(digits)
  const address = ipv4Of(text)
  if (address !== null) return { kind: 'ipv4', address, mask: maskOf(Math.min(32, length)) }
  return length >= 128 ? { kind: 'nobody' } : { kind: 'ipv6', groups: ipv6Of(text), length }
}

/** scanf(3) of `%u`: by way of 64 bits. */
function unsignedOf(digits: string): number {
  const most = 2n ** 64n - 1n
  const whole = BigInt(digits.replace(/^[+-]/, ''))
  const clamped = whole > most ? most : digits.startsWith('-') ? -whole : whole
  return Number(BigInt.asUintN(32, clamped))
}

/** addr.c, factorized_addr: `128.138.{200,201}`. */
function factorizedKind(word: string): SiteKind {
  const brace = word.indexOf('{')
  const before = word.slice(0, brace)
  const odd = /[^\d.]/.exec(before)
  const dots = /^\.|\.\./.exec(before)
  // It reads from the left, and the first thing that it stumbles over decides.
  if (dots !== null && (odd === null || dots.index < odd.index)) return 'wrong'
  if (odd !== null) return 'unreadable'
  return /^\d+(,\d+)*\}$/.test(word.slice(brace + 1)) ? 'factorized' : 'wrong'
}

/** In 32 bits, as C has it: a number may be more than 255, and one that touches the brace counts for nothing. */
function factorizedSites(word: string): readonly Site[] {
  const [before = '', listed = ''] = word.slice(0, -1).split('{')
  const parts = before.split('.').slice(0, -1)
  const shift = 24 - 8 * parts.length
  const front = parts.reduce((address, part) => (Math.imul(address, 256) + wordOf32(part)) | 0, 0)
  return listed.split(',').map((part) => ({
    kind: 'ipv4',
    address: ((front << (shift + 8)) + (wordOf32(part) << shift)) >>> 0,
    mask: ~((1 << shift) - 1) >>> 0,
  }))
}

function wordOf32(digits: string): number {
  return Number(BigInt.asUintN(32, BigInt(digits)))
}

/** The 32 bits, without sign, of as many ones from the front. */
function maskOf(length: number): number {
  return length === 0 ? 0 : (0xffffffff << (32 - length)) >>> 0
}

/** The eight groups of a text that is an IPv6 address. */
export function ipv6Of(text: string): readonly number[] {
  return ipaddr.IPv6.parse(text).parts
}

/** inet_aton(3): one to four numbers, decimal, octal or hexadecimal; the last fills what is left of 32 bits. null: it is none. */
export function ipv4Of(text: string): number | null {
  const parts = text.split('.')
  if (parts.length > 4) return null
  let address = 0
  for (const [at, part] of parts.entries()) {
    if (!/^(0[xX][\da-fA-F]+|0[0-7]*|[1-9]\d*)$/.test(part)) return null
    const value = /^0[0-7]/.test(part) ? Number.parseInt(part, 8) : Number(part)
    const isLast = at === parts.length - 1
    if (value >= (isLast ? 256 ** (5 - parts.length) : 256)) return null
    address += isLast ? value : value * 256 ** (3 - at)
  }
  return address
}
