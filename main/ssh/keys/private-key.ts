import { createPrivateKey, createPublicKey, sign as cryptoSign } from 'node:crypto'
import type { KeyObject } from 'node:crypto'
import { derBits, derContext, derInteger, derOctets, derOid, derSequence } from './der'
import { wireString } from './wire'
import type { WireReader } from './wire'

export type SignatureHash = 'sha1' | 'sha256' | 'sha512'

/** A private key ready to sign. Its secret stays inside the runtime's key object. */
export interface PrivateKey {
  /** `ssh-ed25519`, `ecdsa-sha2-nistp256`, `ssh-rsa` … */
  readonly type: string
  /** The public half as it goes on the wire, RFC 4253 §6.6. */
  readonly publicBlob: Buffer
  /** RSA: PKCS #1 v1.5 over `hash`; ECDSA: DER with the curve's own hash; Ed25519: 64 bytes. */
  sign(data: Uint8Array, hash: SignatureHash | undefined): Buffer
}

const curves = {
  'ecdsa-sha2-nistp256': {
    name: 'nistp256',
    hash: 'sha256',
    oid: [0x2a, 0x86, 0x48, 0xce, 0x3d, 0x03, 0x01, 0x07],
    bytes: 32,
  },
  'ecdsa-sha2-nistp384': {
    name: 'nistp384',
    hash: 'sha384',
    oid: [0x2b, 0x81, 0x04, 0x00, 0x22],
    bytes: 48,
  },
  'ecdsa-sha2-nistp521': {
    name: 'nistp521',
    hash: 'sha512',
    oid: [0x2b, 0x81, 0x04, 0x00, 0x23],
    bytes: 66,
  },
} as const

type EcdsaType = keyof typeof curves

export function isEcdsaType(type: string): type is EcdsaType {
  return Object.hasOwn(curves, type)
}

export function isUsableKeyType(type: string): boolean {
  return type === 'ssh-rsa' || type === 'ssh-ed25519' || isEcdsaType(type)
}

function withSigner(
  type: string,
  publicBlob: Buffer,
  key: KeyObject,
  hashOf: (hash: SignatureHash | undefined) => string | null,
): PrivateKey {
  return {
    type,
    publicBlob,
    sign: (data, hash) => cryptoSign(hashOf(hash), data, key),
  }
}

/** @param seed 32 bytes, @param publicKey 32 bytes. Throws when they do not belong together. */
export function ed25519Key(seed: Uint8Array, publicKey: Uint8Array): PrivateKey {
  const der = derSequence(
    derInteger(Buffer.from([0])),
    derSequence(derOid([0x2b, 0x65, 0x70])),
    derOctets(derOctets(seed)),
  )
  const key = createPrivateKey({ key: der, format: 'der', type: 'pkcs8' })
  const blob = Buffer.concat([wireString('ssh-ed25519'), wireString(publicKey)])
  const made = fromKeyObject(key)
  if (made === null || !made.publicBlob.equals(blob)) throw new Error('the halves of the key do not match')
  return made
}

/** @param point uncompressed, @param scalar the secret, as an mpint. */
export function ecdsaKey(type: EcdsaType, point: Uint8Array, scalar: Uint8Array): PrivateKey {
  const curve = curves[type]
  const secret = leftPad(scalar, curve.bytes)
  const der = derSequence(
    derInteger(Buffer.from([1])),
    derOctets(secret),
    derContext(0, derOid(curve.oid)),
    derContext(1, derBits(point)),
  )
  const made = fromKeyObject(createPrivateKey({ key: der, format: 'der', type: 'sec1' }))
  if (made === null) throw new Error('not a key of the curve it names')
  return made
}

export interface RsaNumbers {
  readonly n: Uint8Array
  readonly e: Uint8Array
  readonly d: Uint8Array
  readonly p: Uint8Array
  readonly q: Uint8Array
  readonly iqmp: Uint8Array
}

export function rsaKey(numbers: RsaNumbers): PrivateKey {
  const d = toBigInt(numbers.d)
  const dmp1 = fromBigInt(d % (toBigInt(numbers.p) - 1n))
  const dmq1 = fromBigInt(d % (toBigInt(numbers.q) - 1n))
  const { n, e, p, q, iqmp } = numbers
  const der = derSequence(
    ...[Buffer.from([0]), n, e, numbers.d, p, q, dmp1, dmq1, iqmp].map((number) => derInteger(number)),
  )
  const made = fromKeyObject(createPrivateKey({ key: der, format: 'der', type: 'pkcs1' }))
  if (made === null) throw new Error('not an RSA key')
  return made
}

