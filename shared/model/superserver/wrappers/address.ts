/** A dotted quad as inet_addr(3) takes it, or null. 255.255.255.255 is null too: the library takes it for the failure that has the same value (misc.c, dot_quad_addr). */
export function dottedQuad(text: string): number | null {
  const parts = text.split('.')
  if (parts.length !== 4) return null
  let address = 0
  for (const part of parts) {
    const value = numberOf(part)
    if (value === null || value > 255) return null
    address = address * 256 + value
  }
  return address === 0xffffffff ? null : address
}

function numberOf(text: string): number | null {
  if (/^0[xX][0-9a-fA-F]{1,8}$/.test(text)) return Number(text)
  if (/^0[0-7]{0,10}$/.test(text)) return Number.parseInt(text, 8)
  return /^[1-9][0-9]{0,9}$/.test(text) ? Number(text) : null
}

/** Whether an IPv4 address lies in `net/mask`, the mask a dotted quad or a length from 1 to 32 (misc.c, cidr_mask_addr). */
export function isInNet(net: string, mask: string, address: string): boolean {
  const own = dottedQuad(address)
  const base = dottedQuad(net)
  const bits = dottedQuad(mask) ?? maskOfLength(leadingInt(mask))
  // The net is not masked: 10.0.0.1/8 holds nothing.
  return own !== null && base !== null && bits !== null && (own & bits) >>> 0 === base
}

function maskOfLength(length: number): number | null {
  return length < 1 || length > 32 ? null : (0xffffffff << (32 - length)) >>> 0
}

/** Whether an IPv6 address lies in `[net]/length`. A length that is no number is 0. */
export function isInPrefix(net: string, length: string, address: string): boolean {
  const own = groupsOf(address)
  const base = net.startsWith('[') && net.endsWith(']') ? groupsOf(net.slice(1, -1)) : null
  const bits = leadingInt(length)
  if (own === null || base === null || bits < 0 || bits > 128) return false
  return own.every((group, at) => {
    const kept = Math.min(16, Math.max(0, bits - at * 16))
    return group >> (16 - kept) === (base[at] ?? 0) >> (16 - kept)
  })
}

/** Whether two texts are one IPv6 address. Zones do not count. */
export function isSameIpv6(some: string, other: string): boolean {
  const own = groupsOf(some)
  return own !== null && own.join() === groupsOf(other)?.join()
}

/** The IPv4 address in `::ffff:a.b.c.d`, else the text. */
export function unmapped(text: string): string {
  const tail = text.slice(7)
  return /^::ffff:/i.test(text) && dottedQuad(tail) !== null ? tail : text
}

/** The eight groups of an IPv6 address as inet_pton(3) takes it, without its zone; null: it is none. */
function groupsOf(text: string): readonly number[] | null {
  const [whole = ''] = text.split('%', 1)
  const halves = whole.split('::')
  if (halves.length > 2) return null
  const [front, back] = [wordsOf(halves[0], halves.length === 1), wordsOf(halves[1], true)]
  if (front === null || back === null) return null
  if (halves.length === 1) return front.length === 8 ? front : null
  const missing = 8 - front.length - back.length
  return missing < 1 ? null : [...front, ...Array<number>(missing).fill(0), ...back]
}

function wordsOf(text: string | undefined, mayEndInQuad: boolean): readonly number[] | null {
  if (text === undefined || text === '') return []
  const groups: number[] = []
  const parts = text.split(':')
  for (const [at, part] of parts.entries()) {
    if (/^[0-9a-fA-F]{1,4}$/.test(part)) groups.push(Number.parseInt(part, 16))
    else if (!mayEndInQuad || at < parts.length - 1 || !PLAIN_QUAD.test(part)) return null
    else {
      const [a = 0, b = 0, c = 0, d = 0] = part.split('.').map(Number)
      groups.push(a * 256 + b, c * 256 + d)
    }
  }
  return groups
}

/** inet_pton(3) takes decimal bytes alone, without zeros before them. */
const PLAIN_QUAD = /^((25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])(\.(?!$)|$)){4}$/

/** strtol(3) of base 10 in an int. */
function leadingInt(text: string): number {
  const digits = /^[ \t-\r]*([+-]?[0-9]{1,15})/.exec(text)?.[1]
  return digits === undefined ? 0 : Number(digits) | 0
}
