import { createPrivateKey } from 'node:crypto'
import type { KeyFile, Unlocked } from './key-file'
import { fromKeyObject } from './private-key'

const labels = new Set(['RSA PRIVATE KEY', 'EC PRIVATE KEY', 'PRIVATE KEY', 'ENCRYPTED PRIVATE KEY'])

/** PKCS #1, SEC 1 and PKCS #8 in PEM, plain or encrypted (RFC 1421 headers or PBES2): the runtime reads them. */
export function readPemKey(text: string, label: string): KeyFile {
  if (label === 'DSA PRIVATE KEY') return { kind: 'unusable', why: 'DSA' }
  if (!labels.has(label)) return { kind: 'unusable', why: label }
  const encrypted = label === 'ENCRYPTED PRIVATE KEY' || /^Proc-Type: 4,ENCRYPTED/m.test(text)
  const plain = encrypted ? null : unlock(text, null)
  return {
    kind: 'key',
    format: 'pem',
    encrypted,
    comment: '',
    publicBlob: plain?.kind === 'key' ? plain.key.publicBlob : null,
    unlock: (passphrase) => plain ?? unlock(text, passphrase),
  }
}

function unlock(text: string, passphrase: string | null): Unlocked {
  try {
    // An empty passphrase must not make the runtime ask at a terminal: OpenSSL does without one.
    const key = createPrivateKey({ key: text, format: 'pem', passphrase: passphrase ?? '' })
    const made = fromKeyObject(key)
    return made === null
      ? { kind: 'unusable', why: key.asymmetricKeyType ?? 'unknown kind of key' }
      : { kind: 'key', key: made }
  } catch (error) {
    if (passphrase !== null) return { kind: 'wrong-passphrase' }
    return { kind: 'unusable', why: error instanceof Error ? error.message.slice(0, 200) : 'damaged' }
  }
}
