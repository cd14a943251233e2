/*
 * Client to server messages, after the handshake: RFC 6143 §7.5, and of rfbproto.rst in the community's repository
 * EnableContinuousUpdates (150), ClientFence (248), xvp (250), SetDesktopSize (251), QEMU (255) and the extended
 * PointerEvent, whose button mask has its highest bit set and one byte more behind it.
 */

const message = {
  setPixelFormat: 0,
  setEncodings: 2,
  framebufferUpdateRequest: 3,
  keyEvent: 4,
  pointerEvent: 5,
  clientCutText: 6,
  enableContinuousUpdates: 150,
  clientFence: 248,
  xvp: 250,
  setDesktopSize: 251,
  qemu: 255,
} as const

/** What asks for pictures and says how they are to come. Everything else does something to the desktop. */
const looking: ReadonlySet<number> = new Set([
  message.setPixelFormat,
  message.setEncodings,
  message.framebufferUpdateRequest,
  message.enableContinuousUpdates,
  message.clientFence,
])

const longestFence = 64

/**
 * Bytes of the message that begins so; null: more of it has to be seen, at most 9 bytes. -1: no message that is
 * known, so nothing after it can be read.
 */
function lengthOf(head: Buffer): number | null {
  const at = <T>(needed: number, length: () => T): T | null => (head.length < needed ? null : length())
  switch (head[0]) {
    case message.setPixelFormat:
      return 20
    case message.setEncodings:
      return at(4, () => 4 + 4 * head.readUInt16BE(2))
    case message.framebufferUpdateRequest:
    case message.enableContinuousUpdates:
      return 10
    case message.keyEvent:
      return 8
    case message.pointerEvent:
      return at(2, () => (head.readUInt8(1) & 0x80 ? 7 : 6))
    case message.clientCutText:
      // A negative length is that of an extended clipboard message.
      return at(8, () => 8 + Math.abs(head.readInt32BE(4)))
    case message.clientFence:
      return at(9, () => (head.readUInt8(8) <= longestFence ? 9 + head.readUInt8(8) : -1))
    case message.xvp:
      return 4
    case message.setDesktopSize:
      return at(7, () => 8 + 16 * head.readUInt8(6))
    case message.qemu:
      return at(4, () => {
        if (head.readUInt8(1) === 0) return 12
        if (head.readUInt8(1) === 1) return head.readUInt16BE(2) === 2 ? 10 : 4
        return -1
      })
    default:
      return head.length === 0 ? null : -1
  }
}

/**
 * Lets a viewer's messages through, and while only looking is allowed none but those that ask for pictures. What
 * leaves it then are whole messages of known lengths, so that a viewer cannot hide one in another.
 */
export class ClientMessages {
  readonly #lookOnly: () => boolean
  /** The beginning of a message whose length is not known yet. */
  #head: Buffer = Buffer.alloc(0)
  /** Bytes of the present message that are still to come. */
  #left = 0
  #passes = true
  /** A message came that is not known, while all was allowed: from there on nothing can be told apart. */
  #lost = false

  /** @param lookOnly asked at the beginning of each message */
  constructor(lookOnly: () => boolean) {
    this.#lookOnly = lookOnly
  }

  /** What may go on to the display. Null: it cannot be told what this is, and not everything is allowed. */
  filter(bytes: Uint8Array): Buffer | null {
    const chunk = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
    const out: Buffer[] = []
    for (let at = 0; at < chunk.length;) {
      if (this.#lost) {
        if (this.#lookOnly()) return null
        out.push(chunk.subarray(at))
        break
      }
      if (this.#left > 0) {
        const part = chunk.subarray(at, at + this.#left)
        if (this.#passes) out.push(part)
        this.#left -= part.length
        at += part.length
        continue
      }
      this.#head = Buffer.concat([this.#head, chunk.subarray(at, at + 1)])
      at += 1
      const length = lengthOf(this.#head)
      if (length === null) continue
      const lookOnly = this.#lookOnly()
      if (length === -1) {
        if (lookOnly) return null
        this.#lost = true
      }
      this.#passes = !lookOnly || looking.has(this.#head.readUInt8(0))
      if (this.#passes) out.push(this.#head)
      this.#left = Math.max(0, length - this.#head.length)
      this.#head = Buffer.alloc(0)
    }
    return Buffer.concat(out)
  }
}
