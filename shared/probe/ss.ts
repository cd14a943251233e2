/*
 * ss(8) of iproute2, `ss -H -lntup`: one socket a line. The process column stands only for root.
 *
 *   Netid State  Recv-Q Send-Q Local Address:Port Peer Address:Port Process
 *   tcp   LISTEN 0      64           0.0.0.0:7777      0.0.0.0:*     users:(("xinetd",pid=5348,fd=6))
 *   tcp   LISTEN 0      64                 *:7               *:*     users:(("xinetd",pid=5348,fd=5))
 *   udp   UNCONN 0      0      127.0.0.1%lo:68       0.0.0.0:*     users:(("dhclient",pid=1,fd=7),("x",pid=2,fd=3))
 *   tcp   LISTEN 0      4096          [::1]:631          [::]:*
 *   tcp   LISTEN 0      128            [fe80::1]%eth0:22 [::]:*
 */

export type SocketHolder = { readonly program: string; readonly pid: number; readonly fd: number }

export type ListeningSocket = {
  readonly protocol: 'tcp' | 'udp'
  /** Numeric, without brackets; `*` for every address of both families. */
  readonly address: string
  /** The interface that the socket is bound to, if to one. */
  readonly device: string | null
  readonly port: number
  /** Empty without the privilege to see them. */
  readonly holders: readonly SocketHolder[]
}

const LOCAL = /^(?:\[([^\]]*)\]|([^[\]%]*))(?:%([^:]+))?:(\d+)$/

/** Lines that are no socket of TCP or UDP are left out. */
export function parseListeningSockets(output: string): readonly ListeningSocket[] {
  return output.split('\n').flatMap((line) => {
    const [protocol, , , , local = '', , ...rest] = line.trim().split(/\s+/)
    if (protocol !== 'tcp' && protocol !== 'udp') return []
    const match = LOCAL.exec(local)
    if (match === null) return []
    const [, bracketed, bare, device, port] = match
    const address = bracketed ?? bare ?? ''
    return [
      { protocol, address, device: device ?? null, port: Number(port), holders: holdersOf(rest.join(' ')) },
    ]
  })
}

/** `users:(("name",pid=1,fd=2),…)`. A name may hold any byte but is cut by the kernel at 15. */
function holdersOf(text: string): readonly SocketHolder[] {
  return [...text.matchAll(/\("((?:[^"\\]|\\.)*)",pid=(\d+),fd=(\d+)\)/g)].map(
    ([, program = '', pid, fd]) => ({
      program,
      pid: Number(pid),
      fd: Number(fd),
    }),
  )
}
