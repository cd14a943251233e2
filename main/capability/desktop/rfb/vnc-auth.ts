import { createCipheriv, createDecipheriv } from 'node:crypto'

/** RFC 6143 §7.2.2: eight characters count, and each byte's bits stand in mirrored order. */
const keyBytes = 8

function desKey(password: Uint8Array): Buffer {
  const key = Buffer.alloc(keyBytes)
  key.set(password.subarray(0, keyBytes))
  return Buffer.from(key.map(mirrored))
}

function mirrored(byte: number): number {
  let out = 0
  for (let bit = 0; bit < 8; bit++) out |= ((byte >> bit) & 1) << (7 - bit)
  return out
}

/**
 * Single DES on one block. Triple DES with three times the same key is that, and unlike DES itself it is in
 * OpenSSL 3's default provider as well as in Electron's BoringSSL.
 */
function block(key: Buffer, data: Uint8Array, how: 'encrypt' | 'decrypt'): Buffer {
  const triple = Buffer.concat([key, key, key])
  const none = Buffer.alloc(8)
  const cipher =
    how === 'encrypt'
      ? createCipheriv('des-ede3-cbc', triple, none)
      : createDecipheriv('des-ede3-cbc', triple, none)
  cipher.setAutoPadding(false)
  return Buffer.concat([cipher.update(data), cipher.final()])
}

/** The answer to a VNC server's challenge of 16 bytes. */
export function vncResponse(password: Uint8Array, challenge: Uint8Array): Buffer {
  const key = desKey(password)
  return Buffer.concat([
    block(key, challenge.subarray(0, 8), 'encrypt'),
    block(key, challenge.subarray(8, 16), 'encrypt'),
  ])
}

/** The key with which every vncpasswd hides what it writes (TigerVNC common/rfb/obfuscate.cxx). */
const obfuscation = Uint8Array.of(23, 82, 107, 6, 35, 78, 88, 7)

/** The password of a VNC password file; null: it is none. A second password in it is for viewing only. */
export function passwordOfFile(content: Uint8Array): Uint8Array | null {
  if (content.length < keyBytes) return null
  const padded = block(desKey(obfuscation), content.subarray(0, keyBytes), 'decrypt')
  const end = padded.indexOf(0)
  return padded.subarray(0, end === -1 ? keyBytes : end)
}
