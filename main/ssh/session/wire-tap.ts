import { Duplex } from 'node:stream'

/** Longer than any greeting before the identification line that a person wrote (RFC 4253 §4.2 sets no end). */
const maxGreetingBytes = 32 * 1024

export type TapFault =
  | { readonly kind: 'not-ssh'; readonly text: string }
  | { readonly kind: 'old-protocol'; readonly text: string }
  | { readonly kind: 'greeting-too-long'; readonly text: string }

/**
 * Stands between the socket and ssh2. It holds the server's first bytes back until its identification line is
 * whole: ssh2 would grow without bound on a server that never ends its greeting, and loses bytes when the line
 * comes in more than two pieces. It counts bytes as well, so that keys can be renewed in time.
 */
export class WireTap extends Duplex {
  fault: TapFault | null = null
  /** The server's identification line, such as `SSH-2.0-OpenSSH_9.2p1`. */
  identification: string | null = null
  bytesRead = 0
  bytesWritten = 0
  /** What came before the identification line. */
  private held: Buffer | null = Buffer.alloc(0)
  private scanned = 0

  constructor(
    private readonly raw: Duplex,
    private readonly identified: () => void,
  ) {
    super({ allowHalfOpen: true })
    raw.on('data', (chunk: Buffer) => this.receive(chunk))
    raw.on('end', () => this.receiveEnd())
    raw.on('error', (error: Error) => this.destroy(error))
    raw.on('close', () => {
      this.receiveEnd()
      // Let what has come be read before the stream goes.
      setImmediate(() => this.destroy())
    })
  }

  /** What a server that is no SSH server said so far. */
  get greeting(): string {
    return printable(this.held ?? Buffer.alloc(0))
  }

  override _read(): void {
    this.raw.resume()
  }

  override _write(chunk: Buffer, _encoding: BufferEncoding, done: (error?: Error | null) => void): void {
    this.bytesWritten += chunk.length
    if (this.raw.write(chunk)) done()
    else this.raw.once('drain', () => done())
  }

  override _final(done: () => void): void {
    this.raw.end()
    done()
  }

  override _destroy(error: Error | null, done: (error?: Error | null) => void): void {
    this.raw.destroy()
    done(error)
  }

  private receive(chunk: Buffer): void {
    this.bytesRead += chunk.length
    const held = this.held
    if (held === null) {
      if (!this.push(chunk)) this.raw.pause()
      return
    }
    const all = Buffer.concat([held, chunk])
    this.held = all
    for (;;) {
      const end = all.indexOf(0x0a, this.scanned)
      if (end < 0) break
      const line = all.toString('latin1', this.scanned, end).replace(/\r$/, '')
      if (line.startsWith('SSH-')) return this.identify(line, all)
      this.scanned = end + 1
    }
    if (all.length > maxGreetingBytes) {
      this.fail({ kind: 'greeting-too-long', text: this.greeting })
    }
  }

  private identify(line: string, all: Buffer): void {
    if (!/^SSH-(?:2\.0|1\.99)-[\x20-\x7e]{1,250}$/.test(line)) {
      const kind = /^SSH-1\./.test(line) ? 'old-protocol' : 'not-ssh'
      return this.fail({ kind, text: printable(Buffer.from(line, 'latin1')) })
    }
    this.identification = line
    this.held = null
    this.identified()
    if (!this.push(all.subarray(this.scanned))) this.raw.pause()
  }

  private receiveEnd(): void {
    if (this.held !== null && this.held.length > 0 && this.fault === null) {
      this.fail({ kind: 'not-ssh', text: this.greeting })
    }
    if (!this.readableEnded && !this.destroyed) this.push(null)
  }

  private fail(fault: TapFault): void {
    this.fault = fault
    this.destroy()
  }
}

/** For showing in a box: bounded, one line, no control characters. */
export function printable(bytes: Uint8Array): string {
  return Buffer.from(bytes.subarray(0, 300))
    .toString('latin1')
    .replace(/[^\x20-\x7e]+/g, ' ')
    .trim()
}
