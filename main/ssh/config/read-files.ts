import { readdir, readFile, stat } from 'node:fs/promises'
import { expandTilde, isAbsolutePath, joinPath, sshDirectory, systemSshDirectory } from '../environment'
import type { Environment } from '../environment'
import { matchPattern } from '../known-hosts/match'
import { errorText } from '../problems'
import { DamagedLine, parseLine } from './directive'
import type { ConfigFile, Damage, Directive } from './directive'

/** READCONF_MAX_DEPTH of OpenSSH. */
const maxDepth = 16
const maxFileBytes = 4 * 1024 * 1024
/** A glob may name no more files than a person keeps. */
const maxIncluded = 1000

/**
 * Reads a configuration file and all that it includes. A file that is not there is empty.
 * @param user whether it is the user's own: relative names then count from ~/.ssh, else from the system's directory.
 */
export async function readConfigFile(
  env: Environment,
  path: string,
  user: boolean,
  depth = 0,
): Promise<ConfigFile> {
  const text = await readText(path)
  const directives: Directive[] = []
  const damaged: Damage[] = []
  const owner = user ? 'user' : 'system'
  for (const [index, raw] of (text ?? '').split('\n').entries()) {
    const line = index + 1
    try {
      const parsed = parseLine(raw)
      if (parsed === null) continue
      let included: readonly ConfigFile[] = []
      if (parsed.keyword === 'include') {
        if (depth >= maxDepth) damaged.push({ file: path, line, why: 'includeTooDeep' })
        else included = await readIncluded(env, parsed.words, user, depth + 1)
      }
      directives.push({ ...parsed, place: { file: path, line, owner }, included })
    } catch (error) {
      damaged.push(
        error instanceof DamagedLine
          ? { file: path, line, why: error.why }
          : { file: path, line, why: 'includeUnreadable', detail: errorText(error).slice(0, 300) },
      )
    }
  }
  return { path, directives, damaged }
}

async function readIncluded(
  env: Environment,
  patterns: readonly string[],
  user: boolean,
  depth: number,
): Promise<readonly ConfigFile[]> {
  const files: ConfigFile[] = []
  for (const pattern of patterns) {
    const expanded = expandTilde(env, pattern)
    const base = user ? sshDirectory(env) : systemSshDirectory(env)
    const full = isAbsolutePath(env, expanded) ? expanded : joinPath(env, base, expanded)
    for (const path of await glob(full)) files.push(await readConfigFile(env, path, user, depth))
  }
  return files
}

/** null: there is no such file. Rejects when it is there and cannot be read. */
async function readText(path: string): Promise<string | null> {
  try {
    const info = await stat(path)
    if (!info.isFile()) return null
    if (info.size > maxFileBytes) throw new Error(`${path} is larger than ${maxFileBytes} bytes`)
    return await readFile(path, 'utf8')
  } catch (error) {
    if (error instanceof Error && 'code' in error && (error.code === 'ENOENT' || error.code === 'ENOTDIR'))
      return null
    throw error
  }
}

/** glob(3) without braces: `*`, `?` and `[…]` in each part of the path, names sorted, hidden ones only when asked. */
export async function glob(pattern: string): Promise<readonly string[]> {
  const parts = pattern.split(/[/\\]/)
  const separator = pattern.includes('/') ? '/' : '\\'
  let found = [parts[0] ?? '']
  for (const part of parts.slice(1)) {
    const next: string[] = []
    for (const parent of found) {
      if (!/[*?[]/.test(part)) {
        next.push(`${parent}${separator}${part}`)
        continue
      }
      const names = await readdir(`${parent}${separator}`).catch(() => [])
      for (const name of names.sort()) {
        if (name.startsWith('.') && !part.startsWith('.')) continue
        if (matchGlob(part, name)) next.push(`${parent}${separator}${name}`)
      }
    }
    found = next.slice(0, maxIncluded)
  }
  const there: string[] = []
  for (const path of found) {
    if (
      await stat(path).then(
        () => true,
        () => false,
      )
    )
      there.push(path)
  }
  return there
}

function matchGlob(pattern: string, name: string): boolean {
  if (!pattern.includes('[')) return matchPattern(pattern, name)
  const source = pattern.replace(
    /\[(!?)([^\]]+)\]|[*?]|[^*?[]+|\[/g,
    (piece, negated?: string, set?: string) => {
      if (set !== undefined) return `[${negated === '!' ? '^' : ''}${set.replace(/[\\\]^]/g, '\\$&')}]`
      if (piece === '*') return '.*'
      if (piece === '?') return '.'
      return piece.replace(/[.+^${}()|[\]\\]/g, '\\$&')
    },
  )
  return new RegExp(`^${source}$`, 's').test(name)
}
