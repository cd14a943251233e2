import { mkdir, open, readFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import { globalKnownHostsFiles, userKnownHostsFiles } from '../environment'
import type { Environment } from '../environment'
import { keyTypeOfBlob } from '../keys/wire'
import { parseKnownHosts } from './line'
import type { KnownHostLine } from './line'
import { knownHostName } from './match'

/** The host keys this user trusts. Read anew each time: ssh itself writes there as well. */
export interface KnownHosts {
  lines(): Promise<readonly KnownHostLine[]>
  /** The file that `add` writes to. */
  readonly writes: string
  /** Rejects when the file cannot be written. */
  add(host: string, port: number, blob: Uint8Array): Promise<void>
}

const maxFileBytes = 16 * 1024 * 1024

export function openKnownHosts(env: Environment): KnownHosts {
  return knownHostsIn(userKnownHostsFiles(env), globalKnownHostsFiles(env))
}

/** @param userFiles the first one is written to, and made when it is missing. */
export function knownHostsIn(userFiles: readonly string[], globalFiles: readonly string[] = []): KnownHosts {
  const writes = userFiles[0] ?? ''
  let lastWrite: Promise<void> = Promise.resolve()
  return {
    writes,
    async lines() {
      await lastWrite
      const read = await Promise.all([...userFiles, ...globalFiles].map(readLines))
      return read.flat()
    },
    add(host, port, blob) {
      const write = lastWrite.then(() => append(writes, host, port, blob))
      lastWrite = write.catch(() => undefined)
      return write
    },
  }
}

async function readLines(file: string): Promise<readonly KnownHostLine[]> {
  let bytes: Buffer
  try {
    bytes = await readFile(file)
  } catch (error) {
    if (isMissing(error)) return []
    throw error
  }
  if (bytes.length > maxFileBytes) throw new Error(`${file} is larger than ${maxFileBytes} bytes`)
  // Names and keys are ASCII; latin1 keeps every other byte one character, so that line numbers hold.
  return parseKnownHosts(bytes.toString('latin1'), file)
}

/**
 * One write in append mode, so that lines of another program writing at the same time are not cut.
 * A last line without its newline gets one first; not a byte that stands there is changed.
 */
async function append(file: string, host: string, port: number, blob: Uint8Array): Promise<void> {
  if (file === '') throw new Error('no known_hosts file to write to')
  const name = knownHostName(host, port)
  if (/[\s,|*?!#@]/.test(name)) throw new Error(`${JSON.stringify(name)} cannot stand in known_hosts`)
  await mkdir(dirname(file), { recursive: true, mode: 0o700 })
  const handle = await open(file, 'a+', 0o600)
  try {
    const { size } = await handle.stat()
    const last = Buffer.alloc(1)
    if (size > 0) await handle.read(last, 0, 1, size - 1)
    const newline = size > 0 && last[0] !== 0x0a ? '\n' : ''
    const line = `${name} ${keyTypeOfBlob(blob)} ${Buffer.from(blob).toString('base64')}\n`
    await handle.appendFile(newline + line, 'latin1')
    await handle.sync()
  } finally {
    await handle.close()
  }
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && 'code' in error && (error.code === 'ENOENT' || error.code === 'ENOTDIR')
}
