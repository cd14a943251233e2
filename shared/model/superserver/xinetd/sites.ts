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
  if (isIpv4(word)) return 'address'
  if (/^[\d.]*$/.test(word)) return 'unreadable'
  return word.startsWith('.') ? 'domain' : 'name'
}

/** addr.c, explicit_mask: `%45[^/]/%u`, so what follows the number counts for nothing. */
function networkKind(word: string): SiteKind {
  const match = /^([^/]{1,45})\/[ \t\v\f\r]*[+-]?\d/.exec(word)
  const address = match?.[1] ?? ''
  return isIpv4(address) || ipaddr.IPv6.isValid(address) ? 'network' : 'unreadable'
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

/** inet_aton(3): one to four numbers, decimal, octal or hexadecimal; the last fills what is left of 32 bits. */
function isIpv4(text: string): boolean {
  const parts = text.split('.')
  if (parts.length > 4) return false
  return parts.every((part, at) => {
    if (!/^(0[xX][\da-fA-F]+|0[0-7]*|[1-9]\d*)$/.test(part)) return false
    const value = /^0[0-7]/.test(part) ? Number.parseInt(part, 8) : Number(part)
    return value < (at === parts.length - 1 ? 256 ** (5 - parts.length) : 256)
  })
}
