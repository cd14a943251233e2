import { connect } from 'node:net'
import type { Duplex } from 'node:stream'
import { fail, ok } from '../../../shared/contract/answer'
import type { Answer } from '../../../shared/contract/answer'
import { dialProblem, sshProblem } from '../problems'
import type { Hop } from '../route'

export const dialTimeoutMs = 15_000

/** A TCP connection, IPv6 and IPv4 tried side by side (RFC 8305). */
export function dialTcp(hop: Hop, signal: AbortSignal): Promise<Answer<Duplex>> {
  const { name, address, port } = hop
  return new Promise((resolve) => {
    const socket = connect({ host: address, port, autoSelectFamily: true, noDelay: true, keepAlive: true })
    const settle = (answer: Answer<Duplex>) => {
      clearTimeout(timer)
      signal.removeEventListener('abort', abort)
      socket.removeAllListeners('connect')
      socket.removeAllListeners('error')
      // An error after this belongs to whoever holds the stream; without a holder it tells nothing.
      socket.on('error', () => undefined)
      if (!answer.ok) socket.destroy()
      resolve(answer)
    }
    const abort = () => settle(fail(sshProblem('ssh.closed', name)))
    const timer = setTimeout(
      () =>
        settle(
          fail(sshProblem('ssh.connectTimeout', name, { address, port, seconds: dialTimeoutMs / 1000 })),
        ),
      dialTimeoutMs,
    )
    socket.on('connect', () => settle(ok(socket)))
    socket.on('error', (error) => settle(fail(dialProblem(error, name, address, port))))
    if (signal.aborted) abort()
    else signal.addEventListener('abort', abort)
  })
}
