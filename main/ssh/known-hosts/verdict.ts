import type { KnownHostLine } from './line'
import { knownHostName, matchesHost } from './match'

export type Verdict =
  | { readonly kind: 'known'; readonly by: KnownHostLine }
  /** Never seen; `others` are keys of other algorithms known for it. */
  | { readonly kind: 'unknown'; readonly others: readonly KnownHostLine[] }
  | { readonly kind: 'changed'; readonly by: KnownHostLine }
  | { readonly kind: 'revoked'; readonly by: KnownHostLine }

const sameBytes = (a: Uint8Array, b: Uint8Array) => Buffer.compare(a, b) === 0

/**
 * What known_hosts says of a key, as check_host_key() of OpenSSH decides: revoked wins; any equal key makes it
 * known; another key of the same type makes it changed; with a port other than 22, a key known for the bare
 * name counts as well.
 */
export function judgeHostKey(
  lines: readonly KnownHostLine[],
  host: string,
  port: number,
  key: { readonly type: string; readonly blob: Uint8Array },
): Verdict {
  const verdict = judgeName(lines, knownHostName(host, port), key)
  if (verdict.kind !== 'unknown' || port === 22) return verdict
  const bare = judgeName(lines, knownHostName(host, 22), key)
  return bare.kind === 'known' || bare.kind === 'revoked' ? bare : verdict
}

function judgeName(
  lines: readonly KnownHostLine[],
  name: string,
  key: { readonly type: string; readonly blob: Uint8Array },
): Verdict {
  const here = lines.filter((line) => line.marker !== 'cert-authority' && matchesHost(line.hosts, name))
  const revoked = here.find((line) => line.marker === 'revoked' && sameBytes(line.key, key.blob))
  if (revoked !== undefined) return { kind: 'revoked', by: revoked }
  const plain = here.filter((line) => line.marker === 'none')
  const equal = plain.find((line) => sameBytes(line.key, key.blob))
  if (equal !== undefined) return { kind: 'known', by: equal }
  const changed = plain.find((line) => line.keyType === key.type)
  if (changed !== undefined) return { kind: 'changed', by: changed }
  return { kind: 'unknown', others: plain }
}

/** Key types known for a host, the first in the file first. */
export function knownKeyTypes(
  lines: readonly KnownHostLine[],
  host: string,
  port: number,
): readonly string[] {
  const names = new Set([knownHostName(host, port), knownHostName(host, 22)])
  const types = new Set<string>()
  for (const line of lines) {
    if (line.marker !== 'none') continue
    for (const name of names) if (matchesHost(line.hosts, name)) types.add(line.keyType)
  }
  return [...types]
}

/** Certificate authorities that would vouch for this host. */
export function certAuthorities(
  lines: readonly KnownHostLine[],
  host: string,
  port: number,
): readonly KnownHostLine[] {
  const name = knownHostName(host, port)
  return lines.filter((line) => line.marker === 'cert-authority' && matchesHost(line.hosts, name))
}
