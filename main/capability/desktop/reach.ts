import { fail, ok, type Answer } from '../../../shared/contract/answer'
import { problem } from '../../../shared/contract/problem'
import { endpointText, type Endpoint } from '../../../shared/model/desktop'
import { quote } from '../../host/quote'
import type { Channel, Transport } from '../../ssh'

/** What carries bytes between its standard streams and a socket, the first that the host has. */
function helper(endpoint: Endpoint): string {
  if (endpoint.kind === 'unix') {
    const path = quote(endpoint.path)
    return [
      `if nc -h 2>&1 | grep -q -e -U; then exec nc -U ${path}`,
      `elif command -v socat >/dev/null; then exec socat - UNIX-CONNECT:${path}`,
      'else echo no-helper >&2; exit 127; fi',
    ].join('; ')
  }
  const address = quote(endpoint.address)
  const port = String(endpoint.port)
  return [
    `if command -v nc >/dev/null; then exec nc ${address} ${port}`,
    `elif command -v socat >/dev/null; then exec socat - TCP:${quote(bracketed(endpoint.address))}:${port}`,
    `elif command -v bash >/dev/null; then exec bash -c ${quote(bashRelay(endpoint.address, port))}`,
    'else echo no-helper >&2; exit 127; fi',
  ].join('; ')
}

const bracketed = (address: string): string => (address.includes(':') ? `[${address}]` : address)

/** bash(1), REDIRECTION, /dev/tcp. The one that ends takes the other along. */
const bashRelay = (address: string, port: string): string =>
  `exec 3<>/dev/tcp/${address}/${port} || exit; cat <&3 & cat >&3; kill $! 2>/dev/null`

/**
 * A connection to a display, made by the host itself: no port is opened on this computer. Where the SSH server
 * forbids forwarding, a program on the host carries the bytes through a session instead.
 */
export async function reach(
  transport: Transport,
  host: string,
  endpoint: Endpoint,
): Promise<Answer<Channel>> {
  const forwarded =
    endpoint.kind === 'unix'
      ? await transport.forwardStreamLocal(endpoint.path)
      : await transport.forward(endpoint.address, endpoint.port)
  if (forwarded.ok || !mayBeHelped(forwarded.problem.code)) return forwarded
  return viaHelper(transport, host, endpoint)
}

/**
 * sshd answers "administratively prohibited" for TCP, but for a Unix socket it may also say "unknown channel type"
 * (OpenSSH before 6.7, Dropbear): that is a failure like that of a display that is gone.
 */
function mayBeHelped(code: string): boolean {
  return code === 'ssh.forwardForbidden' || code === 'ssh.forwardFailed'
}

async function viaHelper(transport: Transport, host: string, endpoint: Endpoint): Promise<Answer<Channel>> {
  // One line without `!` or newline for whatever login shell; the script is for /bin/sh.
  const opened = await transport.open(`exec /bin/sh -c ${quote(helper(endpoint))}`, {})
  if (!opened.ok) return opened
  const channel = opened.value
  let said = ''
  channel.stderr?.on('data', (chunk: Buffer) => {
    if (said.length < 2000) said += chunk.toString('latin1')
  })
  // A server that lives speaks first; a helper that fails ends without a word.
  const speaks = await new Promise<boolean>((resolve) => {
    channel.stream.once('readable', () => resolve(channel.stream.readableLength > 0))
    void channel.closed.then(() => resolve(false))
  })
  if (speaks) return ok(channel)
  channel.close()
  const where = endpointText(endpoint)
  if (said.includes('no-helper')) return fail(problem('desktop.noWayIn', { endpoint: where }, { host }))
  return fail(problem('ssh.forwardFailed', { host: where, port: 0 }, { host, detail: said }))
}
