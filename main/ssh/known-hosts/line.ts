/**
 * One line of a known_hosts file, sshd(8) "SSH_KNOWN_HOSTS FILE FORMAT":
 *   [@marker] hosts keytype base64-key [comment]
 */
export interface KnownHostLine {
  readonly file: string
  /** From 1. */
  readonly line: number
  readonly marker: 'none' | 'revoked' | 'cert-authority'
  readonly hosts: HostPattern
  readonly keyType: string
  readonly key: Uint8Array
}

export type HostPattern =
  | { readonly kind: 'patterns'; readonly patterns: readonly string[] }
  | { readonly kind: 'hashed'; readonly salt: Uint8Array; readonly digest: Uint8Array }

/** Lines that OpenSSH would not understand either are left out: a damaged line must not lock a user out. */
export function parseKnownHosts(text: string, file: string): readonly KnownHostLine[] {
  const lines: KnownHostLine[] = []
  text.split('\n').forEach((raw, index) => {
    const line = parseLine(raw, file, index + 1)
    if (line !== null) lines.push(line)
  })
  return lines
}

function parseLine(raw: string, file: string, line: number): KnownHostLine | null {
  const fields = raw
    .replace(/\r$/, '')
    .replace(/^[ \t]+/, '')
    .split(/[ \t]+/)
  let marker: KnownHostLine['marker'] = 'none'
  let first = fields[0] ?? ''
  if (first === '' || first.startsWith('#')) return null
  if (first.startsWith('@')) {
    if (first === '@revoked') marker = 'revoked'
    else if (first === '@cert-authority') marker = 'cert-authority'
    else return null
    fields.shift()
    first = fields[0] ?? ''
  }
  const [, keyType, base64] = fields
  if (first === '' || keyType === undefined || base64 === undefined) return null
  const hosts = parseHosts(first)
  const key = decodeBase64(base64)
  if (hosts === null || key === null) return null
  return { file, line, marker, hosts, keyType, key }
}

function parseHosts(field: string): HostPattern | null {
  if (!field.startsWith('|')) return { kind: 'patterns', patterns: field.split(',') }
  const [, magic, salt64, digest64] = field.split('|')
  const salt = magic === '1' && salt64 !== undefined ? decodeBase64(salt64) : null
  const digest = digest64 !== undefined ? decodeBase64(digest64) : null
  if (salt === null || digest === null || digest.length !== 20) return null
  return { kind: 'hashed', salt, digest }
}

function decodeBase64(text: string): Uint8Array | null {
  if (text === '' || !/^[A-Za-z0-9+/]+={0,2}$/.test(text) || text.length % 4 !== 0) return null
  return Buffer.from(text, 'base64')
}
