import { connect } from 'node:net'
import type { Duplex } from 'node:stream'
import { fail, ok, type Answer } from '../../shared/contract/answer'
import type { Problem } from '../../shared/contract/problem'

const dialTimeoutMs = 5_000

/** An open connection, whoever made it. */
export interface Line {
  readonly stream: Duplex
  /** This computer's end of it; null: a host made it. */
  readonly source: string | null
  readonly closed: Promise<unknown>
  close(): void
}

/** A plain TCP connection of this computer, whose routes, name servers and firewalls count; no SSH. */
export function dialPlain(
  address: string,
  port: number,
  why: (code: 'talk.refused' | 'talk.noAnswer' | 'talk.unreachable', detail: string) => Problem,
): Promise<Answer<Line>> {
  return new Promise((resolve) => {
    const socket = connect({ host: address, port, autoSelectFamily: true })
    const closed = new Promise((done) => socket.once('close', done))
    const failed = (error: Error) => {
      const code = 'code' in error && typeof error.code === 'string' ? error.code : ''
      const kind = code === 'ECONNREFUSED' ? 'refused' : code === 'ETIMEDOUT' ? 'noAnswer' : 'unreachable'
      settle(fail(why(`talk.${kind}`, error.message || code)))
    }
    const timer = setTimeout(() => settle(fail(why('talk.noAnswer', ''))), dialTimeoutMs)
    const settle = (answer: Answer<Line>) => {
      clearTimeout(timer)
      socket.off('error', failed)
      // What comes later is followed by its end, which is what counts.
      socket.on('error', () => undefined)
      if (!answer.ok) socket.destroy()
      resolve(answer)
    }
    socket.once('error', failed)
    socket.once('connect', () =>
      settle(
        ok({ stream: socket, source: socket.localAddress ?? null, closed, close: () => socket.destroy() }),
      ),
    )
  })
}
