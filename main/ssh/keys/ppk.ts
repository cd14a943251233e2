import { createDecipheriv, createHash, createHmac, timingSafeEqual } from 'node:crypto'
import { argon2d, argon2i, argon2id } from '@noble/hashes/argon2'
import type { KeyFile, Unlocked } from './key-file'
import { ecdsaKey, ed25519Key, isEcdsaType, isUsableKeyType, rsaKey } from './private-key'
import type { PrivateKey } from './private-key'
import { WireReader, wireString } from './wire'

/** A PuTTY private key file, PuTTY manual appendix C "PPK file format", versions 2 and 3. */
interface Ppk {
  readonly version: 2 | 3
  readonly type: string
  readonly encryption: string
  readonly comment: string
  readonly publicBlob: Buffer
  readonly privateBlob: Buffer
  readonly mac: Buffer
  readonly argon: Argon | null
}

interface Argon {
  readonly flavour: 'Argon2d' | 'Argon2i' | 'Argon2id'
  /** KiB. */
  readonly memory: number
  readonly passes: number
  readonly parallelism: number
  readonly salt: Buffer
}

/** A file may not make the app take more: puttygen writes 8 MiB and about 13 passes. */
const maxArgonMemoryKib = 1024 * 1024
const maxArgonWork = 4 * 1024 * 1024 // KiB × passes

export function readPpkKey(text: string): KeyFile {
  const ppk = parse(text)
  if (typeof ppk === 'string') return { kind: 'unusable', why: ppk }
  if (!isUsableKeyType(ppk.type)) return { kind: 'unusable', why: ppk.type }
  return {
    kind: 'key',
    format: 'ppk',
    encrypted: ppk.encryption !== 'none',
    comment: ppk.comment,
    publicBlob: ppk.publicBlob,
    unlock: (passphrase) => unlock(ppk, passphrase),
  }
}

/** The reason as text when it cannot be used. */
function parse(text: string): Ppk | string {
  const lines = text.replace(/\r\n?/g, '\n').trim().split('\n')
  let position = 0
  const header = (name: string): string | null => {
    const line = lines[position]
    if (line === undefined || !line.startsWith(`${name}: `)) return null
    position++
    return line.slice(name.length + 2)
  }
  const block = (name: string): Buffer | null => {
    const count = Number(header(name) ?? 'NaN')
    if (!Number.isInteger(count) || count < 0 || position + count > lines.length) return null
    const bytes = Buffer.from(lines.slice(position, position + count).join(''), 'base64')
    position += count
    return bytes
  }
  const version = /^PuTTY-User-Key-File-(\d+): (.*)$/.exec(lines[position++] ?? '')
  const number = Number(version?.[1])
  if (number !== 2 && number !== 3) return `PPK version ${version?.[1] ?? '?'}`
  const encryption = header('Encryption')
  const comment = header('Comment') ?? ''
  const publicBlob = block('Public-Lines')
  if (encryption === null || publicBlob === null) return 'damaged'
  if (encryption !== 'none' && encryption !== 'aes256-cbc') return `cipher ${encryption}`
  const argon = number === 3 && encryption !== 'none' ? parseArgon(header) : null
  if (typeof argon === 'string') return argon
  const privateBlob = block('Private-Lines')
  const mac = header('Private-MAC')
  if (privateBlob === null || mac === null) return 'damaged'
  const type = version?.[2] ?? ''
  return {
    version: number,
    type,
    encryption,
    comment,
    publicBlob,
    privateBlob,
    mac: Buffer.from(mac, 'hex'),
    argon,
  }
}

function parseArgon(header: (name: string) => string | null): Argon | string {
  const flavour = header('Key-Derivation')
  if (flavour !== 'Argon2id' && flavour !== 'Argon2i' && flavour !== 'Argon2d') {
    return `key derivation ${flavour ?? 'missing'}`
  }
  const memory = Number(header('Argon2-Memory') ?? 'NaN')
  const passes = Number(header('Argon2-Passes') ?? 'NaN')
  const parallelism = Number(header('Argon2-Parallelism') ?? 'NaN')
  const salt = Buffer.from(header('Argon2-Salt') ?? '', 'hex')
  const counts = [memory, passes, parallelism]
  if (counts.some((value) => !Number.isInteger(value) || value < 1) || salt.length === 0) return 'damaged'
  if (memory > maxArgonMemoryKib || memory * passes > maxArgonWork || parallelism > 64) {
    return `Argon2 with ${memory} KiB and ${passes} passes`
  }
  return { flavour, memory, passes, parallelism, salt }
}

