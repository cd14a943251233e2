import type { FileEntryWithStats, SFTPWrapper, Stats } from 'ssh2'
import { randomBytes } from 'node:crypto'
import { fail, ok } from '../../../shared/contract/answer'
import type { Answer } from '../../../shared/contract/answer'
import type { Problem } from '../../../shared/contract/problem'
import { errorText, sshProblem } from '../problems'
import { parallel } from './parallel'

export interface FileFacts {
  readonly kind: 'file' | 'directory' | 'link' | 'other'
  /** Bytes. */
  readonly size: number
  /** Permission bits with set-uid, set-gid and sticky, such as 0o644. */
  readonly mode: number
  readonly uid: number
  readonly gid: number
  /** Milliseconds since the epoch. */
  readonly modified: number
}

export interface DirectoryEntry extends FileFacts {
  readonly name: string
  /** Its bytes are not UTF-8, so that it cannot be named through SFTP; shown, not opened. */
  readonly unnameable: boolean
}

/** Files of the host through the SFTP subsystem. Paths are absolute, or relative to the account's home. */
export interface Sftp {
  /** Follows links. */
  stat(path: string): Promise<Answer<FileFacts>>
  /** All of it, or `ssh.fileTooLarge` past `maxBytes`. */
  readFile(path: string, maxBytes: number): Promise<Answer<Uint8Array>>
  /**
   * Writes beside the target under a name of its own ending in `.part`, then renames: whoever reads the target
   * sees the old file or the new one, whole. An existing file's mode is kept; `mode` is for a new one.
   */
  writeFile(path: string, bytes: Uint8Array, mode: number): Promise<Answer<null>>
  /** Sorted by name, without `.` and `..`; `more` when there were more than `maxEntries`. */
  readdir(
    path: string,
    maxEntries: number,
  ): Promise<Answer<{ readonly entries: readonly DirectoryEntry[]; readonly more: boolean }>>
  close(): void
}

/** What every server takes (draft-ietf-secsh-filexfer-02 §3). */
const chunkBytes = 32 * 1024
const requestsInFlight = 32
const silenceMs = 30_000

/** SSH_FXP_STATUS codes. */
const noSuchFile = 2
const permissionDenied = 3

type Done<T> = (error: Error | null | undefined, value: T) => void

class Failure extends Error {
  constructor(readonly problem: Problem) {
    super(problem.code)
  }
}

