import { PassThrough } from 'node:stream'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { WireTap } from './wire-tap'

/** What ssh2 would read, for a server whose bytes come in these pieces. */
async function through(pieces: readonly Buffer[]): Promise<{ read: Buffer; tap: WireTap }> {
  const raw = new PassThrough()
  const tap = new WireTap(raw, () => undefined)
  const chunks: Buffer[] = []
  tap.on('data', (chunk: Buffer) => chunks.push(chunk))
  tap.on('error', () => undefined) // a refused greeting ends the stream
  const closed = new Promise((resolve) => tap.on('close', resolve))
  for (const piece of pieces) raw.write(piece)
  raw.end()
  await closed
  return { read: Buffer.concat(chunks), tap }
}

test('however the first bytes are cut, the identification line comes whole and nothing is lost', async () => {
  const greeting = fc.array(fc.constantFrom('welcome', '', 'a b', 'SSH'), { maxLength: 3 })
  const rest = fc.uint8Array({ maxLength: 200 })
  await fc.assert(
    fc.asyncProperty(greeting, rest, fc.array(fc.nat(60), { maxLength: 8 }), async (lines, tail, cuts) => {
      const before = lines.map((line) => `${line}\r\n`).join('')
      const whole = Buffer.concat([Buffer.from(`${before}SSH-2.0-Test_1.0 x\r\n`), tail])
      const edges = [0, ...cuts.filter((cut) => cut < whole.length).sort((a, b) => a - b), whole.length]
      const pieces = edges.slice(1).map((edge, index) => whole.subarray(edges[index], edge))
      const { read, tap } = await through(pieces.filter((piece) => piece.length > 0))
      expect(tap.identification).toBe('SSH-2.0-Test_1.0 x')
      expect(read.equals(whole.subarray(Buffer.byteLength(before)))).toBe(true)
      expect(tap.bytesRead).toBe(whole.length)
    }),
    { numRuns: 100 },
  )
})

test('what does not become an SSH greeting is a fault, and nothing of it is passed on', async () => {
  for (const [text, kind] of [
    ['HTTP/1.1 400\r\n\r\n', 'not-ssh'],
    ['SSH-1.5-x\r\n', 'old-protocol'],
    ['SSH-2.0-\u0007\r\n', 'not-ssh'],
    ['x'.repeat(40_000), 'greeting-too-long'],
  ] as const) {
    const { read, tap } = await through([Buffer.from(text)])
    expect(tap.fault?.kind).toBe(kind)
    expect(read.length).toBe(0)
  }
})
