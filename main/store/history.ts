import { mkdirSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs'
import path from 'node:path'
import { z } from 'zod'
import { assertNever } from '../../shared/assert-never'
import type { ChangeOutcome } from '../../shared/contract/change'
import type { HistoryDetail, HistoryEntry } from '../../shared/contract/history'
import { commandText, previewOf, withoutSecrets, type Change, type Step } from '../../shared/model/change'
import { writeJson } from './json-file'

/** Older ones go. All of it is held in memory. */
export const maxEntries = 2000
export const maxBytes = 64 * 1024 * 1024

interface Stored extends HistoryEntry {
  readonly version: 1
  /** What was secret in it is not; digests are. */
  readonly change: Change
}

/** We wrote it ourselves; this tells a whole file of ours from half of one and from anything else. */
const storedSchema = z.looseObject({
  version: z.literal(1),
  id: z.string(),
  at: z.number(),
  hosts: z.array(z.looseObject({ id: z.string() })),
  change: z.looseObject({ parts: z.array(z.looseObject({ host: z.string() })) }),
})

export interface History {
  list(query: HistoryQuery): readonly HistoryEntry[]
  find(id: string): { readonly detail: Omit<HistoryDetail, 'making'>; readonly change: Change } | undefined
  /** Of the host: changes whose end is not known, or not settled on every host. */
  open(
    hostId: string,
  ): readonly { readonly id: string; readonly change: Change; readonly outcome: ChangeOutcome | null }[]
  /** @throws Error when it cannot be written down: then nothing may be done */
  begun(entry: Omit<HistoryEntry, 'outcome' | 'undoneBy'>, change: Change): void
  ended(id: string, outcome: ChangeOutcome): void
  dropped(id: string): void
  undone(id: string, by: string): void
}

export interface HistoryQuery {
  readonly host?: string | undefined
  readonly text: string
  readonly before?: number | undefined
  readonly limit: number
}

/**
 * The changes that were made from this computer: one file each, so that a damaged one costs no other.
 * @param canUndo whether a capability knows the way back
 * @param hears `changed` gets each entry that is new or another now, `dropped` the id of one that is not there any more
 * @param complain gets a line for what cannot be read or written
 */
export function openHistory(
  folder: string,
  canUndo: (change: Change) => boolean,
  hears: { readonly changed: (entry: HistoryEntry) => void; readonly dropped: (id: string) => void },
  complain: (line: string) => void,
): History {
  const directory = path.join(folder, 'history')
  const fileOf = (id: string): string => path.join(directory, `${id}.json`)
  let loaded: Map<string, Stored> | null = null
  /** By id, in bytes of its file. */
  const sizes = new Map<string, number>()
  const all = (): Map<string, Stored> => (loaded ??= readAll(directory, sizes, complain))
  const texts = new WeakMap<Change, string>()
  const textOf = (stored: Stored): string => {
    // The change itself is never another, whatever becomes of it.
    const text = texts.get(stored.change) ?? searchText(stored)
    texts.set(stored.change, text)
    return text
  }

  const put = (stored: Stored): void => {
    mkdirSync(directory, { recursive: true, mode: 0o700 })
    writeJson(fileOf(stored.id), stored)
    sizes.set(stored.id, statSync(fileOf(stored.id)).size)
    all().set(stored.id, stored)
    hears.changed(entryOf(stored))
  }
  const alter = (id: string, more: Partial<HistoryEntry>): void => {
    const stored = all().get(id)
    if (stored === undefined) return
    const next = { ...stored, ...more }
    try {
      put(next)
    } catch (error) {
      // What happened is known here all the same, until the app ends.
      all().set(id, next)
      hears.changed(entryOf(next))
      complain(`${fileOf(id)} cannot be written: ${String(error)}`)
    }
  }
  const remove = (id: string): void => {
    if (all().delete(id)) hears.dropped(id)
    sizes.delete(id)
    rmSync(fileOf(id), { force: true })
  }
  const prune = (): void => {
    const newest = [...all().values()].sort((a, b) => b.at - a.at)
    let bytes = 0
    for (const [rank, { id }] of newest.entries()) {
      bytes += sizes.get(id) ?? 0
      if (rank > 0 && (rank >= maxEntries || bytes > maxBytes)) remove(id)
    }
  }

  return {
    list({ host, text, before, limit }) {
      const words = text
        .toLowerCase()
        .split(/\s+/)
        .filter((word) => word !== '')
      return [...all().values()]
        .filter(({ at }) => before === undefined || at < before)
        .filter(({ hosts }) => host === undefined || hosts.some(({ id }) => id === host))
        .filter((stored) => words.every((word) => textOf(stored).includes(word)))
        .sort((a, b) => b.at - a.at)
        .slice(0, limit)
        .map(entryOf)
    },
    find(id) {
      const stored = all().get(id)
      if (stored === undefined) return undefined
      const { change, outcome, undoneBy } = stored
      const undoable = outcome?.kind === 'proved' && undoneBy === null && canUndo(change)
      return { change, detail: { ...entryOf(stored), preview: previewOf(change), undoable } }
    },
    open: (hostId) =>
      [...all().values()]
        .filter(
          ({ outcome }) => outcome === null || outcome.kind === 'unknown' || outcome.kind === 'halfConfirmed',
        )
        .filter(({ hosts }) => hosts.some(({ id }) => id === hostId))
        .map(({ id, change, outcome }) => ({ id, change, outcome })),
    begun(entry, change) {
      // Pages go on from a time, so no two have the same.
      const taken = new Set([...all().values()].map(({ at }) => at))
      let { at } = entry
      while (taken.has(at)) at += 1
      put({ version: 1, ...entry, at, outcome: null, undoneBy: null, change: withoutSecrets(change) })
      prune()
    },
    ended: (id, outcome) => alter(id, { outcome }),
    dropped: remove,
    undone: (id, by) => alter(id, { undoneBy: by }),
  }
}

function entryOf({ id, at, by, hosts, title, reason, outcome, undoOf, undoneBy }: Stored): HistoryEntry {
  return { id, at, by, hosts, title, reason, outcome, undoOf, undoneBy }
}

/** What a reader would look for, in small letters: the preview's words without its differences, which take long. */
function searchText({ by, hosts, title, reason, change }: Stored): string {
  const own = [by, reason, title.key, ...Object.values(title.params).map(String)]
  const where = hosts.flatMap(({ name, account }) => [name, account])
  return [...own, ...where, ...change.parts.flatMap(({ steps }) => steps.flatMap(stepWords))]
    .join('\n')
    .toLowerCase()
}

function stepWords(step: Step): readonly string[] {
  switch (step.kind) {
    case 'write':
    case 'create':
    case 'delete':
      return [step.path]
    case 'move':
      return [step.from, step.to]
    case 'runtime':
      return [commandText(step.set)]
    case 'daemon':
      return [step.daemon, commandText(step.command)]
    case 'oneWay':
      return [commandText(step.command)]
    default:
      return assertNever(step)
  }
}

function readAll(
  directory: string,
  sizes: Map<string, number>,
  complain: (line: string) => void,
): Map<string, Stored> {
  const found = new Map<string, Stored>()
  for (const name of names(directory, complain)) {
    const file = path.join(directory, name)
    try {
      const bytes = readFileSync(file)
      const stored: unknown = JSON.parse(bytes.toString('utf8'))
      storedSchema.parse(stored)
      // Written by `put` alone, from this type.
      const entry = stored as Stored
      found.set(entry.id, entry)
      sizes.set(entry.id, bytes.length)
    } catch (error) {
      complain(`${file} cannot be understood, and is left as it is: ${String(error)}`)
    }
  }
  return found
}

function names(directory: string, complain: (line: string) => void): readonly string[] {
  try {
    return readdirSync(directory).filter((name) => name.endsWith('.json'))
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ENOENT'))
      complain(`${directory} cannot be read: ${String(error)}`)
    return []
  }
}
