import type { AgentPlace, Environment } from '../environment'
import type { SignatureHash } from '../keys/private-key'
import { WireReader, wireString, wireUint32 } from '../keys/wire'
import { openAgent } from './agent-stream'

/** draft-miller-ssh-agent: message numbers. */
const requestIdentities = 11
const identitiesAnswer = 12
const signRequest = 13
const signResponse = 14

const rsaSha2With256 = 2
const rsaSha2With512 = 4

/** An agent's answer is small; one that says otherwise is not believed. */
const maxAnswerBytes = 1024 * 1024
const answerTimeoutMs = 5_000
/** Signing may wait for the user's touch or consent. */
const signTimeoutMs = 60_000

export interface AgentIdentity {
  readonly blob: Buffer
  readonly comment: string
}

/** Rejects when there is no agent, or it does not answer as one. */
export async function listIdentities(env: Environment, place: AgentPlace): Promise<readonly AgentIdentity[]> {
  const reader = await ask(env, place, Buffer.from([requestIdentities]), identitiesAnswer, answerTimeoutMs)
  const count = reader.uint32() ?? 0
  const identities: AgentIdentity[] = []
  for (let i = 0; i < count; i++) {
    const blob = reader.string()
    const comment = reader.string()
    if (blob === null || comment === null) throw new Error('the agent sent a damaged list')
    identities.push({ blob, comment: comment.toString('utf8').slice(0, 200) })
  }
  return identities
}

/** The signature without its algorithm name, as the transport wants it. Rejects when the agent refuses. */
export async function signWithAgent(
  env: Environment,
  place: AgentPlace,
  blob: Uint8Array,
  data: Uint8Array,
  hash: SignatureHash | undefined,
): Promise<Buffer> {
  const flags = hash === 'sha256' ? rsaSha2With256 : hash === 'sha512' ? rsaSha2With512 : 0
  const request = Buffer.concat([
    Buffer.from([signRequest]),
    wireString(blob),
    wireString(data),
    wireUint32(flags),
  ])
  const reader = await ask(env, place, request, signResponse, signTimeoutMs)
  const signature = reader.string()
  const inner = signature === null ? null : new WireReader(signature)
  inner?.string() // the algorithm's name
  const bytes = inner?.string() ?? null
  if (bytes === null) throw new Error('the agent sent a damaged signature')
  return bytes
}

async function ask(
  env: Environment,
  place: AgentPlace,
  message: Buffer,
  expected: number,
  timeoutMs: number,
): Promise<WireReader> {
  const request = Buffer.concat([wireUint32(message.length), message])
  const stream = await openAgent(env, place, request.length)
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = []
    let size = 0
    const timer = setTimeout(() => finish(new Error('the agent does not answer')), timeoutMs)
    const finish = (result: WireReader | Error) => {
      clearTimeout(timer)
      stream.removeAllListeners('data')
      stream.on('error', () => undefined) // a late error after the answer tells nothing
      stream.destroy()
      if (result instanceof Error) reject(result)
      else resolve(result)
    }
    stream.on('data', (chunk: Buffer) => {
      chunks.push(chunk)
      size += chunk.length
      if (size > maxAnswerBytes) return finish(new Error('the agent sends too much'))
      const all = Buffer.concat(chunks)
      const reader = new WireReader(all)
      const length = reader.uint32()
      if (length === null) return
      if (length > maxAnswerBytes) return finish(new Error('the agent sends too much'))
      if (reader.left < length) return
      const kind = reader.byte()
      finish(kind === expected ? reader : new Error('the agent refuses'))
    })
    stream.on('error', (error: Error) => finish(error))
    stream.on('close', () => finish(new Error('the agent closed the connection')))
    stream.write(request)
  })
}
