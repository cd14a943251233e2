import type { Asker } from '../asker'
import { certAuthorities, judgeHostKey } from '../known-hosts/verdict'
import type { KnownHostLine } from '../known-hosts/line'
import type { KnownHosts } from '../known-hosts/store'
import { md5Fingerprint, sha256Fingerprint } from '../keys/fingerprint'
import { keyTypeOfBlob } from '../keys/wire'
import { note } from '../notes'
import { errorText, sshProblem } from '../problems'
import type { Hop } from '../route'
import type { ConnectionNote } from '../../../shared/contract/host'
import type { Problem } from '../../../shared/contract/problem'

export interface HostKeyDeps {
  readonly hop: Hop
  readonly asker: Asker
  readonly knownHosts: KnownHosts
  /** Keys accepted for this connection's life alone. */
  readonly acceptedOnce: Set<string>
  readonly signal: AbortSignal
  tell(note: ConnectionNote): void
}

export function lookupName(hop: Hop): string {
  return hop.hostKeyAlias ?? hop.address
}

/** null: the key may be trusted. Nothing but the user's word makes an unknown key known. */
export async function checkHostKey(
  deps: HostKeyDeps,
  lines: readonly KnownHostLine[],
  blob: Uint8Array,
): Promise<Problem | null> {
  const { hop, asker, knownHosts, acceptedOnce, tell } = deps
  const host = lookupName(hop)
  const algorithm = keyTypeOfBlob(blob)
  const sha256 = sha256Fingerprint(blob)
  const once = `${host}:${hop.port} ${sha256}`
  const verdict = judgeHostKey(lines, host, hop.port, { type: algorithm, blob })
  switch (verdict.kind) {
    case 'known':
      return null
    case 'revoked':
      return sshProblem('ssh.hostKeyRevoked', hop.name, { algorithm, sha256, ...place(verdict.by) })
    case 'changed':
      return sshProblem('ssh.hostKeyChanged', hop.name, {
        algorithm,
        sha256,
        md5: md5Fingerprint(blob),
        knownSha256: sha256Fingerprint(verdict.by.key),
        knownMd5: md5Fingerprint(verdict.by.key),
        knownHost: hop.port === 22 ? host : `[${host}]:${hop.port}`,
        ...place(verdict.by),
      })
    case 'unknown':
      break
  }
  if (acceptedOnce.has(once)) return null
  const authority = certAuthorities(lines, host, hop.port)[0]
  if (authority !== undefined) tell(note('hostCertificatesUnsupported', place(authority)))
  const decision = await asker.hostKey(
    {
      host: hop.name,
      address: hop.address,
      port: hop.port,
      algorithm,
      sha256,
      md5: md5Fingerprint(blob),
      otherKnown: verdict.others.map((line) => ({
        algorithm: line.keyType,
        sha256: sha256Fingerprint(line.key),
        ...place(line),
      })),
    },
    deps.signal,
  )
  if (decision === 'refuse') return sshProblem('ssh.hostKeyRefused', hop.name, { algorithm, sha256 })
  acceptedOnce.add(once)
  if (decision === 'accept-and-save') {
    try {
      await knownHosts.add(host, hop.port, blob)
    } catch (error) {
      tell(note('hostKeyUnsaved', { file: knownHosts.writes, why: errorText(error).slice(0, 200) }))
    }
  }
  return null
}

const place = ({ file, line }: KnownHostLine) => ({ file, line })
