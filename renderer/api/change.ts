import { defineStore } from 'pinia'
import { ref, shallowRef } from 'vue'
import type { Answer, ChangeOutcome, ChangeProgress, PlannedChange, Problem } from '../../shared/contract'
import type { Intent } from '../../shared/model/intent'
import { call, on } from './client'

interface AtHost {
  /** Profile id; null: the hosts are known by the change alone. */
  readonly host: string | null
}
interface WithPlan extends AtHost {
  readonly planned: PlannedChange
}

/** Where the one change that the user is looking at stands. */
export type Proposal =
  | (AtHost & { readonly kind: 'planning' })
  | (AtHost & { readonly kind: 'refused'; readonly problem: Problem })
  | (WithPlan & { readonly kind: 'shown' })
  | (WithPlan & { readonly kind: 'applying' })
  | (WithPlan & {
      readonly kind: 'done'
      readonly outcome: ChangeOutcome
      /** When it was heard: milliseconds since the epoch. */
      readonly at: number
    })

type Step = Extract<ChangeProgress, { kind: 'step' }>

/** What the hosts wait for while a change is applied. */
export interface Pending {
  /** When the first of them takes it back by itself, unless it is confirmed; null: not armed yet, or settled. */
  readonly until: number | null
  /** The user says whether it stays; null: nobody asks. */
  readonly asked: { readonly until: number; readonly evidence: readonly string[] } | null
  /** Where it goes, as the user said or as it came; null: neither yet. */
  readonly turn: 'keep' | 'takeBack' | null
}

const nothingPending: Pending = { until: null, asked: null, turn: null }

/** The answer was lost while it was being applied: nobody knows how far it came. */
const isUnheard = ({ code, params }: Problem): boolean =>
  code === 'app.hostProcessGone' || (code === 'app.internal' && params['method'] === 'change.apply')

/** From these steps on it is decided. */
const turns: ReadonlyMap<string, 'keep' | 'takeBack'> = new Map([
  ['change.progress.confirm', 'keep'],
  ['change.progress.rollBack', 'takeBack'],
])

function turned(step: string): Pending | null {
  const turn = turns.get(step)
  return turn === undefined ? null : { until: null, asked: null, turn }
}

/**
 * Leads a change from intent to outcome: the host process plans it, the dialog shows it, and only what was
 * shown is applied, by its id and digest.
 */
export const useChanges = defineStore('changes', () => {
  const proposal = shallowRef<Proposal | null>(null)
  const progress = ref<readonly Step[]>([])
  const pending = shallowRef<Pending>(nothingPending)
  let finish: ((outcome: ChangeOutcome | null) => void) | null = null

  on('change.progress', (event) => {
    const current = proposal.value
    if (current?.kind !== 'applying' || current.planned.id !== event.id) return
    switch (event.kind) {
      case 'step':
        progress.value = [...progress.value, event]
        pending.value = turned(event.title) ?? pending.value
        return
      case 'armed': {
        const until = Date.now() + event.seconds * 1000
        pending.value = { ...pending.value, until: Math.min(until, pending.value.until ?? until) }
        return
      }
      case 'awaiting': {
        const asked = { until: Date.now() + event.seconds * 1000, evidence: event.evidence }
        pending.value = { ...pending.value, asked }
        return
      }
    }
  })
  // What was not known when it was shown may be known later.
  on('history.changed', ({ id, outcome }) => {
    const current = proposal.value
    if (current?.kind === 'done' && current.planned.id === id && outcome !== null) settle(current, outcome)
  })

  function settle(current: WithPlan, outcome: ChangeOutcome): void {
    const { host, planned } = current
    proposal.value = { kind: 'done', host, planned, outcome, at: Date.now() }
  }

  /** Resolves with the outcome, or null when the user did not apply it. */
  function propose(host: string, intent: Intent): Promise<ChangeOutcome | null> {
    return show(host, () => call('change.plan', { host, intent }))
  }

  /** The way back of a change of the history, shown as any change. */
  function proposeUndo(host: string | null, id: string): Promise<ChangeOutcome | null> {
    return show(host, () => call('history.undo', { id }))
  }

  function show(
    host: string | null,
    plan: () => Promise<Answer<PlannedChange>>,
  ): Promise<ChangeOutcome | null> {
    // What is being applied has an outcome to show, and somebody waits for it.
    if (proposal.value?.kind === 'applying') return Promise.resolve(null)
    close()
    progress.value = []
    pending.value = nothingPending
    const planning: Proposal = { kind: 'planning', host }
    proposal.value = planning
    void plan().then((answer) => {
      if (proposal.value !== planning) {
        if (answer.ok) void call('change.discard', { id: answer.value.id })
        return
      }
      proposal.value = answer.ok
        ? { kind: 'shown', host, planned: answer.value }
        : { kind: 'refused', host, problem: answer.problem }
    })
    return new Promise((resolve) => (finish = resolve))
  }

  /** @param confirm who says that it stays: its proof alone, or the user after it */
  async function apply(confirm: 'proof' | 'user' = 'proof'): Promise<void> {
    const shown = proposal.value
    if (shown?.kind !== 'shown') return
    const { host, planned } = shown
    proposal.value = { kind: 'applying', host, planned }
    const answer = await call('change.apply', { id: planned.id, digest: planned.digest, confirm })
    const { until } = pending.value
    pending.value = nothingPending
    if (answer.ok) settle(shown, answer.value)
    else if (isUnheard(answer.problem)) {
      const seconds = until === null ? null : Math.max(0, Math.round((until - Date.now()) / 1000))
      settle(shown, { kind: 'unknown', problem: answer.problem, seconds })
    } else proposal.value = { kind: 'refused', host, problem: answer.problem }
  }

  /** It stays. */
  async function keep(): Promise<Answer<null>> {
    return say('keep', (id) => call('change.confirm', { id }))
  }

  /** Takes back what was done so far. Too late once the hosts are told that it stays. */
  async function takeBack(): Promise<Answer<null>> {
    return say('takeBack', (id) => call('change.cancel', { id }))
  }

  async function say(what: 'keep' | 'takeBack', tell: (id: string) => Promise<Answer<null>>) {
    const current = proposal.value
    if (current?.kind !== 'applying') return { ok: true, value: null } as const
    pending.value = { ...pending.value, turn: what }
    const answer = await tell(current.planned.id)
    if (!answer.ok) pending.value = { ...pending.value, turn: null }
    return answer
  }

  /** Says once more to the hosts that wait for it that it stays. The outcome comes by the history as well. */
  async function resume(): Promise<Answer<ChangeOutcome>> {
    const current = proposal.value
    if (current?.kind !== 'done') return { ok: true, value: { kind: 'proved', evidence: [] } }
    const answer = await call('history.resume', { id: current.planned.id })
    if (answer.ok && proposal.value === current) settle(current, answer.value)
    return answer
  }

  /** Closes the dialog. While a change is being applied there is nothing to close. */
  function close(): void {
    const current = proposal.value
    if (current === null || current.kind === 'applying') return
    if (current.kind === 'shown') void call('change.discard', { id: current.planned.id })
    proposal.value = null
    finish?.(current.kind === 'done' ? current.outcome : null)
    finish = null
  }

  return { proposal, progress, pending, propose, proposeUndo, apply, keep, takeBack, resume, close }
})
