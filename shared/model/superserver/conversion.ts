import { inetd } from '../../lens/inetd'
import { sourcesOf, toXinetd, without, wrapsOf, type Conversion } from './convert'
import type { Drafts } from './drafts'
import type { EntryRef } from './intent'
import { refuse, type Refusal } from './refuse'
import type { InetdState, SuperserverState, XinetdState } from './state'
import { resolve } from './xinetd/resolve'

/** Where tcpd of Debian, Red Hat and SUSE looks for a program that has no path (REAL_DAEMON_DIR). */
const daemonDirectory = '/usr/sbin'

export type ConvertedFile = {
  readonly path: string
  readonly conversions: readonly Conversion[]
}

/** What would become of these entries in xinetd; null: no directory of its configuration takes new files. */
export function conversionsOf(
  { dialect, daemon, files, names }: InetdState,
  xinetd: XinetdState,
  entries: readonly EntryRef[],
): { readonly folder: string; readonly files: readonly ConvertedFile[] } | null {
  const folder = Object.entries(xinetd.directories).find(([, { kind }]) => kind === 'directory')?.[0]
  const directory = folder === undefined ? undefined : xinetd.directories[folder]
  if (folder === undefined || directory?.kind !== 'directory') return null
  const resolution = resolve(xinetd)
  const taken = { files: [...directory.entries], ids: resolution.services.map(({ id }) => id) }
  const converted = Object.entries(files).flatMap(([path, file]): readonly ConvertedFile[] => {
    if (file.kind !== 'file') return []
    const document = inetd.parse(file.text)
    const wanted = new Set(
      entries
        .filter((ref) => ref.path === path && document.lines[ref.line - 1]?.text === ref.text)
        .map(({ line }) => line),
    )
    const sources = sourcesOf(document, dialect, 'leave').filter(({ from }) => wanted.has(from + 1))
    if (sources.length === 0) return []
    const conversions = toXinetd(sources, {
      dialect,
      path,
      names,
      wraps: wrapsOf(dialect, daemon?.argv.slice(1) ?? []),
      libwrap: xinetd.build?.options.includes('libwrap') ?? true,
      daemonDirectory,
      rpc: 'stay',
      families: 'apart',
      defaults: Object.keys(resolution.defaults),
      taken,
    })
    taken.files.push(...conversions.flatMap((one) => (one.kind === 'converted' ? [one.fileName] : [])))
    return [{ path, conversions }]
  })
  return { folder, files: converted }
}

/** Entries of inetd.conf as services of xinetd, in a file each; inetd keeps what cannot be converted. */
export function convertEntries(
  state: SuperserverState,
  from: InetdState,
  to: XinetdState,
  drafts: Drafts,
  entries: readonly EntryRef[],
  how: 'disable' | 'remove',
): Refusal | null {
  const made = conversionsOf(from, to, entries)
  if (made === null) return refuse(state, 'superserver.noFolder')
  for (const { path, conversions } of made.files) {
    const text = drafts.text(path)
    if (text === null) return refuse(state, 'superserver.unreadable', { path })
    const left = without(inetd.parse(text), from.dialect, conversions, how)
    if (left.kind === 'refused') return refuse(state, 'superserver.outOfReach', { path, line: left.line })
    drafts.put(path, inetd.print(left.document))
    for (const one of conversions)
      if (one.kind === 'converted') drafts.create(`${made.folder}/${one.fileName}`, one.text)
  }
  return null
}
