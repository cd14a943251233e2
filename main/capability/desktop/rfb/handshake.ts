import type { Duplex } from 'node:stream'
import { connect as tlsConnect } from 'node:tls'
import { assertNever } from '../../../../shared/assert-never'
import { decode, encode } from '../../../../shared/codec'
import { ByteReader, StreamEnded } from './byte-reader'
import { securityName, vencryptSubtypes, type InnerSecurity } from './security'
import { vncResponse } from './vnc-auth'

/** Gives what the server asks for; null: the user gave none. `vnc` has no user. */
export type Credentials = (
  kind: 'vnc' | 'plain',
) => Promise<{ readonly user: string; readonly password: Uint8Array } | null>

export type Handshake =
  /** The server waits for ClientInit on `stream`, which is inside TLS where the server asked for it. */
  | { readonly kind: 'ready'; readonly stream: Duplex; readonly security: string }
  | { readonly kind: 'cancelled' }
  | { readonly kind: 'passwordWrong'; readonly said: string }
  /** The server turned us away, in its own words. */
  | { readonly kind: 'refused'; readonly said: string }
  | { readonly kind: 'unsupported'; readonly offered: readonly string[] }
  | { readonly kind: 'notRfb' }
  | { readonly kind: 'ended' }

const longestReason = 4096
/** A server that says nothing for so long is none. The user's time to type is not counted. */
const patienceMs = 20_000

/**
 * RFC 6143 §7.1 up to the server's "OK", so that a password never reaches the page, and TLS ends here. The stream
 * is left as it is after any other outcome: whoever opened it closes it.
 */
export async function shakeHands(stream: Duplex, credentials: Credentials): Promise<Handshake> {
  const talk = new Talk(stream, credentials)
  try {
    return await talk.run()
  } catch (error) {
    if (error instanceof StreamEnded) return { kind: 'ended' }
    if (error instanceof NotRfb) return { kind: 'notRfb' }
    return { kind: 'refused', said: error instanceof Error ? error.message : String(error) }
  } finally {
    talk.release()
  }
}

class NotRfb extends Error {}

class Talk {
  readonly #credentials: Credentials
  #stream: Duplex
  #reader: ByteReader
  /** 3, 7 or 8: the minor version that both speak. */
  #minor = 8

  constructor(stream: Duplex, credentials: Credentials) {
    this.#stream = stream
    this.#credentials = credentials
    this.#reader = new ByteReader(stream)
  }

  release(): void {
    this.#reader.release()
  }

