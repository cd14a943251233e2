import { createDecipheriv } from 'node:crypto'
import type { Decipher } from 'node:crypto'
import { pbkdf as bcryptPbkdf } from 'bcrypt-pbkdf'
import type { KeyFile, Unlocked } from './key-file'
import { readPrivateFields } from './private-key'
import { keyTypeOfBlob, WireReader } from './wire'

/** OpenSSH's names for its ciphers, with lengths in bytes; chacha20-poly1305 is not among the runtime's. */
const ciphers: Readonly<Record<string, { name: string; key: number; iv: number }>> = {
  'aes256-ctr': { name: 'aes-256-ctr', key: 32, iv: 16 },
  'aes192-ctr': { name: 'aes-192-ctr', key: 24, iv: 16 },
  'aes128-ctr': { name: 'aes-128-ctr', key: 16, iv: 16 },
  'aes256-cbc': { name: 'aes-256-cbc', key: 32, iv: 16 },
  'aes192-cbc': { name: 'aes-192-cbc', key: 24, iv: 16 },
  'aes128-cbc': { name: 'aes-128-cbc', key: 16, iv: 16 },
  '3des-cbc': { name: 'des-ede3-cbc', key: 24, iv: 8 },
  'aes256-gcm@openssh.com': { name: 'aes-256-gcm', key: 32, iv: 12 },
  'aes128-gcm@openssh.com': { name: 'aes-128-gcm', key: 16, iv: 12 },
}

/** bcrypt takes about 10 ms a round here; OpenSSH writes 16 or 24. A file may not hold the app for minutes. */
const maxRounds = 2000

interface Envelope {
  readonly cipher: string
  readonly salt: Buffer
  readonly rounds: number
  readonly publicBlob: Buffer
  readonly secret: Buffer
  readonly tag: Buffer
}

/** PROTOCOL.key of OpenSSH: `openssh-key-v1`. */
export function readOpenSshKey(text: string): KeyFile {
  const body = /-----BEGIN OPENSSH PRIVATE KEY-----([\s\S]*?)-----END OPENSSH PRIVATE KEY-----/.exec(
    text,
  )?.[1]
  const envelope = body === undefined ? null : readEnvelope(Buffer.from(body, 'base64'))
  if (envelope === null) return { kind: 'unusable', why: 'damaged' }
  const type = keyTypeOfBlob(envelope.publicBlob)
  if (type.startsWith('sk-') || type === 'ssh-dss') return { kind: 'unusable', why: type }
  const encrypted = envelope.cipher !== 'none'
  if (encrypted && ciphers[envelope.cipher] === undefined) {
    return { kind: 'unusable', why: `cipher ${envelope.cipher}` }
  }
  if (envelope.rounds > maxRounds) return { kind: 'unusable', why: `${envelope.rounds} bcrypt rounds` }
  return {
    kind: 'key',
    format: 'openssh',
    encrypted,
    comment: '',
    publicBlob: envelope.publicBlob,
    unlock: (passphrase) => unlock(envelope, passphrase),
  }
}

function readEnvelope(bytes: Buffer): Envelope | null {
  const magic = 'openssh-key-v1\0'
  if (bytes.toString('latin1', 0, magic.length) !== magic) return null
  const reader = new WireReader(bytes.subarray(magic.length))
  const cipher = reader.text()
  const kdf = reader.text()
  const options = reader.string()
  const count = reader.uint32()
  const publicBlob = reader.string()
  const secret = reader.string()
  if (cipher === null || kdf === null || options === null || publicBlob === null || secret === null)
    return null
  if (count !== 1 || (kdf !== 'none' && kdf !== 'bcrypt')) return null
  const kdfReader = new WireReader(options)
  const salt = kdf === 'bcrypt' ? kdfReader.string() : Buffer.alloc(0)
  const rounds = kdf === 'bcrypt' ? kdfReader.uint32() : 0
  const tag = reader.raw(reader.left)
  if (salt === null || rounds === null || tag === null) return null
  return { cipher, salt, rounds, publicBlob, secret, tag }
}

function unlock(envelope: Envelope, passphrase: string | null): Unlocked {
  const secret = decrypt(envelope, passphrase)
  if (secret === null) return { kind: 'wrong-passphrase' }
  const reader = new WireReader(secret)
  const check = reader.uint32()
  if (check === null || check !== reader.uint32()) {
    return envelope.cipher === 'none' ? { kind: 'unusable', why: 'damaged' } : { kind: 'wrong-passphrase' }
  }
  try {
    const key = readPrivateFields(reader)
    if (key === null) return { kind: 'unusable', why: keyTypeOfBlob(envelope.publicBlob) }
    return { kind: 'key', key }
  } catch (error) {
    return { kind: 'unusable', why: error instanceof Error ? error.message.slice(0, 200) : 'damaged' }
  }
}

/** null: the passphrase is wrong (as far as a cipher can tell). */
function decrypt(envelope: Envelope, passphrase: string | null): Buffer | null {
  const cipher = ciphers[envelope.cipher]
  if (cipher === undefined) return envelope.secret
  if (passphrase === null || passphrase === '') return null
  const derived = Buffer.alloc(cipher.key + cipher.iv)
  const secretBytes = Buffer.from(passphrase, 'utf8')
  const { salt, rounds } = envelope
  const failed = bcryptPbkdf(
    secretBytes,
    secretBytes.length,
    salt,
    salt.length,
    derived,
    derived.length,
    rounds,
  )
  if (failed !== 0) return null
  const decipher = openDecipher(
    cipher.name,
    derived.subarray(0, cipher.key),
    derived.subarray(cipher.key),
    envelope.tag,
  )
  if (decipher === null) return null
  decipher.setAutoPadding(false)
  try {
    return Buffer.concat([decipher.update(envelope.secret), decipher.final()])
  } catch {
    return null
  }
}

function openDecipher(name: string, key: Buffer, iv: Buffer, tag: Buffer): Decipher | null {
  if (name !== 'aes-256-gcm' && name !== 'aes-128-gcm') return createDecipheriv(name, key, iv)
  if (tag.length < 16) return null
  const decipher = createDecipheriv(name, key, iv)
  decipher.setAuthTag(tag.subarray(0, 16))
  return decipher
}