/** @param release gives the session's place back. */
export function openSftp(host: string, raw: SFTPWrapper, release: () => void): Sftp {
  let gone = false
  const waiting = new Set<(problem: Problem) => void>()
  // A request that was on its way when the channel went has no answer to wait for, and ssh2 tells some of none.
  const lost = () => {
    gone = true
    release()
    for (const give of waiting) give(sshProblem('ssh.lost', host))
    waiting.clear()
  }
  raw.on('close', lost)
  // Without a listener an error of the stream would end the process; each call tells of its own.
  raw.on('error', () => undefined)

  const close = () => {
    raw.end()
    release()
  }

  /** One request, with an end to the wait for its answer. */
  function call<T>(path: string, start: (done: Done<T>) => void): Promise<T> {
    return new Promise((resolve, reject) => {
      const give = (problem: Problem) => {
        clearTimeout(timer)
        waiting.delete(give)
        reject(new Failure(problem))
      }
      const timer = setTimeout(() => {
        close()
        give(sshProblem('ssh.timeout', host, { seconds: silenceMs / 1000 }))
      }, silenceMs)
      waiting.add(give)
      if (gone) return give(sshProblem('ssh.lost', host))
      try {
        start((error, value) => {
          if (error) return give(fileProblem(host, path, error))
          clearTimeout(timer)
          waiting.delete(give)
          resolve(value)
        })
      } catch (error) {
        give(sshProblem('ssh.lost', host, {}, errorText(error)))
      }
    })
  }

  async function answer<T>(path: string, work: () => Promise<T>): Promise<Answer<T>> {
    if (!isNameable(path)) {
      return fail(
        sshProblem('ssh.fileFailed', host, { path }, 'SFTP cannot name a file whose name is not UTF-8'),
      )
    }
    try {
      return ok(await work())
    } catch (error) {
      if (error instanceof Failure) return fail(error.problem)
      throw error
    }
  }

  async function withHandle<T>(
    path: string,
    flags: 'r' | 'wx',
    mode: number,
    use: (handle: Buffer) => Promise<T>,
  ): Promise<T> {
    const handle = await call<Buffer>(path, (done) => raw.open(path, flags, mode, done))
    try {
      return await use(handle)
    } finally {
      await call<void>(path, (done) => raw.close(handle, (error) => done(error, undefined)))
    }
  }

  /** Reads until `length` bytes or the end of the file: a server may answer with less than was asked for. */
  async function readAt(path: string, handle: Buffer, offset: number, length: number): Promise<Buffer> {
    const bytes = Buffer.alloc(length)
    let got = 0
    while (got < length) {
      const more = await call<number>(path, (done) =>
        raw.read(handle, bytes, got, length - got, offset + got, (error, count) => {
          // ssh2 gives the end of the file as an error with code 1.
          if (error !== undefined && 'code' in error && error.code === 1) done(null, 0)
          else done(error, count)
        }),
      )
      if (more === 0) break
      got += more
    }
    return bytes.subarray(0, got)
  }

  const tooLarge = (path: string, max: number) =>
    new Failure(sshProblem('ssh.fileTooLarge', host, { path, max }))

  return {
    close,

    stat: (path) => answer(path, async () => facts(await call<Stats>(path, (done) => raw.stat(path, done)))),

    readFile: (path, maxBytes) =>
      answer(path, () =>
        withHandle(path, 'r', 0, async (handle) => {
          const { size } = await call<Stats>(path, (done) => raw.fstat(handle, done))
          if (size > maxBytes) throw tooLarge(path, maxBytes)
          const offsets = Array.from(
            { length: Math.ceil(size / chunkBytes) },
            (_, index) => index * chunkBytes,
          )
          const parts = await parallel(offsets, requestsInFlight, (offset) =>
            readAt(path, handle, offset, Math.min(chunkBytes, size - offset)),
          )
          // It may have grown, and files of /proc say that they are empty.
          let total = parts.reduce((sum, part) => sum + part.length, 0)
          for (;;) {
            const rest = await readAt(path, handle, total, chunkBytes)
            if (rest.length === 0) break
            parts.push(rest)
            total += rest.length
            if (total > maxBytes) throw tooLarge(path, maxBytes)
          }
          return Buffer.concat(parts)
        }),
      ),

    writeFile: (path, bytes, mode) =>
      answer(path, async () => {
        // Through a link the file that it leads to is replaced, not the link.
        const existing = await call<Stats | null>(path, (done) =>
          raw.stat(path, (error, stats) => (isMissing(error) ? done(null, null) : done(error, stats))),
        )
        const target = existing === null ? path : await call<string>(path, (done) => raw.realpath(path, done))
        const part = `${target}.${randomBytes(6).toString('hex')}.part`
        try {
          await withHandle(part, 'wx', 0o600, async (handle) => {
            const offsets = Array.from(
              { length: Math.ceil(bytes.length / chunkBytes) },
              (_, i) => i * chunkBytes,
            )
            const source = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length)
            await parallel(offsets, requestsInFlight, (offset) =>
              call<void>(path, (done) =>
                raw.write(
                  handle,
                  source,
                  offset,
                  Math.min(chunkBytes, source.length - offset),
                  offset,
                  (error) => done(error, undefined),
                ),
              ),
            )
            const wanted = existing === null ? mode : existing.mode & 0o7777
            await call<void>(path, (done) => raw.fchmod(handle, wanted, (error) => done(error, undefined)))
          })
          await call<void>(path, (done) =>
            raw.ext_openssh_rename(part, target, (error) => done(error, undefined)),
          )
        } catch (error) {
          // What is half written is of no use to anybody; that it cannot be removed is not what failed.
          await call<void>(part, (done) => raw.unlink(part, () => done(null, undefined))).catch(
            () => undefined,
          )
          throw error
        }
        return null
      }),

    readdir: (path, maxEntries) =>
      answer(path, async () => {
        const handle = await call<Buffer>(path, (done) => raw.opendir(path, done))
        const found: DirectoryEntry[] = []
        try {
          while (found.length <= maxEntries) {
            const batch = await call<readonly FileEntryWithStats[] | null>(path, (done) =>
              raw.readdir(handle, (error, list) => (isEnd(error) ? done(null, null) : done(error, list))),
            )
            if (batch === null) break
            for (const { filename, attrs } of batch) {
              if (filename === '.' || filename === '..') continue
              found.push({ name: filename, unnameable: filename.includes('\ufffd'), ...facts(attrs) })
            }
          }
        } finally {
          await call<void>(path, (done) => raw.close(handle, (error) => done(error, undefined)))
        }
        const entries = found
          .slice(0, maxEntries)
          .sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0))
        return { entries, more: found.length > maxEntries }
      }),
  }
}

/** ssh2 writes paths as UTF-8: a byte that stands as a lone surrogate (see shared/codec) would become another. */
function isNameable(path: string): boolean {
  return path !== '' && !path.includes('\0') && !/[\ud800-\udfff]/u.test(path)
}

function facts(stats: Pick<Stats, 'mode' | 'size' | 'uid' | 'gid' | 'mtime'>): FileFacts {
  const kinds: Readonly<Record<number, FileFacts['kind']>> = {
    0o100000: 'file',
    0o040000: 'directory',
    0o120000: 'link',
  }
  return {
    kind: kinds[stats.mode & 0o170000] ?? 'other',
    size: stats.size,
    mode: stats.mode & 0o7777,
    uid: stats.uid,
    gid: stats.gid,
    modified: stats.mtime * 1000,
  }
}

function statusOf(error: Error | null | undefined): number | null {
  return error && 'code' in error && typeof error.code === 'number' ? error.code : null
}

const isEnd = (error: Error | null | undefined): boolean => statusOf(error) === 1
const isMissing = (error: Error | null | undefined): boolean => statusOf(error) === noSuchFile

function fileProblem(host: string, path: string, error: Error): Problem {
  const text = errorText(error)
  switch (statusOf(error)) {
    case noSuchFile:
      return sshProblem('ssh.fileMissing', host, { path })
    case permissionDenied:
      return sshProblem('ssh.fileForbidden', host, { path })
    case null:
      return sshProblem('ssh.lost', host, {}, text)
    default:
      return sshProblem('ssh.fileFailed', host, { path }, text)
  }
}
