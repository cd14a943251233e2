import type { ChangeOutcome } from '../../../shared/contract/change'
import { problem } from '../../../shared/contract/problem'
import type { JournalState } from './journal-answer'
import type { PartRun, Told } from './part-run'

/** What came of telling hosts, all of which proved the change, that it stays. */
export function settledOutcome(
  runs: readonly PartRun[],
  told: readonly Told[],
  evidence: readonly string[],
  holdSeconds: number,
): ChangeOutcome {
  const of = (wanted: (state: JournalState | null) => boolean): readonly PartRun[] =>
    runs.filter((_, at) => {
      const one = told[at]
      return wanted(one?.kind === 'told' ? one.state : null)
    })
  const confirmed = of((state) => state?.kind === 'confirmed')
  if (confirmed.length === runs.length) return { kind: 'proved', evidence }
  const names = (some: readonly PartRun[]): string => some.map(({ host }) => host.name).join(', ')
  const back = of((state) => state?.kind === 'rolledBack' || state?.kind === 'none')
  if (back.length === runs.length) {
    const left = runs.flatMap((run, at) => {
      const one = told[at]
      const lines = one?.kind === 'told' && one.state.kind === 'rolledBack' ? run.unrestored(one.state) : null
      return lines === null
        ? []
        : [problem('change.rollbackIncomplete', {}, { host: run.host.name, detail: lines })]
    })[0]
    if (left !== undefined) return { kind: 'unknown', problem: left, seconds: null }
    return {
      kind: 'rolledBack',
      problem: problem('change.tookBackBefore', {}, { host: names(back) }),
      evidence: [],
    }
  }
  const waiting = runs.filter((run) => !confirmed.includes(run) && !back.includes(run))
  if (runs.length === 1)
    return {
      kind: 'unknown',
      problem: problem('change.unsettled', {}, { host: names(waiting) }),
      seconds: secondsLeft(told),
    }
  return {
    kind: 'halfConfirmed',
    problem: problem('change.halfConfirmed', {
      confirmed: names(confirmed),
      waiting: names(waiting),
      back: names(back),
    }),
    confirmed: confirmed.map(({ host }) => host.id),
    waiting: waiting.map(({ host }) => host.id),
    seconds: holdSeconds,
  }
}

/** Until a host that answered takes it back by itself; null: none of them is about to. */
function secondsLeft(told: readonly Told[]): number | null {
  const left = told.flatMap((one) =>
    one.kind === 'told' && one.state.kind === 'open' && one.state.seconds >= 0 ? [one.state.seconds] : [],
  )
  return left.length === 0 ? null : Math.min(...left)
}
