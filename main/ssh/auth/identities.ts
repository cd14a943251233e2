import { open, readFile } from 'node:fs/promises'
import { agentPlaces, expandTilde } from '../environment'
import type { AgentPlace, Environment } from '../environment'
import { maxKeyFileBytes, readKeyFile } from '../keys/key-file'
import type { KeyFile } from '../keys/key-file'
import { keyTypeOfBlob } from '../keys/wire'
import { note } from '../notes'
import type { ConnectionNote } from '../../../shared/contract/host'
import { listIdentities } from './agent'

export interface AgentKeys {
  readonly place: AgentPlace
  readonly identities: readonly { readonly blob: Buffer; readonly comment: string }[]
}

/** The first agent that answers. A set agent that does not is told of; a default one that is absent is not. */
export async function findAgent(
  env: Environment,
  chosen: string | undefined,
  tell: (note: ConnectionNote) => void,
): Promise<AgentKeys | null> {
  for (const place of agentPlaces(env, chosen)) {
    try {
      return { place, identities: await listIdentities(env, place) }
    } catch (error) {
      const name = place.kind === 'socket' ? place.path : 'Pageant'
      const isGuess = env.platform === 'win32' && chosen === undefined
      if (!isGuess) tell(note('agentUnreachable', { agent: name, why: reason(error) }))
    }
  }
  return null
}

/** Reads a private key file, `~` expanded. Never larger than a key can be, so a device file cannot hang it. */
export async function loadKeyFile(env: Environment, path: string): Promise<KeyFile> {
  try {
    const handle = await open(expandTilde(env, path), 'r')
    try {
      const stat = await handle.stat()
      if (!stat.isFile()) return { kind: 'unusable', why: 'not a file' }
      const bytes = Buffer.alloc(Math.min(stat.size, maxKeyFileBytes + 1))
      const { bytesRead } = await handle.read(bytes, 0, bytes.length, 0)
      return readKeyFile(bytes.subarray(0, bytesRead))
    } finally {
      await handle.close()
    }
  } catch (error) {
    return { kind: 'unusable', why: reason(error) }
  }
}

/** The blob of `PATH.pub`, or of `PATH` itself when that is a public key: both are usual with agents. */
export async function loadPublicBlob(env: Environment, path: string): Promise<Buffer | null> {
  for (const file of [`${expandTilde(env, path)}.pub`, expandTilde(env, path)]) {
    const bytes = await readFile(file).catch(() => null)
    if (bytes === null || bytes.length > maxKeyFileBytes) continue
    const blob = parsePublicLine(bytes.toString('latin1'))
    if (blob !== null) return blob
  }
  const key = await loadKeyFile(env, path)
  return key.kind === 'key' ? key.publicBlob : null
}

/** `ssh-ed25519 AAAA… comment`, the one-line form of sshd(8). */
export function parsePublicLine(text: string): Buffer | null {
  const match = /^\s*([a-z0-9@.-]+)[ \t]+([A-Za-z0-9+/]+={0,2})/.exec(text)
  if (match === null) return null
  const blob = Buffer.from(match[2] ?? '', 'base64')
  return keyTypeOfBlob(blob) === match[1] ? blob : null
}

export function reason(error: unknown): string {
  if (!(error instanceof Error)) return 'unknown'
  if ('code' in error && typeof error.code === 'string') return error.code
  return error.message.slice(0, 200)
}
