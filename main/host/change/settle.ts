import type { ChangeOutcome } from '../../../shared/contract/change'
import { problem } from '../../../shared/contract/problem'
import type { JournalState } from './journal-answer'
import type { PartRun, Told } from './part-run'
import { settledOutcome } from './settled-outcome'

/** How long a host that waits is told again that it stays, when somebody asks for that. */
const resumeMs = 10_000

/**
 * What the journals of its hosts say of a change whose end nobody heard; null: they cannot be asked now.
 * @param before what was known of it: a host that was confirmed stays so, heard or not
 * @param resume tells hosts that wait for it that it stays, as all of them had proved it
 */
export async function settleRuns(
  runs: readonly PartRun[],
  before: ChangeOutcome | null,
  resume: boolean,
): Promise<ChangeOutcome | null> {
  const known = before?.kind === 'halfConfirmed' ? before.confirmed : []
  const believed = (one: Told, at: number): Told =>
    one.kind === 'unheard' && known.includes(runs[at]?.host.id ?? '')
      ? { kind: 'told', state: { kind: 'confirmed', settled: true } }
      : one
  const heard = await Promise.all(runs.map((run) => run.tell('status')))
  if (heard.every(({ kind }) => kind === 'unheard')) return null
  const states = heard.map(believed)
  const told = await Promise.all(
    runs.map(async (run, at): Promise<Told> => {
      const one = states[at] ?? { kind: 'unheard', problem: problem('host.notConnected') }
      const verb = one.kind === 'told' ? overdue(one.state, states, before, resume) : null
      if (verb === null) return one
      return verb === 'confirm' ? run.confirm(verb, resumeMs) : run.tell(verb)
    }),
  )
  const left = told.flatMap((one) =>
    one.kind === 'told' && one.state.kind === 'open' && one.state.seconds >= 0 ? [one.state.seconds] : [],
  )
  const seconds = left.length === 0 ? null : Math.min(...left)
  const settled = settledOutcome(runs, told, [], seconds ?? 0)
  // Without the word of one host that it stays, nobody knows that all of them proved it.
  if (settled.kind === 'halfConfirmed' && settled.confirmed.length === 0 && before?.kind !== 'halfConfirmed')
    return {
      kind: 'unknown',
      problem: problem('change.unsettled', {}, { host: runs.map(({ host }) => host.name).join(', ') }),
      seconds,
    }
  return settled
}

/**
 * What a host that still waits is to be told; null: nothing.
 * @param resume all of them had proved it
 */
function overdue(
  state: JournalState,
  states: readonly Told[],
  before: ChangeOutcome | null,
  resume: boolean,
): 'confirm' | 'rollback' | null {
  if (state.kind !== 'open') return null
  const is = (...kinds: readonly JournalState['kind'][]) =>
    states.filter((one) => one.kind === 'told' && kinds.includes(one.state.kind)).length
  // Where one has heard that it stays, there is no way back for the others.
  if (is('confirmed') > 0) return resume ? 'confirm' : null
  // Whoever is not heard may have been told that it stays.
  if (is('open', 'rolledBack', 'none') < states.length) return null
  if (resume) return is('open') === states.length ? 'confirm' : 'rollback'
  // What should take it back on the host is gone.
  return state.seconds < 0 && before?.kind !== 'halfConfirmed' ? 'rollback' : null
}
