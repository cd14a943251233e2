import { createHash } from 'node:crypto'

/** As `ssh-keygen -l -E sha256` prints it. */
export function sha256Fingerprint(blob: Uint8Array): string {
  return `SHA256:${createHash('sha256').update(blob).digest('base64').replace(/=+$/, '')}`
}

/** As `ssh-keygen -l -E md5` prints it. */
export function md5Fingerprint(blob: Uint8Array): string {
  const hex = createHash('md5').update(blob).digest('hex')
  return `MD5:${(hex.match(/../g) ?? []).join(':')}`
}
