import type { Readable } from 'node:stream'
import type { ExecResult } from '../connection'
import type { Channel } from '../channel'

/** Reads a channel to its end, but no more than `maxBytes` of each stream: what says more is ended. */
export async function collect(channel: Channel, maxBytes: number): Promise<ExecResult & { lost: boolean }> {
  let truncated = false
  const read = (stream: Readable): (() => Uint8Array) => {
    const chunks: Buffer[] = []
    let size = 0
    stream.on('data', (chunk: Buffer) => {
      const left = maxBytes - size
      if (left > 0) chunks.push(chunk.length > left ? chunk.subarray(0, left) : chunk)
      size += chunk.length
      if (size > maxBytes && !truncated) {
        truncated = true
        channel.close()
      }
    })
    return () => Buffer.concat(chunks)
  }
  const stdout = read(channel.stream)
  const stderr = channel.stderr === null ? () => new Uint8Array() : read(channel.stderr)
  const { code, signal, lost } = await channel.closed
  return { code, signal, stdout: stdout(), stderr: stderr(), truncated, lost }
}
