import { createHash } from 'node:crypto'
import { afterEach, describe, expect, test } from 'vitest'
import { closeTransports, emptyHome, hopTo, open, value } from './harness'
import { startSshd } from './local-sshd'

afterEach(closeTransports)

const size = 15_000_000
const bounds = { maxBytes: size, timeoutMs: 50_000 }
/** A pattern that neither repeats at packet borders nor is all the same. */
const bytes = Buffer.from(Array.from({ length: 1_000_003 }, (_, index) => (index * 7919) & 255))
const stdin = Buffer.concat(Array.from({ length: 16 }, () => bytes)).subarray(0, size)
const sha = (data: Uint8Array) => createHash('sha256').update(data).digest('hex')

describe('keys are renewed under way, and every byte arrives', () => {
  test.each([
    ['by the server', ['RekeyLimit 1M'], {}],
    ['by us', [], { renewal: { bytes: 1_000_000, milliseconds: 3_600_000, every: 20 } }],
    ['by us, by the clock', [], { renewal: { bytes: 1e12, milliseconds: 50, every: 20 } }],
    ['by both', ['RekeyLimit 2M'], { renewal: { bytes: 1_000_000, milliseconds: 3_600_000, every: 20 } }],
  ] as const)(
    '%s',
    async (_, options, more) => {
      const sshd = await startSshd(['LogLevel DEBUG1', ...options])
      try {
        const transport = open([hopTo(sshd.port, [{ kind: 'key', path: sshd.keyFile }])], {
          env: await emptyHome(),
          ...more,
        })
        const echoed = value(await transport.exec('cat', { ...bounds, stdin }))
        expect(echoed.stdout.length).toBe(size)
        expect(sha(echoed.stdout)).toBe(sha(stdin))
        expect(value(await transport.exec('echo on', { maxBytes: 10, timeoutMs: 5000 })).code).toBe(0)
        const exchanges = ((await sshd.log()).match(/SSH2_MSG_KEXINIT received/g) ?? []).length
        expect(exchanges).toBeGreaterThan(3)
      } finally {
        closeTransports()
        await sshd.stop()
      }
    },
    60_000,
  )
})
