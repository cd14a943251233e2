import type { ChangeOutcome } from '../../../shared/contract'

/** What the hosts said when they were asked whether it holds, or whether all is as before. */
export function evidenceOf(outcome: ChangeOutcome | null): readonly string[] {
  return outcome?.kind === 'proved' || outcome?.kind === 'rolledBack' ? outcome.evidence : []
}

/** How an outcome is drawn; null: the change is being made, or nobody heard its end. */
export function lookOf(outcome: ChangeOutcome | null) {
  switch (outcome?.kind) {
    case undefined:
      return {
        icon: 'i-lucide-loader',
        color: 'text-muted',
        frame: 'border-default bg-muted',
        badge: 'neutral',
      }
    case 'proved':
      return {
        icon: 'i-lucide-circle-check',
        color: 'text-success',
        frame: 'border-success/30 bg-success/5',
        badge: 'success',
      }
    case 'rolledBack':
      return {
        icon: 'i-lucide-undo-2',
        color: 'text-warning',
        frame: 'border-warning/30 bg-warning/5',
        badge: 'warning',
      }
    case 'halfConfirmed':
    case 'unknown':
      return {
        icon: 'i-lucide-circle-help',
        color: 'text-error',
        frame: 'border-error/30 bg-error/5',
        badge: 'error',
      }
  }
}
