import ipaddr from 'ipaddr.js'
import { siteKind } from '../../xinetd/sites'

/** A range of addresses: the first, and how many bits of it count. */
export type Net = { readonly family: 4 | 6; readonly first: bigint; readonly prefix: number }

/**
 * What xinetd takes a word of only_from or no_access for, as ranges; null: it has to look a name up. An IPv4 address
 * ends where its last parts are 0 (addr.c, numeric_addr): 10.1.0.0 is 10.1.0.0/16. `::` is that one address.
 */
export function netsOf(site: string): readonly Net[] | null {
  switch (siteKind(site)) {
    case 'address':
      return site.includes(':') ? [ipv6(site, 128)] : [wholeParts(ipv4Of(site))]
    case 'network':
      return network(site)
    case 'factorized':
      return factorized(site)
    case 'domain':
    case 'name':
    case 'unreadable':
    case 'wrong':
      return null
  }
}

/** The ranges without the holes. */
export function subtract(nets: readonly Net[], holes: readonly Net[]): readonly Net[] {
  return holes.reduce((left, hole) => left.flatMap((net) => withoutHole(net, hole)), nets)
}

function withoutHole(net: Net, hole: Net): readonly Net[] {
  if (isWithin(net, hole)) return []
  if (!isWithin(hole, net)) return [net]
  const prefix = net.prefix + 1
  const half = 1n << BigInt(widthOf(net) - prefix)
  const halves = [
    { ...net, prefix },
    { ...net, first: net.first + half, prefix },
  ]
  return halves.flatMap((one) => withoutHole(one, hole))
}

function isWithin(inner: Net, outer: Net): boolean {
  if (inner.family !== outer.family || inner.prefix < outer.prefix) return false
  const shift = BigInt(widthOf(outer) - outer.prefix)
  return inner.first >> shift === outer.first >> shift
}

function widthOf({ family }: Net): number {
  return family === 4 ? 32 : 128
}

/** `10.0.0.0/8`, as systemd takes it. */
export function printNet(net: Net): string {
  const { family, first, prefix } = net
  const bytes: number[] = []
  for (let shift = widthOf(net) - 8; shift >= 0; shift -= 8)
    bytes.push(Number((first >> BigInt(shift)) & 255n))
  const address = family === 4 ? new ipaddr.IPv4(bytes) : new ipaddr.IPv6(bytes)
  return `${address.toString()}/${prefix}`
}

function net(family: 4 | 6, address: bigint, prefix: number): Net {
  const shift = BigInt((family === 4 ? 32 : 128) - prefix)
  return { family, first: (address >> shift) << shift, prefix }
}

function wholeParts(address: bigint): Net {
  let prefix = 32
  while (prefix > 0 && ((address >> BigInt(32 - prefix)) & 255n) === 0n) prefix -= 8
  return net(4, address, prefix)
}

/** addr.c, explicit_mask. An IPv6 address of 128 bits is compared as a name there, and fits none. */
function network(site: string): readonly Net[] | null {
  const [address = '', bits = ''] = site.split('/', 2)
  const count = Number(/^[ \t\v\f\r]*\+?(\d+)/.exec(bits)?.[1] ?? Number.NaN)
  if (Number.isNaN(count)) return null
  if (!address.includes(':')) return [net(4, ipv4Of(address), Math.min(count, 32))]
  return count >= 128 ? null : [ipv6(address, count)]
}

/** addr.c, factorized_addr: each number in the braces closes the address, and counts with all its bits. */
function factorized(site: string): readonly Net[] {
  const [before = '', list = ''] = site.replace('}', '').split('{', 2)
  const parts = before.split('.').filter((part) => part !== '')
  const prefix = Math.min(32, 8 * (parts.length + 1))
  return list.split(',').map((last) => {
    const address = [...parts, last].reduce((sum, part) => sum * 256n + BigInt(part), 0n)
    return net(4, BigInt.asUintN(32, address << BigInt(32 - prefix)), prefix)
  })
}

function ipv6(address: string, prefix: number): Net {
  const bytes = ipaddr.IPv6.parse(address).toByteArray()
  return net(
    6,
    bytes.reduce((sum, byte) => sum * 256n + BigInt(byte), 0n),
    prefix,
  )
}

/** inet_aton(3): the last of one to four numbers fills what is left. */
function ipv4Of(address: string): bigint {
  const parts = address.split('.').map((part) => BigInt(/^0[0-7]/.test(part) ? `0o${part.slice(1)}` : part))
  const last = parts.pop() ?? 0n
  return parts.reduce((sum, part, at) => sum + (part << BigInt(24 - 8 * at)), last)
}
