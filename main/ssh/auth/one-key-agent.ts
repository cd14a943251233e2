import { BaseAgent } from 'ssh2'
import type { SignatureHash } from '../keys/private-key'
import { keyTypeOfBlob } from '../keys/wire'

type IdentitiesDone = (error?: Error | null, keys?: string[]) => void
type SignDone = (error?: Error | null, signature?: Buffer) => void

/**
 * Offers one public key and signs with whatever stands behind it. ssh2 asks an agent for the signature only
 * after the server has said that it would take the key, so a passphrase is asked for only when it is of use.
 */
export class OneKeyAgent extends BaseAgent<string> {
  constructor(
    private readonly blob: Uint8Array,
    private readonly signer: (data: Buffer, hash: SignatureHash | undefined) => Promise<Buffer>,
  ) {
    super()
  }

  override getIdentities(done: IdentitiesDone): void {
    done(null, [`${keyTypeOfBlob(this.blob)} ${Buffer.from(this.blob).toString('base64')}`])
  }

  override sign(_key: string, data: Buffer, options: { hash?: string } | SignDone, done?: SignDone): void {
    const finish = typeof options === 'function' ? options : done
    const wanted = typeof options === 'function' ? undefined : options.hash
    const hash = wanted === 'sha1' || wanted === 'sha256' || wanted === 'sha512' ? wanted : undefined
    this.signer(data, hash).then(
      (signature) => finish?.(null, signature),
      (error: unknown) => finish?.(error instanceof Error ? error : new Error('signing failed')),
    )
  }
}
