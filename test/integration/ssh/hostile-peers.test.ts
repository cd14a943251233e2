import { createServer } from 'node:net'
import type { Server, Socket } from 'node:net'
import { afterEach, describe, expect, test } from 'vitest'
import { closeTransports, emptyHome, hopTo, problemOf } from './harness'

/** A peer that does as it likes on a real TCP socket: what comes of it has to be a typed problem, soon. */
let server: Server | null = null
const sockets = new Set<Socket>()
afterEach(() => {
  closeTransports()
  for (const socket of sockets) socket.destroy()
  sockets.clear()
  server?.close()
  server = null
})

function peer(behave: (socket: Socket) => void): Promise<number> {
  return new Promise((resolve) => {
    server = createServer((socket) => {
      sockets.add(socket)
      socket.on('error', () => undefined) // the client hangs up: that is what is tested
      behave(socket)
    })
    server.listen(0, '127.0.0.1', () => {
      const address = server?.address()
      resolve(typeof address === 'object' && address !== null ? address.port : 0)
    })
  })
}

const times = { banner: 400, handshake: 400, signIn: 400 }
const key = [{ kind: 'password' }] as const

async function outcome(behave: (socket: Socket) => void) {
  const port = await peer(behave)
  const begun = Date.now()
  const problem = await problemOf([hopTo(port, key)], { env: await emptyHome(), times })
  return { ...problem, took: Date.now() - begun }
}

describe('a peer that', () => {
  test('says nothing', async () => {
    const { code, took } = await outcome(() => undefined)
    expect(code).toBe('ssh.bannerTimeout')
    expect(took).toBeLessThan(2_000)
  })

  test('speaks HTTP', async () => {
    const { code, detail } = await outcome((socket) =>
      socket.end('HTTP/1.1 400 Bad Request\r\n\r\n<b>no</b>'),
    )
    expect(code).toBe('ssh.notSsh')
    expect(detail).toContain('HTTP/1.1 400 Bad Request')
  })

  test('greets as a mail server and waits', async () => {
    const { code, detail } = await outcome((socket) => socket.write('220 mail.example ESMTP\r\n'))
    expect(code).toBe('ssh.notSsh')
    expect(detail).toBe('220 mail.example ESMTP')
  })

  test('sends a greeting without end', async () => {
    let sent = 0
    const { code, took } = await outcome((socket) => {
      const chunk = Buffer.alloc(64 * 1024, 'A')
      const flood = () => {
        if (socket.destroyed || sent > 1024 ** 3) return
        sent += chunk.length
        socket.write(chunk, flood)
      }
      flood()
    })
    expect(code).toBe('ssh.greetingTooLong')
    expect(took).toBeLessThan(2_000)
    expect(sent).toBeLessThan(64 * 1024 * 1024)
  })

  test('sends a greeting of endless short lines', async () => {
    const { code } = await outcome((socket) => {
      const chunk = Buffer.from('welcome\r\n'.repeat(4096))
      const flood = () => {
        if (!socket.destroyed) socket.write(chunk, flood)
      }
      flood()
    })
    expect(code).toBe('ssh.greetingTooLong')
  })

  test('speaks SSH 1', async () => {
    const { code } = await outcome((socket) => socket.write('SSH-1.5-OldDevice\r\n'))
    expect(code).toBe('ssh.oldProtocol')
  })

  test('puts control characters into its identification', async () => {
    const { code, detail } = await outcome((socket) => socket.write('SSH-2.0-\u001b]0;owned\u0007\r\n'))
    expect(code).toBe('ssh.notSsh')
    // eslint-disable-next-line no-control-regex -- that they are gone is the point
    expect(detail).not.toMatch(/[\u0000-\u001f]/)
  })

  test('closes at once', async () => {
    const { code } = await outcome((socket) => socket.destroy())
    expect(code).toBe('ssh.closedByServer')
  })

  test('closes after its identification', async () => {
    const { code, params } = await outcome((socket) => socket.end('SSH-2.0-Broken\r\n'))
    expect(code).toBe('ssh.closedByServer')
    expect(params).toEqual({ step: 'key exchange' })
  })

  test('falls silent after its identification', async () => {
    const { code, took } = await outcome((socket) => socket.write('SSH-2.0-Silent\r\n'))
    expect(code).toBe('ssh.handshakeTimeout')
    expect(took).toBeLessThan(2_000)
  })

  test('sends its identification byte by byte, then noise', async () => {
    const { code } = await outcome((socket) => {
      socket.setNoDelay(true)
      const bytes = [...Buffer.from('hello\r\nSSH-2.0-Dribble\r\n'), ...Buffer.alloc(4096, 0xee)]
      const next = () => {
        const byte = bytes.shift()
        if (byte !== undefined && !socket.destroyed)
          socket.write(Buffer.from([byte]), () => setImmediate(next))
      }
      next()
    })
    expect(code).toBe('ssh.handshakeFailed')
  })

  test('claims a packet of four gigabytes', async () => {
    const { code } = await outcome((socket) => {
      socket.write('SSH-2.0-Greedy\r\n')
      socket.write(Buffer.from([0xff, 0xff, 0xff, 0xff, 4, 20]))
    })
    expect(code).toBe('ssh.handshakeFailed')
  })

  test('offers no algorithm that is known', async () => {
    const { code } = await outcome((socket) => {
      socket.write('SSH-2.0-Odd\r\n')
      socket.write(kexInit(['kex-of-the-moon'], ['ssh-ed25519'], ['aes128-ctr'], ['hmac-sha2-256']))
    })
    expect(code).toBe('ssh.noCommonModernAlgorithm')
  })
})

/** RFC 4253 §7.1, unencrypted packet. */
function kexInit(kex: string[], hostKey: string[], cipher: string[], mac: string[]): Buffer {
  const list = (names: string[]) => {
    const bytes = Buffer.from(names.join(','))
    const length = Buffer.alloc(4)
    length.writeUInt32BE(bytes.length)
    return Buffer.concat([length, bytes])
  }
  const payload = Buffer.concat([
    Buffer.from([20]),
    Buffer.alloc(16, 7),
    ...[kex, hostKey, cipher, cipher, mac, mac, ['none'], ['none'], [], []].map(list),
    Buffer.alloc(5),
  ])
  const padding = 8 - ((payload.length + 5) % 8) + 8
  const head = Buffer.alloc(5)
  head.writeUInt32BE(payload.length + padding + 1)
  head[4] = padding
  return Buffer.concat([head, payload, Buffer.alloc(padding)])
}
