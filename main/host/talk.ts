import { Buffer } from 'node:buffer'
import { fail, ok, type Answer } from '../../shared/contract/answer'
import { problem } from '../../shared/contract/problem'
import type { Talk } from '../../shared/contract/talk'
import type { Channel, Transport } from '../ssh'

const maxBytes = 65_536

export interface TalkHost {
  readonly name: string
  readonly readOnly: boolean
  transport(): Answer<Transport>
}

/** Says something to a service by a connection that the host makes, and hears what comes back. */
export async function talkTo(
  host: TalkHost,
  {
    address,
    port,
    send,
    milliseconds,
  }: { address: string; port: number; send: string; milliseconds: number },
): Promise<Answer<Talk>> {
  // What a service makes of it is its own affair, and may be much.
  if (host.readOnly && send !== '') return fail(problem('app.readOnly', {}, { host: host.name }))
  const transport = host.transport()
  if (!transport.ok) return transport
  const asked = performance.now()
  const channel = await transport.value.forward(address, port)
  if (!channel.ok) return channel
  const opened = performance.now()
  if (send !== '') channel.value.stream.write(Buffer.from(send, 'hex'))
  const heard = await listen(channel.value, opened, milliseconds)
  channel.value.close()
  return ok({ connectedMs: Math.round(opened - asked), ...heard })
}

async function listen(
  { stream, closed }: Channel,
  opened: number,
  milliseconds: number,
): Promise<Omit<Talk, 'connectedMs'>> {
  const chunks: Buffer[] = []
  let size = 0
  let firstByteMs: number | null = null
  const since = () => Math.round(performance.now() - opened)
  const full = new Promise<void>((resolve) => {
    stream.on('data', (chunk: Buffer) => {
      firstByteMs ??= since()
      chunks.push(chunk)
      size += chunk.length
      if (size > maxBytes) resolve()
    })
  })
  const end = new Promise<'closed'>((resolve) => {
    stream.once('end', () => resolve('closed'))
    stream.once('error', () => resolve('closed'))
    void closed.then(() => resolve('closed'))
  })
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<'open'>((resolve) => {
    timer = setTimeout(() => resolve('open'), milliseconds)
  })
  const ended = await Promise.race([end, late, full.then(() => 'open' as const)])
  clearTimeout(timer)
  return {
    firstByteMs,
    received: Buffer.concat(chunks).subarray(0, maxBytes).toString('hex'),
    truncated: size > maxBytes,
    ended,
    endedMs: since(),
  }
}
