import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
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

/** Whole or not at all: a crash while writing leaves the old file. */
export function writeJson(file: string, content: unknown): void {
  mkdirSync(path.dirname(file), { recursive: true })
  const temporary = `${file}.${process.pid}.part`
  writeFileSync(temporary, JSON.stringify(content, null, 2) + '\n', { mode: 0o600 })
  renameSync(temporary, file)
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ENOENT'
}
