import { Duplex } from 'node:stream'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { shakeHands, type Credentials, type Handshake } from './handshake'

/** A server that says these bytes, in these pieces, whatever the viewer says; then closes. */
function server(...pieces: readonly (string | Uint8Array)[]): { stream: Duplex; heard: () => string } {
  const waiting = pieces.map((piece) => (typeof piece === 'string' ? Buffer.from(piece, 'latin1') : piece))
  let heard = ''
  const stream = new Duplex({
    read() {
      setImmediate(() => this.push(waiting.shift() ?? null))
    },
    write(chunk: Buffer, _encoding, done) {
      heard += chunk.toString('latin1')
      done()
    },
  })
  stream.on('error', () => undefined)
  return { stream, heard: () => heard }
}

const secret: Credentials = () => Promise.resolve({ user: 'desk', password: Buffer.from('secret') })
const none: Credentials = () => Promise.resolve(null)
const hands = (...pieces: readonly (string | Uint8Array)[]): Promise<Handshake> =>
  shakeHands(server(...pieces).stream, secret)

describe('handshake', () => {
  it('takes None before a password, and says so', async () => {
    const { stream, heard } = server('RFB 003.008\n', '\x02\x02\x01', '\0\0\0\0')
    expect(await shakeHands(stream, none)).toMatchObject({ kind: 'ready', security: 'None' })
    expect(heard()).toBe('RFB 003.008\n\x01')
  })

  it('reads what comes in single bytes', async () => {
    const bytes = 'RFB 003.008\n\x01\x01\0\0\0\0'.split('')
    expect(await hands(...bytes)).toMatchObject({ kind: 'ready' })
  })

  it('leaves what follows in the stream', async () => {
    const answer = await hands('RFB 003.008\n\x01\x01\0\0\0\0after')
    expect(answer.kind === 'ready' && String(answer.stream.read())).toBe('after')
  })

  it('speaks 3.7, where None has no result, and 3.3, where the server chooses', async () => {
    expect(await hands('RFB 003.007\n', '\x01\x01')).toMatchObject({ kind: 'ready' })
    expect(await hands('RFB 003.003\n', '\0\0\0\x01')).toMatchObject({ kind: 'ready' })
  })

  it('speaks 3.8 with servers that call it otherwise', async () => {
    const { stream, heard } = server('RFB 003.889\n', '\x01\x01', '\0\0\0\0')
    expect(await shakeHands(stream, none)).toMatchObject({ kind: 'ready' })
    expect(heard()).toMatch(/^RFB 003\.008\n/)
  })

  it('says in the words of the server why it was turned away', async () => {
    expect(await hands('RFB 003.008\n', '\0\0\0\0\x04nope')).toEqual({ kind: 'refused', said: 'nope' })
    expect(await hands('RFB 003.003\n', '\0\0\0\0\0\0\0\x04nope')).toEqual({ kind: 'refused', said: 'nope' })
    const wrong = await hands('RFB 003.008\n', '\x01\x02', '0123456789abcdef', '\0\0\0\x01\0\0\0\x03bad')
    expect(wrong).toEqual({ kind: 'passwordWrong', said: 'bad' })
  })

  it('stops when the user gives nothing', async () => {
    const { stream } = server('RFB 003.008\n', '\x01\x02', '0123456789abcdef')
    expect(await shakeHands(stream, none)).toEqual({ kind: 'cancelled' })
  })

  it('names what it does not speak', async () => {
    expect(await hands('RFB 003.008\n', '\x02\x05\x1e')).toEqual({
      kind: 'unsupported',
      offered: ['RA2', 'ARD'],
    })
    const anonymous = '\x13' // VeNCrypt
    expect(await hands('RFB 003.008\n', `\x01${anonymous}`, '\0\x02', '\0', '\x01\0\0\x01\x02')).toEqual({
      kind: 'unsupported',
      offered: ['TLSVnc'],
    })
  })

  it('is not taken in by what is no RFB', async () => {
    expect(await hands('SSH-2.0-OpenSSH_9.2\r\n')).toEqual({ kind: 'notRfb' })
    expect(await hands('RFB')).toEqual({ kind: 'ended' })
    expect(await hands()).toEqual({ kind: 'ended' })
  })

  it('reads no more of a reason than fits', async () => {
    const answer = await hands('RFB 003.008\n', '\0\xff\xff\xff\xff', 'x'.repeat(10_000))
    expect(answer.kind === 'refused' && answer.said.length).toBe(4096)
  })

  it('comes to an end, and never throws, whatever a server says', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.uint8Array({ maxLength: 40 }), { maxLength: 6 }),
        fc.boolean(),
        async (bytes, greet) => {
          const answer = await hands(...(greet ? ['RFB 003.008\n'] : []), ...bytes)
          expect([
            'ready',
            'cancelled',
            'passwordWrong',
            'refused',
            'unsupported',
            'notRfb',
            'ended',
          ]).toContain(answer.kind)
        },
      ),
      { numRuns: 300 },
    )
  })
})