function unlock(ppk: Ppk, passphrase: string | null): Unlocked {
  const encrypted = ppk.encryption !== 'none'
  if (encrypted && passphrase === null) return { kind: 'wrong-passphrase' }
  const secrets = derive(ppk, Buffer.from(passphrase ?? '', 'utf8'))
  let plain = ppk.privateBlob
  if (encrypted) {
    if (plain.length % 16 !== 0) return { kind: 'unusable', why: 'damaged' }
    const decipher = createDecipheriv('aes-256-cbc', secrets.key, secrets.iv)
    decipher.setAutoPadding(false)
    plain = Buffer.concat([decipher.update(plain), decipher.final()])
  }
  const covered = [ppk.type, ppk.encryption, Buffer.from(ppk.comment, 'latin1'), ppk.publicBlob, plain].map(
    wireString,
  )
  const mac = createHmac(ppk.version === 2 ? 'sha1' : 'sha256', secrets.macKey)
    .update(Buffer.concat(covered))
    .digest()
  if (mac.length !== ppk.mac.length || !timingSafeEqual(mac, ppk.mac)) {
    return encrypted ? { kind: 'wrong-passphrase' } : { kind: 'unusable', why: 'damaged' }
  }
  try {
    const key = readNumbers(ppk, plain)
    return key === null ? { kind: 'unusable', why: ppk.type } : { kind: 'key', key }
  } catch (error) {
    return { kind: 'unusable', why: error instanceof Error ? error.message.slice(0, 200) : 'damaged' }
  }
}

interface Secrets {
  readonly key: Buffer
  readonly iv: Buffer
  readonly macKey: Buffer
}

function derive(ppk: Ppk, passphrase: Buffer): Secrets {
  if (ppk.version === 2) {
    const sha1 = (...parts: readonly (Buffer | string)[]) => {
      const hash = createHash('sha1')
      for (const part of parts) hash.update(part)
      return hash.digest()
    }
    const counter = (value: number) => Buffer.from([0, 0, 0, value])
    const key = Buffer.concat([sha1(counter(0), passphrase), sha1(counter(1), passphrase)]).subarray(0, 32)
    const secret = ppk.encryption === 'none' ? Buffer.alloc(0) : passphrase
    return { key, iv: Buffer.alloc(16), macKey: sha1('putty-private-key-file-mac-key', secret) }
  }
  if (ppk.argon === null) return { key: Buffer.alloc(0), iv: Buffer.alloc(0), macKey: Buffer.alloc(0) }
  const { flavour, memory, passes, parallelism, salt } = ppk.argon
  const options = { m: memory, t: passes, p: parallelism, dkLen: 80 }
  const functions = { Argon2d: argon2d, Argon2i: argon2i, Argon2id: argon2id }
  const bytes = Buffer.from(functions[flavour](passphrase, salt, options))
  return { key: bytes.subarray(0, 32), iv: bytes.subarray(32, 48), macKey: bytes.subarray(48, 80) }
}

function readNumbers(ppk: Ppk, plain: Buffer): PrivateKey | null {
  const open = new WireReader(ppk.publicBlob)
  const secret = new WireReader(plain)
  open.string() // the type, checked by the caller
  if (ppk.type === 'ssh-rsa') {
    const e = open.string()
    const n = open.string()
    const d = secret.string()
    const p = secret.string()
    const q = secret.string()
    const iqmp = secret.string()
    if (!e || !n || !d || !p || !q || !iqmp) return null
    return rsaKey({ n, e, d, p, q, iqmp })
  }
  if (ppk.type === 'ssh-ed25519') {
    const publicKey = open.string()
    const seed = secret.string()
    // PuTTY writes the seed as an mpint, so bytes at its end may be missing from a small number.
    if (publicKey?.length !== 32 || seed === null || seed.length > 32) return null
    return ed25519Key(Buffer.concat([seed, Buffer.alloc(32 - seed.length)]), publicKey)
  }
  if (isEcdsaType(ppk.type)) {
    open.string() // the curve's name, part of the type
    const point = open.string()
    const scalar = secret.string()
    if (!point || !scalar) return null
    return ecdsaKey(ppk.type, point, scalar)
  }
  return null
}
