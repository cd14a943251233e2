import { closeSync, fsyncSync, mkdirSync, openSync, readFileSync, renameSync, writeSync } from 'node:fs'
import path from 'node:path'
import type { z } from 'zod'

/**
 * Reads a small JSON file that the app wrote. A missing file gives the schema's defaults. A file that cannot be
 * understood is kept beside as `NAME.unreadable` and said by `complain`, never overwritten in silence.
 */
export function readJson<S extends z.ZodType>(
  file: string,
  schema: S,
  empty: z.input<S>,
  complain: (message: string) => void,
): z.output<S> {
  let text: string
  try {
    text = readFileSync(file, 'utf8')
  } catch (error) {
    if (!isMissing(error)) complain(`${file} cannot be read: ${String(error)}`)
    return schema.parse(empty)
  }
  try {
    return schema.parse(JSON.parse(text))
  } catch (error) {
    renameSync(file, `${file}.unreadable`)
    complain(`${file} cannot be understood and was kept as ${file}.unreadable: ${String(error)}`)
    return schema.parse(empty)
  }
}

/** What writing whole or not at all takes of a file system; injected, so that its order can be seen. */
export interface Disk {
  open(file: string, flags: 'w' | 'r', mode: number): number
  write(handle: number, bytes: Uint8Array): void
  sync(handle: number): void
  close(handle: number): void
  rename(from: string, to: string): void
}

export const realDisk: Disk = {
  open: openSync,
  write(handle, bytes) {
    for (let at = 0; at < bytes.length;) at += writeSync(handle, bytes, at)
  },
  sync: fsyncSync,
  close: closeSync,
  rename: renameSync,
}

/**
 * Whole or not at all, and there for good when this returns: a crash or a power cut leaves the old file or the
 * new one. Throws when the disk says no.
 */
export function writeJson(file: string, content: unknown, disk: Disk = realDisk): void {
  const folder = path.dirname(file)
  mkdirSync(folder, { recursive: true })
  const temporary = `${file}.${process.pid}.part`
  const handle = disk.open(temporary, 'w', 0o600)
  try {
    disk.write(handle, Buffer.from(`${JSON.stringify(content, null, 2)}\n`))
    // Some file systems put the new name on the disk before the bytes.
    disk.sync(handle)
  } finally {
    disk.close(handle)
  }
  disk.rename(temporary, file)
  // The name stands in the folder. Windows lets nobody open one, and writes names down by itself.
  if (process.platform === 'win32') return
  const names = disk.open(folder, 'r', 0)
  try {
    disk.sync(names)
  } finally {
    disk.close(names)
  }
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ENOENT'
}
