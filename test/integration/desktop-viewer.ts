import { MessageChannel, type MessagePort } from 'node:worker_threads'
import type { StreamPort } from '../../main/host/stream-port'
import type { Problem } from '../../shared/contract'
import type { StreamDown, StreamUp } from '../../shared/contract/stream'
import type { Client } from './host/client'

export interface Picture {
  readonly width: number
  readonly height: number
  readonly name: string
  /** 32 bits a pixel, as the server sends them. */
  readonly pixels: readonly number[]
}

/** A viewer in a test's hands: the page's end of a desktop stream, with as much of RFB as shows a picture. */
export class Viewer {
  readonly #port: MessagePort
  readonly #waiting = new Set<() => void>()
  #bytes = Buffer.alloc(0)
  /** Bytes for which credit was not given back, while `generous` is off. */
  generous = true
  received = 0
  opened = false
  ended: Problem | null | undefined

  constructor(client: Client, display: number) {
    const { port1, port2 } = new MessageChannel()
    this.#port = port1
    port1.on('message', (message: StreamDown) => {
      if (message.type === 'opened') this.opened = true
      if (message.type === 'end') this.ended = message.problem
      if (message.type === 'data') {
        this.received += message.bytes.length
        this.#bytes = Buffer.concat([this.#bytes, message.bytes])
        if (this.generous) this.send({ type: 'credit', bytes: message.bytes.length })
      }
      for (const look of [...this.#waiting]) look()
    })
    client.openStream('desktop.view', { host: client.host, display }, streamPort(port2))
  }

  send(message: StreamUp): void {
    this.#port.postMessage(message)
  }

  write(...bytes: readonly number[]): void {
    this.send({ type: 'data', bytes: Uint8Array.from(bytes) })
  }

  close(): void {
    this.#port.close()
  }

  /** Until the stream is open or over. */
  async settled(): Promise<Problem | null> {
    await this.#until(() => this.opened || this.ended !== undefined)
    return this.ended ?? null
  }

  async end(): Promise<Problem | null> {
    await this.#until(() => this.ended !== undefined)
    return this.ended ?? null
  }

  /** RFC 6143: the handshake that our own side plays, ServerInit, then one whole picture, raw. */
  async picture(): Promise<Picture> {
    await this.shakeHands()
    const init = await this.read(24)
    const [width, height] = [init.readUInt16BE(0), init.readUInt16BE(2)]
    const name = (await this.read(init.readUInt32BE(20))).toString()
    this.write(2, 0, 0, 1, 0, 0, 0, 0)
    this.write(3, 0, 0, 0, 0, 0, width >> 8, width & 255, height >> 8, height & 255)
    const pixels: number[] = []
    while (pixels.length < width * height) for (const pixel of await this.#update()) pixels.push(pixel)
    return { width, height, name, pixels }
  }

  async shakeHands(): Promise<void> {
    expectBytes(await this.read(12), Buffer.from('RFB 003.008\n'))
    this.write(...Buffer.from('RFB 003.008\n'))
    expectBytes(await this.read(2), Buffer.from([1, 1]))
    this.write(1)
    expectBytes(await this.read(4), Buffer.alloc(4))
    this.write(1)
  }

  /** Types as X keysyms, which for ASCII are the characters. */
  type(text: string): void {
    for (const character of text) {
      const keysym = character === '\n' ? 0xff0d : (character.codePointAt(0) ?? 0)
      for (const down of [1, 0]) this.write(4, down, 0, 0, 0, 0, keysym >> 8, keysym & 255)
    }
  }

  click(x: number, y: number): void {
    for (const buttons of [0, 1, 0]) this.write(5, buttons, x >> 8, x & 255, y >> 8, y & 255)
  }

  async read(count: number): Promise<Buffer> {
    await this.#until(() => this.#bytes.length >= count || this.ended !== undefined)
    if (this.#bytes.length < count) throw new Error(`the stream ended: ${JSON.stringify(this.ended)}`)
    const head = this.#bytes.subarray(0, count)
    this.#bytes = this.#bytes.subarray(count)
    return head
  }

  async #update(): Promise<readonly number[]> {
    const type = (await this.read(1)).readUInt8(0)
    if (type === 2) return [] // Bell
    if (type === 3) {
      const head = await this.read(7) // ServerCutText
      await this.read(head.readUInt32BE(3))
      return []
    }
    if (type !== 0) throw new Error(`a message of type ${type}`)
    const rectangles = (await this.read(3)).readUInt16BE(1)
    const pixels: number[] = []
    for (let at = 0; at < rectangles; at++) {
      const head = await this.read(12)
      const data = await this.read(head.readUInt16BE(4) * head.readUInt16BE(6) * 4)
      for (let pixel = 0; pixel < data.length; pixel += 4) pixels.push(data.readUInt32LE(pixel))
    }
    return pixels
  }

  #until(done: () => boolean): Promise<void> {
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        this.#waiting.delete(look)
        reject(new Error('nothing came for 20 s'))
      }, 20_000)
      const look = () => {
        if (!done()) return
        clearTimeout(timer)
        this.#waiting.delete(look)
        resolve()
      }
      this.#waiting.add(look)
      look()
    })
  }
}

function expectBytes(got: Buffer, wanted: Buffer): void {
  if (!got.equals(wanted)) throw new Error(`${got.toString('hex')} in the place of ${wanted.toString('hex')}`)
}

/** Node's port in the shape of Electron's MessagePortMain. */
function streamPort(port: MessagePort): StreamPort {
  return {
    postMessage: (message) => port.postMessage(message),
    on: (event: 'message' | 'close', listener: (message: { readonly data: unknown }) => void) =>
      event === 'message'
        ? port.on('message', (data: unknown) => listener({ data }))
        : port.on('close', () => listener({ data: null })),
    start: () => port.start(),
    close: () => port.close(),
  }
}
