import { encode } from '../../../codec'
import { assertNever } from '../../../assert-never'
import type { Diagnostic } from '../diagnostic'
import type { XinetdState } from '../state'
import type { DaemonBlock } from './blocks'
import { daemonItems } from './blocks'
import type { DaemonLine } from './daemon-lines'
import { daemonLines, mayBeCut } from './daemon-lines'

/** A block where the daemon meets it. */
export type Entry = { readonly path: string; readonly block: DaemonBlock }

export type Entries = {
  /** In the order in which the daemon reads them; `defaults` act on the services that come after. */
  readonly entries: readonly Entry[]
  readonly diagnostics: readonly Diagnostic[]
  /** Paths read, in order, each once. */
  readonly paths: readonly string[]
  readonly visits: readonly Visit[]
}

/** What the daemon comes to while it follows include and includedir. */
export type Visit = {
  readonly path: string
  /** How many includes deep, from 0. */
  readonly depth: number
  /**
   * directory: of includedir. The others are files: dot, tilde and notRegular are passed over in a directory, loop is
   * one that leads back to itself.
   */
  readonly fate: 'read' | 'directory' | 'missing' | 'unreadable' | 'dot' | 'tilde' | 'notRegular' | 'loop'
}

/** The daemon has no such limits: a file that includes itself takes it down. */
const MAX_DEPTH = 16
const MAX_FILES = 20_000
/** Of what is shown: a loop comes to the same files without end. */
const MAX_VISITS = 5_000

/** Follows include and includedir as parse.c and includedir.c do. */
export function readEntries(state: Pick<XinetdState, 'configuration' | 'files' | 'directories'>): Entries {
  const entries: Entry[] = []
  const diagnostics: Diagnostic[] = []
  const paths = new Set<string>()
  const visits: Visit[] = []
  let reads = 0

  const note = (
    code: Diagnostic['code'],
    effect: Diagnostic['effect'],
    { path, header }: Where,
    params: Diagnostic['params'] = {},
  ) => {
    const length = Math.max(1, header?.text.trimEnd().length ?? 0)
    diagnostics.push({ code, effect, path, line: header?.number ?? 1, column: 1, length, params })
  }

  const visit = (path: string, level: number, fate: Visit['fate']): void => {
    if (visits.length < MAX_VISITS) visits.push({ path, depth: level, fate })
  }

  /** @param level of the visit: what stands in a directory is one deeper than it */
  const readFile = (target: string, from: Where | null, depth: number, level: number): void => {
    const where = from ?? { path: target, header: null }
    const file = Object.hasOwn(state.files, target) ? state.files[target] : undefined
    if (file?.kind !== 'file') {
      visit(target, level, file?.kind === 'unreadable' ? 'unreadable' : 'missing')
      note('includeMissing', from === null ? 'daemonExits' : 'lineIgnored', where, { target })
      return
    }
    reads += 1
    if (depth > MAX_DEPTH || reads > MAX_FILES) {
      visit(target, level, 'loop')
      note('includeLoop', 'daemonExits', where, { target })
      return
    }
    visit(target, level, 'read')
    paths.add(target)
    readText(target, file.text, depth, level)
  }

  const readText = (path: string, text: string, depth: number, level: number): void => {
    const lines = daemonLines(text)
    const long = new Map(lines.filter(mayBeCut).map((line) => [line.number, line]))
    for (const header of long.values()) note('lineCut', 'linesSkipped', { path, header })
    for (const item of daemonItems(lines)) {
      const where = { path, header: item.header }
      switch (item.kind) {
        case 'include':
          readFile(item.path, where, depth + 1, level + 1)
          break
        case 'includedir':
          readDirectory(item.path, where, depth + 1, level + 1)
          break
        case 'skipped': {
          const lines = item.until - item.header.number + 1
          if (item.reason === 'secondDefaults') note('secondDefaults', 'linesSkipped', where, { lines })
          else note('linesSkipped', 'linesSkipped', where, { reason: item.reason, lines })
          break
        }
        case 'service':
        case 'defaults':
          entries.push({ path, block: item })
          break
        default:
          assertNever(item)
      }
    }
  }

  const readDirectory = (path: string, from: Where, depth: number, level: number): void => {
    const directory = Object.hasOwn(state.directories, path) ? state.directories[path] : undefined
    visit(path, level, directory?.kind === 'directory' ? 'directory' : (directory?.kind ?? 'missing'))
    if (directory?.kind !== 'directory') {
      note('includeMissing', 'lineIgnored', from, { target: path })
      return
    }
    for (const name of [...directory.entries].sort(compareBytes)) {
      const target = `${path}/${name}`
      if (name === '.' || name === '..') continue
      if (name.includes('.') || name.endsWith('~')) {
        visit(target, level + 1, name.includes('.') ? 'dot' : 'tilde')
        note('fileNameSkipped', 'linesSkipped', { path: target, header: null }, { target })
        continue
      }
      const file = Object.hasOwn(state.files, target) ? state.files[target] : undefined
      if (file?.kind === 'unreadable' && file.why === 'notRegular') {
        visit(target, level + 1, 'notRegular')
        continue
      }
      readFile(target, from, depth, level + 1)
    }
  }

  readFile(state.configuration, null, 0, 0)
  return { entries, diagnostics, paths: [...paths], visits }
}

type Where = { readonly path: string; readonly header: DaemonLine | null }

/** strcmp(3): by bytes, unsigned. */
function compareBytes(a: string, b: string): number {
  const left = encode(a)
  const right = encode(b)
  for (let at = 0; at < left.length && at < right.length; at++) {
    const difference = (left[at] ?? 0) - (right[at] ?? 0)
    if (difference !== 0) return difference
  }
  return left.length - right.length
}
