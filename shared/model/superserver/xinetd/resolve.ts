import type { Defaults, Service } from '../../../lens/xinetd'
import type { Diagnostic } from '../diagnostic'
import type { XinetdState } from '../state'
import { checkServices } from './check'
import { readEntries } from './entries'
import type { Entry } from './entries'
import type { Reading, Setting, Settings } from './settings'
import { headerNote, readSettings } from './settings'

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
  /** Diagnostics that belong to no service. */
  readonly diagnostics: readonly Diagnostic[]
  readonly paths: readonly string[]
}

export type Configuration = Pick<XinetdState, 'configuration' | 'files' | 'directories' | 'names'>

/** A service on its way through the daemon's checks. */
export type Candidate = {
  readonly entry: Entry<Service>
  readonly id: string
  readonly reading: Reading
  settings: Map<string, Setting>
  state: XinetdService['state']
  readonly notes: Diagnostic[]
}

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
  const { entries, diagnostics, paths } = readEntries(configuration)
  const general = [...diagnostics]
  const candidates: Candidate[] = []
  let defaults: Settings = new Map()
  let exits = diagnostics.some(({ effect }) => effect === 'daemonExits')

  for (const entry of entries) {
    if (isDefaults(entry)) {
      const reading = readSettings(entry, defaults, configuration.names)
      defaults = reading.settings
      general.push(...reading.diagnostics)
      exits ||= reading.fatal
    } else {
      candidates.push(
        candidateOf(entry, readSettings(entry, only(defaults, INHERITED_AT_READING), configuration.names)),
      )
    }
  }
  applyLists(candidates, defaults)
  checkServices(candidates, defaults, configuration.names)
  return {
    services: withOccurrences(candidates),
    exits,
    defaults: Object.fromEntries(defaults),
    diagnostics: general,
    paths,
  }
}

function isDefaults(entry: Entry<Service> | Entry<Defaults>): entry is Entry<Defaults> {
  return entry.block.kind === 'defaults'
}

function only(settings: Settings, names: readonly string[]): Settings {
  return new Map([...settings].filter(([name]) => names.includes(name)))
}

function candidateOf(entry: Entry<Service>, reading: Reading): Candidate {
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
      const chosen = enabled.values.includes(candidate.id)
      candidate.state = chosen ? 'enabled' : candidate.state === 'refused' ? 'refused' : 'disabled'
      if (!chosen)
        candidate.notes.push(
          headerNote(candidate.entry, 'notInEnabled', 'serviceRefused', { id: candidate.id }),
        )
    }
    if (candidate.state === 'enabled' && disabled?.values.includes(candidate.id) === true) {
      candidate.state = 'disabled'
      candidate.notes.push(
        headerNote(candidate.entry, 'disabledByDefaults', 'serviceRefused', { id: candidate.id }),
      )
    }
  }
}

function withOccurrences(candidates: readonly Candidate[]): readonly XinetdService[] {
  const seen = new Map<string, number>()
  return candidates.map(({ entry, id, state, settings, notes }) => {
    const key = JSON.stringify([entry.path, id])
    const occurrence = seen.get(key) ?? 0
    seen.set(key, occurrence + 1)
    const port = settings.get('port')?.values[0]
    return {
      id,
      name: entry.block.name,
      path: entry.path,
      line: entry.line,
      occurrence,
      state,
      protocol: settings.get('protocol')?.values[0] ?? null,
      port: port === undefined ? null : Number(port),
      settings: Object.fromEntries(settings),
      diagnostics: notes,
    }
  })
}
