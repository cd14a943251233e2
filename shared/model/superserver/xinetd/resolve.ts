import { idOf, linesOf, xinetd } from '../../../lens/xinetd'
import type { Diagnostic } from '../diagnostic'
import type { XinetdState } from '../state'
import type { Candidate } from './candidate'
import { checkServices } from './check'
import { defaultsBlocks, type DefaultsBlock, type ReadDefaults } from './defaults'
import { readEntries } from './entries'
import type { Entry, Visit } from './entries'
import type { Reading, Setting, Settings } from './settings'
import { headerNote, readSettings } from './settings'
import { intOf } from './values'

/** A service of the configuration, and what the daemon makes of it. */
export type XinetdService = {
  readonly id: string
  readonly name: string
  readonly path: string
  /** From 1: the line of its header. */
  readonly line: number
  /** Which of the file's blocks with this id it is, from 0. With path and id it names the block. */
  readonly occurrence: number
  /** enabled: it runs. disabled: by its own line or by `defaults`. refused: the daemon will not have it. */
  readonly state: 'enabled' | 'disabled' | 'refused'
  readonly protocol: string | null
  readonly port: number | null
  readonly settings: Readonly<Record<string, Setting>>
  readonly diagnostics: readonly Diagnostic[]
}

export type Resolution = {
  readonly services: readonly XinetdService[]
  /** The daemon would end itself on this configuration. */
  readonly exits: boolean
  readonly defaults: Readonly<Record<string, Setting>>
  readonly defaultsBlocks: readonly DefaultsBlock[]
  /** Diagnostics that belong to no service. */
  readonly diagnostics: readonly Diagnostic[]
  readonly paths: readonly string[]
  readonly visits: readonly Visit[]
}

export type Configuration = Pick<XinetdState, 'configuration' | 'files' | 'directories' | 'names'>

/** Copied into a service when it is read (parse.c, get_service_entry), so only from `defaults` that came before. */
const INHERITED_AT_READING = [
  'log_on_success',
  'log_on_failure',
  'only_from',
  'no_access',
  'passenv',
  'banner',
  'banner_success',
  'banner_fail',
]

/** What xinetd will do with a configuration; pure, and the same as the daemon does (tested against it). */
export function resolve(configuration: Configuration): Resolution {
  const { entries, diagnostics, paths, visits } = readEntries(configuration)
  const general = [...diagnostics]
  const candidates: Candidate[] = []
  const readDefaults: ReadDefaults[] = []
  let defaults: Settings = new Map()
  let exits = diagnostics.some(({ effect }) => effect === 'daemonExits')

  for (const entry of entries) {
    if (entry.block.kind === 'defaults') {
      const reading = readSettings(entry, defaults, configuration.names)
      readDefaults.push({ entry, reading })
      defaults = reading.settings
      general.push(...reading.diagnostics)
      exits ||= reading.fatal
    } else {
      const inherited = only(defaults, INHERITED_AT_READING)
      candidates.push(candidateOf(entry, readSettings(entry, inherited, configuration.names)))
    }
  }
  applyLists(candidates, defaults)
  checkServices(candidates, defaults, configuration.names)
  return {
    services: placed(candidates, configuration),
    exits,
    defaults: Object.fromEntries(defaults),
    defaultsBlocks: defaultsBlocks(readDefaults, defaults, configuration),
    diagnostics: general,
    paths,
    visits,
  }
}

function only(settings: Settings, names: readonly string[]): Settings {
  return new Map([...settings].filter(([name]) => names.includes(name)))
}

function candidateOf(entry: Entry, reading: Reading): Candidate {
  const id = reading.settings.get('id')?.values[0] ?? entry.block.name
  const state =
    reading.verdict === 'kept' ? 'enabled' : reading.verdict === 'disabled' ? 'disabled' : 'refused'
  return { entry, id, reading, settings: new Map(reading.settings), state, notes: [...reading.diagnostics] }
}

/** `enabled` and `disabled` of defaults (confparse.c, remove_disabled_services). What was dropped while it was read stays so. */
function applyLists(candidates: readonly Candidate[], defaults: Settings): void {
  const enabled = defaults.get('enabled')
  const disabled = defaults.get('disabled')
  for (const candidate of candidates) {
    const { verdict } = candidate.reading
    if (verdict === 'dropped' || verdict === 'disabled') continue
    if (enabled !== undefined) {
      const chosen = isNamed(enabled, candidate.id)
      candidate.state = chosen ? 'enabled' : candidate.state === 'refused' ? 'refused' : 'disabled'
      if (!chosen)
        candidate.notes.push(
          headerNote(candidate.entry, 'notInEnabled', 'serviceRefused', { id: candidate.id }),
        )
    }
    if (candidate.state === 'enabled' && isNamed(disabled, candidate.id)) {
      candidate.state = 'disabled'
      candidate.notes.push(
        headerNote(candidate.entry, 'disabledByDefaults', 'serviceRefused', { id: candidate.id }),
      )
    }
  }
}

function placed(candidates: readonly Candidate[], configuration: Configuration): readonly XinetdService[] {
  const places = placesIn(candidates, configuration)
  return candidates.map(({ entry, id, state, settings, notes }) => {
    const { name, header } = entry.block
    const port = settings.get('port')?.values[0]
    const place = places.get(placeKey(entry.path, header.number)) ?? { id, occurrence: 0 }
    return {
      ...place,
      name,
      path: entry.path,
      line: header.number,
      state,
      protocol: settings.get('protocol')?.values[0] ?? null,
      port: port === undefined ? null : intOf(port),
      settings: Object.fromEntries(settings),
      diagnostics: notes,
    }
  })
}

function isNamed(list: Setting | undefined, id: string): boolean {
  return list?.values.some((value) => value.toLowerCase() === id.toLowerCase()) === true
}

type Place = { readonly id: string; readonly occurrence: number }

/** Counted in the document, where edits look for the block: the daemon may not see all that stands in it. */
function placesIn(candidates: readonly Candidate[], { files }: Configuration): ReadonlyMap<string, Place> {
  const places = new Map<string, Place>()
  for (const path of new Set(candidates.map(({ entry }) => entry.path))) {
    const file = files[path]
    if (file?.kind !== 'file') continue
    const seen = new Map<string, number>()
    let line = 1
    for (const node of xinetd.parse(file.text).nodes) {
      if (node.kind === 'service') {
        const id = idOf(node)
        const occurrence = seen.get(id) ?? 0
        seen.set(id, occurrence + 1)
        places.set(placeKey(path, line), { id, occurrence })
      }
      line += linesOf(node).length
    }
  }
  return places
}

function placeKey(path: string, line: number): string {
  return `${line} ${path}`
}
