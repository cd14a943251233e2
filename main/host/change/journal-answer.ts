import { decode } from '../../../shared/codec'
import type { Piece, SectionAnswer } from '../script-answer'

/** What the journal of a host says of one change. */
export type JournalState =
  /** The host knows nothing of it, so nothing of it was done. */
  | { readonly kind: 'none' }
  /** Neither confirmed nor taken back; after so many seconds the host takes it back. Below 0: nothing does. */
  | { readonly kind: 'open'; readonly seconds: number }
  | { readonly kind: 'confirmed'; readonly settled: boolean }
  | {
      readonly kind: 'rolledBack'
      /** Who took it back: `app`, `failed` (a step), `deadline`, `boot`, `heir` (a later change). */
      readonly cause: string
      /** False: something could not be put back yet; the host goes on trying. */
      readonly settled: boolean
      readonly report: readonly RollbackNote[]
    }

/** What was not put back as it was, by the place of its step. */
export type RollbackNote =
  /** foreign: the file is somebody else's by now, and was left. lost: it could not be put back. failed: a command. */
  | { readonly kind: 'foreign' | 'lost' | 'failed'; readonly step: number }
  /** stuck: the process that made the change did not end. unreported: there was no room for notes. */
  | { readonly kind: 'stuck' | 'unreported' }

/** How `begin`, `prepare` or `apply` went. */
export type BeginAnswer =
  /** Every step was done. */
  | { readonly kind: 'applied' }
  /** Ready on the host, with its switch armed. */
  | { readonly kind: 'prepared' }
  /** Nothing was changed, and nothing is left. */
  | { readonly kind: 'refused'; readonly refusal: Refusal }
  /** A step failed, and the host took back what was done. */
  | {
      readonly kind: 'failed'
      readonly step: number
      readonly changed: boolean
      readonly state: JournalState
    }
  /** It was ended from elsewhere, or its end was not heard. */
  | { readonly kind: 'broken' }

export type Refusal =
  | { readonly kind: 'busy'; readonly owner: string }
  | { readonly kind: 'conflict' | 'cannot' | 'rehearsalFailed'; readonly step: number }
  | { readonly kind: 'noJournal' | 'noDigestTool' | 'notArmed' }

export function readBeginAnswer(answer: SectionAnswer | undefined): BeginAnswer {
  const pieces = answer?.kind === 'done' ? answer.pieces : []
  const names = pieces.map(({ name }) => name)
  const numbered = (word: string): number | null => {
    const found = names.find((name) => name.startsWith(`${word} `))
    return found === undefined ? null : Number(found.split(' ')[1])
  }
  if (names.includes('applied')) return { kind: 'applied' }
  if (names.includes('prepared')) return { kind: 'prepared' }
  const failed = numbered('failed')
  const state = stateIn(names)
  if (failed !== null && state !== null)
    return { kind: 'failed', step: failed, changed: names.includes(`failed ${failed} changed`), state }
  const busy = names.find((name) => name.startsWith('busy'))
  if (busy !== undefined) return { kind: 'refused', refusal: { kind: 'busy', owner: busy.slice(5) } }
  for (const kind of ['conflict', 'cannot', 'rehearsalFailed'] as const) {
    const step = numbered(kind)
    if (step !== null) return { kind: 'refused', refusal: { kind, step } }
  }
  for (const kind of ['noJournal', 'noDigestTool', 'notArmed'] as const)
    if (names.includes(kind)) return { kind: 'refused', refusal: { kind } }
  return { kind: 'broken' }
}

/** What `confirm`, `rollback`, `hold` and `status` say; null: the answer was cut. */
export function readState(answer: SectionAnswer | undefined): JournalState | null {
  return answer?.kind === 'done' ? stateIn(answer.pieces.map(({ name }) => name)) : null
}

function stateIn(names: readonly string[]): JournalState | null {
  const said = [...names].reverse().find((name) => name.startsWith('state '))
  const [, word, second, third] = said?.split(' ') ?? []
  switch (word) {
    case 'none':
      return { kind: 'none' }
    case 'open':
      return { kind: 'open', seconds: Number(second) }
    case 'settled':
    case 'unsettled': {
      const settled = word === 'settled'
      if (second === 'confirmed') return { kind: 'confirmed', settled }
      return { kind: 'rolledBack', cause: third ?? '', settled, report: names.flatMap(noteIn) }
    }
    default:
      return null
  }
}

function noteIn(name: string): readonly RollbackNote[] {
  const [word, kind, step] = name.split(' ')
  if (word !== 'report') return []
  switch (kind) {
    case 'foreign':
    case 'lost':
    case 'failed':
      return [{ kind, step: Number(step) }]
    case 'stuck':
    case 'unreported':
      return [{ kind }]
    default:
      return []
  }
}

/** What the host's own tools said: the last of it, bounded. */
export function outputIn(answer: SectionAnswer | undefined): string {
  if (answer?.kind !== 'done') return ''
  const said = answer.pieces.filter(({ name }) => name.startsWith('output ')).map((piece) => textOf(piece))
  return [...said, answer.stderr].join('\n').trim().slice(-2000)
}

const textOf = ({ bytes }: Piece): string => decode(bytes)