  async run(): Promise<Handshake> {
    const greeting = /^RFB (\d{3})\.(\d{3})\n$/.exec(decode(await this.#within(this.#reader.read(12))))
    if (greeting === null) return { kind: 'notRfb' }
    // Apple says 3.889, RealVNC 4.x and 5.x: all of them speak 3.8 when asked (as noVNC and TigerVNC do).
    const version = Number(greeting[1]) * 1000 + Number(greeting[2])
    this.#minor = version >= 3008 ? 8 : version === 3007 ? 7 : 3
    this.#stream.write(`RFB 003.00${this.#minor}\n`)
    const offered = this.#minor === 3 ? await this.#dictated() : await this.#offered()
    if (!Array.isArray(offered)) return offered
    if (offered.includes(1)) return this.#chosen(1, 'none')
    if (offered.includes(2)) return this.#chosen(2, 'vnc')
    if (offered.includes(19)) return this.#vencrypt(offered)
    return { kind: 'unsupported', offered: offered.map(securityName) }
  }

  /** RFB 3.3: the server decides. */
  async #dictated(): Promise<number[] | Handshake> {
    const type = await this.#within(this.#reader.uint32())
    return type === 0 ? { kind: 'refused', said: await this.#reason() } : [type]
  }

  async #offered(): Promise<number[] | Handshake> {
    const count = await this.#within(this.#reader.uint8())
    if (count === 0) return { kind: 'refused', said: await this.#reason() }
    return [...(await this.#within(this.#reader.read(count)))]
  }

  async #chosen(type: number, inner: InnerSecurity): Promise<Handshake> {
    if (this.#minor !== 3) this.#stream.write(Uint8Array.of(type))
    return this.#inner(securityName(type), inner, type === 1 && this.#minor < 8)
  }

  /** VeNCrypt 0.2, as the RFB protocol's community description has it. */
  async #vencrypt(types: readonly number[]): Promise<Handshake> {
    this.#stream.write(Uint8Array.of(19))
    await this.#within(this.#reader.read(2))
    this.#stream.write(Uint8Array.of(0, 2))
    if ((await this.#within(this.#reader.uint8())) !== 0)
      return { kind: 'unsupported', offered: types.map(securityName) }
    const count = await this.#within(this.#reader.uint8())
    const bytes = await this.#within(this.#reader.read(count * 4))
    const offered = Array.from({ length: count }, (_, at) => bytes.readUInt32BE(at * 4))
    const subtype = vencryptSubtypes.find(({ type }) => offered.includes(type))
    if (subtype === undefined)
      return {
        kind: 'unsupported',
        offered: [...types.filter((type) => type !== 19), ...offered].map(securityName),
      }
    const answer = Buffer.alloc(4)
    answer.writeUInt32BE(subtype.type)
    this.#stream.write(answer)
    if (subtype.tls) {
      if ((await this.#within(this.#reader.uint8())) !== 1) return { kind: 'refused', said: '' }
      await this.#within(this.#startTls())
    }
    return this.#inner(securityName(subtype.type), subtype.inner, false)
  }

  async #startTls(): Promise<void> {
    this.#reader.release()
    // The certificate says nothing here: SSH has proved which host this is, and VNC servers make their own.
    const secure = tlsConnect({ socket: this.#stream, rejectUnauthorized: false })
    await new Promise<void>((resolve, reject) => {
      secure.once('secureConnect', resolve)
      secure.once('error', reject)
      secure.once('close', () => reject(new StreamEnded()))
    })
    this.#stream = secure
    this.#reader = new ByteReader(secure)
  }

  async #inner(security: string, inner: InnerSecurity, silent: boolean): Promise<Handshake> {
    switch (inner) {
      case 'none':
        break
      case 'vnc': {
        const challenge = await this.#within(this.#reader.read(16))
        const given = await this.#credentials('vnc')
        if (given === null) return { kind: 'cancelled' }
        this.#stream.write(vncResponse(given.password, challenge))
        break
      }
      case 'plain': {
        const given = await this.#credentials('plain')
        if (given === null) return { kind: 'cancelled' }
        const user = encode(given.user)
        const lengths = Buffer.alloc(8)
        lengths.writeUInt32BE(user.length, 0)
        lengths.writeUInt32BE(given.password.length, 4)
        this.#stream.write(Buffer.concat([lengths, user, given.password]))
        break
      }
      default:
        return assertNever(inner)
    }
    if (!silent) {
      const failed = await this.#result()
      if (failed !== null)
        return inner === 'none' ? { kind: 'refused', said: failed } : { kind: 'passwordWrong', said: failed }
    }
    return { kind: 'ready', stream: this.#stream, security }
  }

  /** SecurityResult; null: it is OK. A reason comes with RFB 3.8 alone. */
  async #result(): Promise<string | null> {
    if ((await this.#within(this.#reader.uint32())) === 0) return null
    return this.#minor === 8 ? this.#reason() : ''
  }

  async #reason(): Promise<string> {
    const length = await this.#within(this.#reader.uint32())
    return decode(await this.#within(this.#reader.read(Math.min(length, longestReason))))
  }

  #within<T>(step: Promise<T>): Promise<T> {
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => reject(new NotRfb()), patienceMs)
      step.then(resolve, reject).finally(() => clearTimeout(timer))
    })
  }
}

/**
 * The server's part of the same handshake, for a viewer that needs none of it: RFB 3.8, security None, OK. All that
 * such a viewer can answer is known beforehand, so nobody waits for it.
 */
export const welcome = Buffer.from('RFB 003.008\n\x01\x01\0\0\0\0', 'latin1')

/** Bytes of the viewer's answers: its version, its choice, and its ClientInit. */
export const welcomeAnswerBytes = 12 + 1 + 1

/** ClientInit: leave other viewers connected. */
export const sharedClientInit = Buffer.from([1])
