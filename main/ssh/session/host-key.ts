import type { Asker } from '../asker'
import { certAuthorities, judgeHostKey } from '../known-hosts/verdict'
import type { KnownHostLine } from '../known-hosts/line'
import { lineOf } from '../known-hosts/store'
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

/** null: the key may be trusted. Nothing but the user's word, given now or in ~/.ssh/config, makes it known. */
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
        knownHost: listName(host, hop.port),
        ...place(verdict.by),
      })
    case 'unknown':
      break
  }
  if (acceptedOnce.has(once)) return null
  const authority = certAuthorities(lines, host, hop.port)[0]
  if (authority !== undefined) tell(note('hostCertificatesUnsupported', place(authority)))
  const rule = hop.trust?.unknown ?? 'ask'
  if (rule === 'refuse') {
    const files = [...(hop.trust?.userFiles ?? []), ...(hop.trust?.globalFiles ?? [])]
    const params = { algorithm, sha256, knownHost: listName(host, hop.port), files: files.join(', ') || '–' }
    return sshProblem('ssh.hostKeyUnlisted', hop.name, params, lineOf(host, hop.port, blob, false))
  }
  // accept-new speaks of hosts never seen: one that is known by another key is asked about.
  if (rule === 'accept' && verdict.others.length === 0) {
    acceptedOnce.add(once)
    if (await save(deps, host, blob)) {
      tell(note('hostKeyAccepted', { algorithm, sha256, file: knownHosts.writes ?? '' }))
    }
    return null
  }
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
  if (decision === 'accept-and-save') await save(deps, host, blob)
  return null
}

/** false: it could not be kept, which is told. */
async function save(
  { hop, knownHosts, tell }: HostKeyDeps,
  host: string,
  blob: Uint8Array,
): Promise<boolean> {
  if (knownHosts.writes === null) {
    tell(note('hostKeyNowhere', { sha256: sha256Fingerprint(blob) }))
    return false
  }
  try {
    await knownHosts.add(host, hop.port, blob)
    return true
  } catch (error) {
    tell(note('hostKeyUnsaved', { file: knownHosts.writes, why: errorText(error).slice(0, 200) }))
    return false
  }
}

const listName = (host: string, port: number) => (port === 22 ? host : `[${host}]:${port}`)

const place = ({ file, line }: KnownHostLine) => ({ file, line })
