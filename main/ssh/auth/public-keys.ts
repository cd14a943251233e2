import type { AnyAuthMethod } from 'ssh2'
import type { PromptQuestion } from '../asker'
import type { Environment } from '../environment'
import { sha256Fingerprint } from '../keys/fingerprint'
import { isUsableKeyType } from '../keys/private-key'
import type { PrivateKey } from '../keys/private-key'
import { keyTypeOfBlob } from '../keys/wire'
import { note } from '../notes'
import type { AuthMethod, Hop } from '../route'
import type { ConnectionNote } from '../../../shared/contract/host'
import { signWithAgent } from './agent'
import { findAgent, loadKeyFile, loadPublicBlob, reason } from './identities'
import type { AnswerMemory } from './memory'
import { OneKeyAgent } from './one-key-agent'

/** For a passphrase; as ssh's own. */
const maxTries = 3

export interface PublicKeysDeps {
  readonly hop: Hop
  readonly env: Environment
  readonly memory: AnswerMemory
  tell(note: ConnectionNote): void
  whileAsking<T>(wait: Promise<T>): Promise<T>
  /** null: the user does not want to say. */
  ask(question: Omit<PromptQuestion, 'host'>): Promise<readonly string[] | null>
  /** Whether the server took the last attempt and wants more. */
  partial(): boolean
}

/** A key that cannot sign after all; it is told of, and the next one is tried. */
class SigningCancelled extends Error {}

/** Sign-in by keys, of an agent or of files; none is offered twice, wherever it lies. */
export class PublicKeys {
  private readonly tried = new Set<string>()

  constructor(private readonly deps: PublicKeysDeps) {}

  async *ofAgent(method: Extract<AuthMethod, { kind: 'agent' }>): AsyncGenerator<AnyAuthMethod, void, void> {
    const { deps } = this
    const agent = await findAgent(deps.env, method.socket, deps.tell)
    if (agent === null) return
    const wanted = method.only === undefined ? null : await this.wantedBlobs(method.only)
    const chosen = agent.identities.filter(
      ({ blob }) => wanted === null || wanted.some((one) => one.equals(blob)),
    )
    for (const { blob, comment } of chosen) {
      const type = keyTypeOfBlob(blob)
      if (!isUsableKeyType(type)) deps.tell(note('agentIdentityUnsupported', { type, comment }))
    }
    for (const { blob, comment } of chosen) {
      if (!isUsableKeyType(keyTypeOfBlob(blob))) continue
      yield* this.offerKey(blob, comment, async (data, hash) => {
        try {
          return await deps.whileAsking(signWithAgent(deps.env, agent.place, blob, data, hash))
        } catch (error) {
          deps.tell(note('agentRefusedToSign', { key: comment, why: reason(error) }))
          throw error
        }
      })
      if (this.deps.partial()) return
    }
  }

  private async wantedBlobs(paths: readonly string[]): Promise<readonly Buffer[]> {
    const blobs = await Promise.all(paths.map((path) => loadPublicBlob(this.deps.env, path)))
    return blobs.filter((blob): blob is Buffer => blob !== null)
  }

  async *ofFile(path: string, optional: boolean): AsyncGenerator<AnyAuthMethod, void, void> {
    const { deps } = this
    const file = await loadKeyFile(deps.env, path)
    if (file.kind === 'unusable') {
      if (!(optional && file.why === 'ENOENT')) deps.tell(note('keyUnreadable', { path, why: file.why }))
      return
    }
    let opened: PrivateKey | null = null
    const open = async (): Promise<PrivateKey> => {
      opened ??= await this.unlock(path, file)
      return opened
    }
    let blob = file.publicBlob ?? (file.encrypted ? await loadPublicBlob(deps.env, path) : null)
    try {
      blob ??= (await open()).publicBlob
    } catch (error) {
      if (error instanceof SigningCancelled) return
      throw error
    }
    if (!isUsableKeyType(keyTypeOfBlob(blob))) {
      deps.tell(note('keyUnsupported', { path, type: keyTypeOfBlob(blob) }))
      return
    }
    yield* this.offerKey(blob, path, async (data, hash) => (await open()).sign(data, hash))
  }

  /** Asks for the passphrase until it opens the key, three times at most. */
  private async unlock(
    path: string,
    file: Extract<Awaited<ReturnType<typeof loadKeyFile>>, { kind: 'key' }>,
  ): Promise<PrivateKey> {
    const { deps } = this
    const memoryKey = `passphrase ${path}`
    let attempt = 0
    let passphrase = file.encrypted ? (deps.memory.recall(memoryKey) ?? null) : null
    for (;;) {
      if (passphrase !== null || !file.encrypted) {
        const result = file.unlock(passphrase)
        if (result.kind === 'key') {
          if (passphrase !== null) deps.memory.keep(memoryKey, passphrase)
          return result.key
        }
        deps.memory.forget(memoryKey)
        if (result.kind === 'unusable' || !file.encrypted) {
          const why = result.kind === 'unusable' ? result.why : 'damaged'
          deps.tell(note('keyUnreadable', { path, why }))
          throw new SigningCancelled(why)
        }
      }
      if (attempt === maxTries) {
        deps.tell(note('keyPassphraseWrong', { path }))
        throw new SigningCancelled('wrong passphrase')
      }
      attempt++
      const answers = await deps.ask({
        title: path,
        instruction: '',
        prompts: [{ text: `Passphrase for ${path}`, echo: false }],
        purpose: 'passphrase',
        attempt,
      })
      if (answers === null) {
        deps.tell(note('keyPassphraseCancelled', { path }))
        throw new SigningCancelled('cancelled')
      }
      passphrase = answers[0] ?? ''
    }
  }

  private async *offerKey(
    blob: Buffer,
    name: string,
    signer: ConstructorParameters<typeof OneKeyAgent>[1],
  ): AsyncGenerator<AnyAuthMethod, void, void> {
    const fingerprint = sha256Fingerprint(blob)
    if (this.tried.has(fingerprint)) return
    this.tried.add(fingerprint)
    yield { type: 'agent', username: this.deps.hop.user, agent: new OneKeyAgent(blob, signer) }
    if (!this.deps.partial()) this.deps.tell(note('keyRefused', { key: name, sha256: fingerprint }))
  }
}
