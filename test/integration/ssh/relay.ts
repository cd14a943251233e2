import { connect, createServer } from 'node:net'
import type { Socket } from 'node:net'

/** A wire that can go dead: bytes pass between both ends until it is cut, and then nothing is said at all. */
export interface Relay {
  readonly port: number
  /** Bytes vanish from now on; no end and no reset is seen, as when a cable is pulled. */
  cut(): void
  /** New connections pass again; those that were cut stay dead. */
  mend(): void
  /** Ends every connection with a reset. */
  reset(): void
  close(): void
}

export function startRelay(to: number): Promise<Relay> {
  const sockets = new Set<Socket>()
  const dead = new WeakSet<Socket>()
  let isCut = false
  const server = createServer((inside) => {
    const outside = connect(to, '127.0.0.1')
    for (const [from, other] of [
      [inside, outside],
      [outside, inside],
    ] as const) {
      sockets.add(from)
      if (isCut) dead.add(from)
      from.on('error', () => undefined) // ends are what the tests are about
      from.on('data', (chunk) => {
        if (!dead.has(from)) other.write(chunk)
      })
      from.on('close', () => {
        sockets.delete(from)
        if (!dead.has(from)) other.destroy()
      })
    }
  })
  return new Promise((resolve) => {
    server.listen(0, '127.0.0.1', () => {
      const address = server.address()
      resolve({
        port: typeof address === 'object' && address !== null ? address.port : 0,
        cut() {
          isCut = true
          for (const socket of sockets) dead.add(socket)
        },
        mend() {
          isCut = false
        },
        reset() {
          for (const socket of sockets) socket.resetAndDestroy()
        },
        close() {
          for (const socket of sockets) socket.destroy()
          server.close()
        },
      })
    })
  })
}
