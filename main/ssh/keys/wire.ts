/** The data types of RFC 4251 §5: everything that SSH writes is made of them. */
export class WireReader {
  private position = 0
  constructor(private readonly bytes: Uint8Array) {}

  get left(): number {
    return this.bytes.length - this.position
  }

  /** null: the bytes end too early. */
  uint32(): number | null {
    if (this.left < 4) return null
    const view = new DataView(this.bytes.buffer, this.bytes.byteOffset + this.position, 4)
    this.position += 4
    return view.getUint32(0)
  }

  byte(): number | null {
    return this.bytes[this.position++] ?? null
  }

  raw(length: number): Buffer | null {
    if (this.left < length) return null
    const slice = this.bytes.subarray(this.position, this.position + length)
    this.position += length
    return Buffer.from(slice)
  }

  string(): Buffer | null {
    const length = this.uint32()
    return length === null ? null : this.raw(length)
  }

  text(): string | null {
    return this.string()?.toString('latin1') ?? null
  }
}

export function wireUint32(value: number): Buffer {
  const bytes = Buffer.alloc(4)
  bytes.writeUInt32BE(value)
  return bytes
}

export function wireString(value: Uint8Array | string): Buffer {
  const bytes = typeof value === 'string' ? Buffer.from(value, 'latin1') : Buffer.from(value)
  return Buffer.concat([wireUint32(bytes.length), bytes])
}

/** The name at the start of a public key blob, such as `ssh-ed25519`; `` when there is none. */
export function keyTypeOfBlob(blob: Uint8Array): string {
  return new WireReader(blob).text() ?? ''
}
