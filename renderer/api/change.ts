import { defineStore } from 'pinia'
import { ref, shallowRef } from 'vue'
import type { ChangeOutcome, ChangeProgress, PlannedChange, Problem } from '../../shared/contract'
import type { Intent } from '../../shared/model/intent'
import { call, on } from './client'

/** Where the one change that the user is looking at stands. */
export type Proposal =
  | { readonly kind: 'planning'; readonly host: string }
  | { readonly kind: 'refused'; readonly host: string; readonly problem: Problem }
  | { readonly kind: 'shown'; readonly host: string; readonly planned: PlannedChange }
  | { readonly kind: 'applying'; readonly host: string; readonly planned: PlannedChange }
  | {
      readonly kind: 'done'
      readonly host: string
      readonly planned: PlannedChange
      readonly outcome: ChangeOutcome
    }

type Step = Extract<ChangeProgress, { kind: 'step' }>

/** The answer was lost while it was being applied: nobody knows how far it came. */
const isUnheard = ({ code, params }: Problem): boolean =>
  code === 'app.hostProcessGone' || (code === 'app.internal' && params['method'] === 'change.apply')

/**
 * Leads a change from intent to outcome: the host process plans it, the dialog shows it, and only what was
 * shown is applied, by its id and digest.
 */
export const useChanges = defineStore('changes', () => {
  const proposal = shallowRef<Proposal | null>(null)
  const progress = ref<readonly Step[]>([])
  let finish: ((outcome: ChangeOutcome | null) => void) | null = null

  on('change.progress', (step) => {
    const current = proposal.value
    if (current?.kind === 'applying' && current.planned.id === step.id && step.kind === 'step')
      progress.value = [...progress.value, step]
  })

  /** Resolves with the outcome, or null when the user did not apply it. */
  function propose(host: string, intent: Intent): Promise<ChangeOutcome | null> {
    // What is being applied has an outcome to show, and somebody waits for it.
    if (proposal.value?.kind === 'applying') return Promise.resolve(null)
    close()
    progress.value = []
    const planning: Proposal = { kind: 'planning', host }
    proposal.value = planning
    void call('change.plan', { host, intent }).then((answer) => {
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

  async function apply(): Promise<void> {
    const shown = proposal.value
    if (shown?.kind !== 'shown') return
    const { host, planned } = shown
    proposal.value = { kind: 'applying', host, planned }
    const answer = await call('change.apply', { id: planned.id, digest: planned.digest })
    if (answer.ok) proposal.value = { kind: 'done', host, planned, outcome: answer.value }
    else if (isUnheard(answer.problem))
      proposal.value = {
        kind: 'done',
        host,
        planned,
        outcome: { kind: 'unknown', problem: answer.problem, seconds: null },
      }
    else proposal.value = { kind: 'refused', host, problem: answer.problem }
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

  return { proposal, progress, propose, apply, close }
})
