import { readOpenSshKey } from './openssh'
import { readPemKey } from './pem'
import { readPpkKey } from './ppk'
import type { PrivateKey } from './private-key'

export type Unlocked =
  | { readonly kind: 'key'; readonly key: PrivateKey }
  | { readonly kind: 'wrong-passphrase' }
  | { readonly kind: 'unusable'; readonly why: string }

/** A private key file, before its secret is opened. */
export type KeyFile =
  | {
      readonly kind: 'key'
      readonly format: 'openssh' | 'pem' | 'ppk'
      readonly encrypted: boolean
      readonly comment: string
      /** The public half, when the format shows it without the passphrase. */
      readonly publicBlob: Buffer | null
      unlock(passphrase: string | null): Unlocked
    }
  | { readonly kind: 'unusable'; readonly why: string }

/** Larger is no private key: an RSA key of 16384 bits takes 13 kB. */
export const maxKeyFileBytes = 256 * 1024

/** Tells the format by its first line and reads what can be read without a passphrase. */
export function readKeyFile(bytes: Uint8Array): KeyFile {
  if (bytes.length > maxKeyFileBytes) return { kind: 'unusable', why: 'larger than any private key' }
  const text = Buffer.from(bytes).toString('latin1')
  const start = /^\s*(-----BEGIN ([A-Z0-9 ]+)-----|PuTTY-User-Key-File-(\d+): )/.exec(text)
  if (start === null) {
    const publicKey = /^\s*(ssh-|ecdsa-|sk-|---- BEGIN SSH2 PUBLIC)/.test(text)
    return { kind: 'unusable', why: publicKey ? 'a public key, not a private one' : 'not a private key' }
  }
  const [, , label, ppkVersion] = start
  if (ppkVersion !== undefined) return readPpkKey(text)
  if (label === 'OPENSSH PRIVATE KEY') return readOpenSshKey(text)
  return readPemKey(text, label ?? '')
}
