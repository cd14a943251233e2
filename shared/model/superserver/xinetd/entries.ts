import { encode } from '../../../codec'
import type { Block, Defaults, Service } from '../../../lens/xinetd'
import { isBlock, linesOf, xinetd } from '../../../lens/xinetd'
import type { Diagnostic } from '../diagnostic'
import type { XinetdState } from '../state'

/** A block where the daemon meets it. */
export type Entry<B extends Block = Block> = {
  readonly path: string
  /** The 1-based line of its header. */
  readonly line: number
  /** Its place in its document's nodes. */
  readonly at: number
  readonly block: B
}

export type Entries = {
  /** In the order in which the daemon reads them; `defaults` act on the services that come after. */
  readonly entries: readonly (Entry<Service> | Entry<Defaults>)[]
  readonly diagnostics: readonly Diagnostic[]
  /** Paths read, in order, each once. */
  readonly paths: readonly string[]
}

/** The daemon has no such limits: a file that includes itself takes it down. */
const MAX_DEPTH = 16
const MAX_FILES = 20_000

/** Follows include and includedir as parse.c and includedir.c do. */
export function readEntries(state: Pick<XinetdState, 'configuration' | 'files' | 'directories'>): Entries {
  const entries: (Entry<Service> | Entry<Defaults>)[] = []
  const diagnostics: Diagnostic[] = []
  const paths = new Set<string>()
  let reads = 0

  const note = (
    code: Diagnostic['code'],
    effect: Diagnostic['effect'],
    where: Where,
    length: number,
    params = {},
  ) => diagnostics.push({ code, effect, ...where, column: 1, length, params })

  const readFile = (path: string, from: Where | null, depth: number): void => {
    const file = Object.hasOwn(state.files, path) ? state.files[path] : undefined
    if (file?.kind !== 'file') {
      note('includeMissing', from === null ? 'daemonExits' : 'lineIgnored', from ?? { path, line: 1 }, 0, {
        target: path,
      })
      return
    }
    reads += 1
    if (depth > MAX_DEPTH || reads > MAX_FILES) {
      note('includeLoop', 'daemonExits', from ?? { path, line: 1 }, 0, { target: path })
      return
    }
    paths.add(path)
    let line = 1
    let hasDefaults = false
    for (const [at, node] of xinetd.parse(file.text).nodes.entries()) {
      const where = { path, line }
      line += linesOf(node).length
      if (node.kind === 'include') {
        readFile(node.path, where, depth + 1)
      } else if (node.kind === 'includedir') {
        readDirectory(node.path, where, depth + 1)
      } else if (node.kind === 'skipped') {
        const text = node.lines[0]?.text ?? ''
        note('linesSkipped', 'linesSkipped', where, text.length, {
          reason: node.reason,
          lines: node.lines.length,
        })
      } else if (isBlock(node)) {
        if (node.kind === 'defaults' && hasDefaults) {
          note('secondDefaults', 'lineIgnored', where, node.header.text.length)
          continue
        }
        if (node.kind === 'defaults') {
          hasDefaults = true
          entries.push({ ...where, at, block: node })
        } else {
          entries.push({ ...where, at, block: node })
        }
      }
    }
  }

  const readDirectory = (path: string, from: Where, depth: number): void => {
    const directory = Object.hasOwn(state.directories, path) ? state.directories[path] : undefined
    if (directory?.kind !== 'directory') {
      note('includeMissing', 'lineIgnored', from, 0, { target: path })
      return
    }
    for (const name of [...directory.entries].sort(compareBytes)) {
      const target = `${path}/${name}`
      if (name.includes('.') || name.endsWith('~')) {
        if (name !== '.' && name !== '..')
          note('fileNameSkipped', 'linesSkipped', { path: target, line: 1 }, 0, { target })
        continue
      }
      const file = Object.hasOwn(state.files, target) ? state.files[target] : undefined
      if (file?.kind === 'unreadable' && file.why === 'notRegular') continue
      readFile(target, from, depth)
    }
  }

  readFile(state.configuration, null, 0)
  return { entries, diagnostics, paths: [...paths] }
}

type Where = { readonly path: string; readonly line: number }

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
