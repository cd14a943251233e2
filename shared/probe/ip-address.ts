/*
 * `ip -o addr show` of iproute2, and of busybox:
 *
 *   1: lo    inet 127.0.0.1/8 scope host lo\       valid_lft forever preferred_lft forever
 *   2: host0    inet 198.18.0.10/24 brd 198.18.0.255 scope global host0\       valid_lft forever …
 *   2: host0    inet6 fe80::5054:ff:fe12:a/64 scope link \       valid_lft forever preferred_lft forever
 *   7: tun0    inet 10.8.0.2 peer 10.8.0.1/32 scope global tun0\ …
 *
 * `ifconfig -a` of the BSDs:
 *
 *   em0: flags=8863<UP,BROADCAST> metric 0 mtu 1500
 *   	inet 192.0.2.5 netmask 0xffffff00 broadcast 192.0.2.255
 *   	inet6 fe80::1%em0 prefixlen 64 scopeid 0x1
 */
export interface HostAddress {
  readonly device: string
  readonly family: 4 | 6
  readonly address: string
  readonly prefix: number | null
  readonly scope: 'global' | 'link' | 'host' | 'other'
}

export function parseIpAddresses(text: string): readonly HostAddress[] {
  return text.split('\n').flatMap((line) => {
    const match =
      /^\d+:\s+(\S+)\s+(inet6?)\s+([0-9a-fA-F.:]+)(?:\/(\d+))?(?:\s+peer\s+\S+?(?:\/(\d+))?)?\s.*?\bscope (\w+)/.exec(
        line,
      )
    if (match === null) return []
    const [, device = '', family, address = '', own, peer, scope = ''] = match
    const prefix = own ?? peer
    return [
      {
        device,
        family: family === 'inet6' ? 6 : 4,
        address,
        prefix: prefix === undefined ? null : Number(prefix),
        scope: scope === 'global' || scope === 'link' || scope === 'host' ? scope : 'other',
      },
    ]
  })
}

export function parseIfconfig(text: string): readonly HostAddress[] {
  const addresses: HostAddress[] = []
  let device = ''
  for (const line of text.split('\n')) {
    device = /^([^\s:]+): /.exec(line)?.[1] ?? device
    const [, v4, mask] = /^\s+inet ([0-9.]+) netmask (0x[0-9a-f]+)/.exec(line) ?? []
    if (v4 !== undefined && mask !== undefined)
      addresses.push({
        device,
        family: 4,
        address: v4,
        prefix: ones(Number(mask)),
        scope: v4.startsWith('127.') ? 'host' : 'global',
      })
    const [, v6, prefix] = /^\s+inet6 ([0-9a-f:]+)(?:%\S+)? prefixlen (\d+)/.exec(line) ?? []
    if (v6 !== undefined)
      addresses.push({
        device,
        family: 6,
        address: v6,
        prefix: Number(prefix),
        scope: v6 === '::1' ? 'host' : v6.startsWith('fe80') ? 'link' : 'global',
      })
  }
  return addresses
}

const ones = (mask: number): number => mask.toString(2).replaceAll('0', '').length
