import type { Change, Step } from './change'

/** For whatever is kept: of a secret file's bytes, the digest alone. */
export function withoutSecrets(change: Change): Change {
  return { ...change, parts: change.parts.map((part) => ({ ...part, steps: part.steps.map(withoutSecret) })) }
}

function withoutSecret(step: Step): Step {
  if (!('secret' in step) || !step.secret) return step
  switch (step.kind) {
    case 'write':
      return { ...step, before: { ...step.before, text: '' }, after: { ...step.after, text: '' } }
    case 'create':
      return { ...step, after: { ...step.after, text: '' } }
    case 'delete':
    case 'move':
      return { ...step, before: { ...step.before, text: '' } }
  }
}