/** null: a kind of key that SSH user authentication here does not use, such as DSA or X25519. */
export function fromKeyObject(key: KeyObject): PrivateKey | null {
  const spki = createPublicKey(key).export({ format: 'der', type: 'spki' })
  switch (key.asymmetricKeyType) {
    case 'rsa': {
      const pkcs1 = createPublicKey(key).export({ format: 'der', type: 'pkcs1' })
      const numbers = readTwoIntegers(pkcs1)
      if (numbers === null) return null
      const [n, e] = numbers
      const blob = Buffer.concat([wireString('ssh-rsa'), wireString(e), wireString(n)])
      return withSigner('ssh-rsa', blob, key, (hash) => hash ?? 'sha1')
    }
    case 'ed25519': {
      const blob = Buffer.concat([wireString('ssh-ed25519'), wireString(spki.subarray(-32))])
      return withSigner('ssh-ed25519', blob, key, () => null)
    }
    case 'ec': {
      const type = ecdsaTypeOfSpki(spki)
      if (type === null) return null
      const curve = curves[type]
      const point = spki.subarray(-(curve.bytes * 2 + 1))
      const blob = Buffer.concat([wireString(type), wireString(curve.name), wireString(point)])
      return withSigner(type, blob, key, () => curve.hash)
    }
    default:
      return null
  }
}

function ecdsaTypeOfSpki(spki: Buffer): EcdsaType | null {
  const type = (['ecdsa-sha2-nistp256', 'ecdsa-sha2-nistp384', 'ecdsa-sha2-nistp521'] as const).find((name) =>
    spki.includes(derOid(curves[name].oid)),
  )
  if (type === undefined) return null
  return spki[spki.length - (curves[type].bytes * 2 + 1)] === 0x04 ? type : null
}

/** RSAPublicKey of RFC 8017: SEQUENCE { n, e }. The contents keep DER's leading zero, which an mpint wants. */
function readTwoIntegers(der: Buffer): readonly [Buffer, Buffer] | null {
  let position = 0
  const header = (tag: number): number | null => {
    if (der[position++] !== tag) return null
    const first = der[position++] ?? 0
    if (first < 0x80) return first
    let length = 0
    for (let i = 0; i < (first & 0x7f); i++) length = length * 256 + (der[position++] ?? 0)
    return length
  }
  if (header(0x30) === null) return null
  const numbers: Buffer[] = []
  for (let i = 0; i < 2; i++) {
    const length = header(0x02)
    if (length === null) return null
    numbers.push(der.subarray(position, position + length))
    position += length
  }
  const [n, e] = numbers
  return n === undefined || e === undefined ? null : [n, e]
}

/** The private fields of an `openssh-key-v1` section or an agent message: type, then its numbers. */
export function readPrivateFields(reader: WireReader): PrivateKey | null {
  const type = reader.text()
  if (type === null) return null
  const strings = (count: number): Buffer[] | null => {
    const found: Buffer[] = []
    for (let i = 0; i < count; i++) {
      const value = reader.string()
      if (value === null) return null
      found.push(value)
    }
    return found
  }
  if (type === 'ssh-ed25519') {
    const [publicKey, both] = strings(2) ?? []
    if (publicKey?.length !== 32 || both?.length !== 64) return null
    return ed25519Key(both.subarray(0, 32), publicKey)
  }
  if (type === 'ssh-rsa') {
    const [n, e, d, iqmp, p, q] = strings(6) ?? []
    if (!n || !e || !d || !iqmp || !p || !q) return null
    return rsaKey({ n, e, d, iqmp, p, q })
  }
  if (isEcdsaType(type)) {
    const [, point, scalar] = strings(3) ?? []
    if (!point || !scalar) return null
    return ecdsaKey(type, point, scalar)
  }
  return null
}

function leftPad(bytes: Uint8Array, length: number): Buffer {
  let start = 0
  while (start < bytes.length && bytes[start] === 0) start++
  const trimmed = bytes.subarray(start)
  if (trimmed.length > length) throw new Error('number too long for its curve')
  return Buffer.concat([Buffer.alloc(length - trimmed.length), trimmed])
}

const toBigInt = (bytes: Uint8Array): bigint => BigInt(`0x0${Buffer.from(bytes).toString('hex')}`)

function fromBigInt(value: bigint): Buffer {
  const hex = value.toString(16)
  return Buffer.from(hex.length % 2 === 0 ? hex : `0${hex}`, 'hex')
}
