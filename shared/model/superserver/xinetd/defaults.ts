import { defaultsIn, xinetd } from '../../../lens/xinetd'
import type { Diagnostic } from '../diagnostic'
import { builtin, builtIn } from './check'
import type { Entry } from './entries'
import type { Configuration, Resolution, XinetdService } from './resolve'
import type { Reading, Setting, Settings } from './settings'

/** A `defaults` of the configuration. */
export type DefaultsBlock = {
  readonly path: string
  /** From 1: the line of its header. */
  readonly line: number
  /** Which of the file's it is, from 0. With the path it names the block. */
  readonly occurrence: number
  /** False: there is none in any file yet. */
  readonly isWritten: boolean
  /** What all of them come to. own: a line of this one. defaults: a line of another. */
  readonly settings: Readonly<Record<string, Setting>>
  readonly diagnostics: readonly Diagnostic[]
}

/** A `defaults` as it was read. */
export type ReadDefaults = { readonly entry: Entry; readonly reading: Reading }

/** Those that the daemon reads; where it reads none, the one that its first file could have. */
export function defaultsBlocks(
  read: readonly ReadDefaults[],
  defaults: Settings,
  { configuration, files }: Configuration,
): readonly DefaultsBlock[] {
  const standing = new Map(Object.entries(builtIn).map(([name, values]) => [name, builtin(values)]))
  if (read.length === 0) {
    const settings = Object.fromEntries(standing)
    return [{ path: configuration, line: 1, occurrence: 0, isWritten: false, settings, diagnostics: [] }]
  }
  return read.map(({ entry: { path, block }, reading }) => {
    const line = block.header.number
    const last = block.body.at(-1)?.number ?? line
    const isOwn = ({ at }: Setting) => at?.path === path && at.line > line && at.line <= last
    const said = [...defaults].map(
      ([name, setting]) => [name, isOwn(setting) ? { ...setting, origin: 'own' as const } : setting] as const,
    )
    const file = files[path]
    const lines = file?.kind === 'file' ? defaultsIn(xinetd.parse(file.text)) : []
    return {
      path,
      line,
      occurrence: Math.max(
        0,
        lines.findIndex((one) => one.line === line),
      ),
      isWritten: true,
      settings: Object.fromEntries([...standing, ...said]),
      diagnostics: reading.diagnostics,
    }
  })
}

/** The services that run, and take what `defaults` says of an attribute, or build on it. */
export function inheritorsOf({ services }: Resolution, name: string): readonly XinetdService[] {
  return services.filter(({ state, settings }) => {
    const setting = settings[name]
    return state === 'enabled' && (setting?.origin === 'defaults' || setting?.onDefaults === true)
  })
}

/** The services that a list of `defaults` keeps from running. */
export function heldBackBy({ services }: Resolution, list: 'enabled' | 'disabled'): readonly XinetdService[] {
  const code = list === 'enabled' ? 'notInEnabled' : 'disabledByDefaults'
  return services.filter(({ diagnostics }) => diagnostics.some((one) => one.code === code))
}
