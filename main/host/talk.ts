import { Buffer } from 'node:buffer'
import { fail, ok, type Answer } from '../../shared/contract/answer'
import { problem, type Problem } from '../../shared/contract/problem'
import type { Talk, TalkWish } from '../../shared/contract/talk'
import type { Transport } from '../ssh'
import { dialPlain, type Line } from './talk-dial'

const maxBytes = 65_536

export interface TalkHost {
  readonly name: string
  readonly readOnly: boolean
  transport(): Answer<Transport>
}

/** here: this computer, by its name. */
export type TalkFrom =
  { readonly kind: 'host'; readonly host: TalkHost } | { readonly kind: 'here'; readonly name: string }

/** Says something to a service of the host, from wherever it is asked to come, and hears what comes back. */
export async function talkTo(
  host: TalkHost,
  from: TalkFrom,
  { address, port, send, milliseconds }: Omit<TalkWish, 'from'>,
): Promise<Answer<Talk>> {
  // What a service makes of it is its own affair, and may be much.
  for (const one of from.kind === 'host' ? [host, from.host] : [host])
    if (one.readOnly && send !== '') return fail(problem('app.readOnly', {}, { host: one.name }))
  const asked = performance.now()
  const line =
    from.kind === 'here'
      ? await dialPlain(address, port, (code, detail) =>
          said(host, code, { from: from.name, address, port }, detail),
        )
      : await throughHost(host, from.host, address, port)
  if (!line.ok) return line
  const opened = performance.now()
  if (send !== '') line.value.stream.write(Buffer.from(send, 'hex'))
  const heard = await listen(line.value, opened, milliseconds)
  line.value.close()
  return ok({ connectedMs: Math.round(opened - asked), source: line.value.source, ...heard })
}

async function throughHost(
  host: TalkHost,
  from: TalkHost,
  address: string,
  port: number,
): Promise<Answer<Line>> {
  const transport = from.transport()
  if (!transport.ok) return transport
  const channel = await transport.value.forward(address, port)
  if (channel.ok) return ok({ ...channel.value, source: null })
  const { code, detail = '' } = channel.problem
  if (code !== 'ssh.forwardFailed') return channel
  // OpenSSH's sshd hands on what connect(2) said.
  const why = /refused/i.test(detail) ? 'refused' : /timed out/i.test(detail) ? 'noAnswer' : 'unreachable'
  return fail(said(host, `talk.${why}`, { from: from.name, address, port }, detail))
}

function said(
  host: TalkHost,
  code: 'talk.refused' | 'talk.noAnswer' | 'talk.unreachable',
  params: Problem['params'],
  detail: string,
): Problem {
  return problem(code, params, { host: host.name, detail })
}

async function listen(
  { stream, closed }: Line,
  opened: number,
  milliseconds: number,
): Promise<Omit<Talk, 'connectedMs' | 'source'>> {
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
