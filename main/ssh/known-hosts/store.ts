import { createHmac, randomBytes } from 'node:crypto'
import { mkdir, open, readFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import { globalKnownHostsFiles, userKnownHostsFiles } from '../environment'
import type { Environment } from '../environment'
import { keyTypeOfBlob } from '../keys/wire'
import { parseKnownHosts } from './line'
import type { KnownHostLine } from './line'
import type { HostKeyTrust } from '../route'
import { knownHostName } from './match'

/** The host keys this user trusts. Read anew each time: ssh itself writes there as well. */
export interface KnownHosts {
  lines(): Promise<readonly KnownHostLine[]>
  /** The file that `add` writes to; null: there is none, so nothing can be kept. */
  readonly writes: string | null
  /** Rejects when the file cannot be written. */
  add(host: string, port: number, blob: Uint8Array): Promise<void>
}

const maxFileBytes = 16 * 1024 * 1024

export function openKnownHosts(env: Environment): KnownHosts {
  return knownHostsIn(userKnownHostsFiles(env), globalKnownHostsFiles(env))
}

/** The lists that ~/.ssh/config names for a host. */
export function knownHostsOf({ userFiles, globalFiles, hash }: HostKeyTrust): KnownHosts {
  return knownHostsIn(userFiles, globalFiles, hash)
}

/** The last write to each file: hosts share their lists, and one line is written after the other. */
const lastWrites = new Map<string, Promise<void>>()

/** Names that swallow what is written, for those who want no list. */
const isNowhere = (file: string) => file === '/dev/null' || file.toLowerCase() === 'nul'

/**
 * @param userFiles the first one is written to, and made when it is missing.
 * @param hash whether names are written as HashKnownHosts of ssh_config(5) says.
 */
export function knownHostsIn(
  userFiles: readonly string[],
  globalFiles: readonly string[] = [],
  hash = false,
): KnownHosts {
  const first = userFiles[0]
  const writes = first === undefined || first === '' || isNowhere(first) ? null : first
  return {
    writes,
    async lines() {
      if (writes !== null) await lastWrites.get(writes)
      const read = await Promise.all([...userFiles, ...globalFiles].map(readLines))
      return read.flat()
    },
    add(host, port, blob) {
      if (writes === null) return Promise.reject(new Error('no known_hosts file to write to'))
      const before = lastWrites.get(writes) ?? Promise.resolve()
      const write = before.then(() => append(writes, lineOf(host, port, blob, hash)))
      const settled = write
        .catch(() => undefined) // told to who asked for it; the next one goes on all the same
        .then(() => {
          if (lastWrites.get(writes) === settled) lastWrites.delete(writes)
        })
      lastWrites.set(writes, settled)
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

/** sshd(8) "SSH_KNOWN_HOSTS FILE FORMAT". Throws on a name that would say something else there. */
export function lineOf(host: string, port: number, blob: Uint8Array, hash: boolean): string {
  const name = knownHostName(host, port)
  if (/[\s,|*?!#@]/.test(name)) throw new Error(`${JSON.stringify(name)} cannot stand in known_hosts`)
  return `${hash ? hashedName(name) : name} ${keyTypeOfBlob(blob)} ${Buffer.from(blob).toString('base64')}`
}

/** `|1|salt|HMAC-SHA1`, as host_hash() of OpenSSH writes it. */
function hashedName(name: string): string {
  const salt = randomBytes(20)
  const digest = createHmac('sha1', salt).update(name).digest('base64')
  return `|1|${salt.toString('base64')}|${digest}`
}

/**
 * One write in append mode, so that lines of another program writing at the same time are not cut.
 * A last line without its newline gets one first; not a byte that stands there is changed.
 */
async function append(file: string, line: string): Promise<void> {
  await mkdir(dirname(file), { recursive: true, mode: 0o700 })
  const handle = await open(file, 'a+', 0o600)
  try {
    const { size } = await handle.stat()
    const last = Buffer.alloc(1)
    if (size > 0) await handle.read(last, 0, 1, size - 1)
    const newline = size > 0 && last[0] !== 0x0a ? '\n' : ''
    await handle.appendFile(`${newline}${line}\n`, 'latin1')
    await handle.sync()
  } finally {
    await handle.close()
  }
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && 'code' in error && (error.code === 'ENOENT' || error.code === 'ENOTDIR')
}
