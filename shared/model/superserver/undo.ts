import type { Answer } from '../../contract/answer'
import { fail } from '../../contract/answer'
import { problem } from '../../contract/problem'
import { digestOfText, type Change } from '../change'
import { Drafts } from './drafts'
import { changeOf } from './change-of'
import { isOfFailover } from './failover/settings'
import type { SuperserverState } from './state'

/**
 * Gives the files of a change back what they held before it, if each still holds what the change left.
 * Problems: change.conflict, superserver.absent, .silent, .wouldExit.
 */
export function planUndo(state: SuperserverState, change: Change): Answer<Change> {
  const edits = new Drafts(state)
  const paths: string[] = []
  for (const { host, steps } of change.parts) {
    if (host !== state.host) continue
    for (const step of steps) {
      if (step.kind !== 'write' && step.kind !== 'create' && step.kind !== 'delete') continue
      const text = edits.text(step.path)
      const left = step.kind === 'delete' ? null : step.after.digest
      if ((text === null ? null : digestOfText(text)) !== left)
        return fail(problem('change.conflict', { path: step.path }, { host: state.host }))
      if (step.kind === 'create') edits.remove(step.path)
      else edits.restore(step.path, step.before)
      paths.push(step.path)
    }
  }
  return changeOf(state, edits, {
    title: { key: 'xinetd.change.undo', params: { paths: paths.join(', ') } },
    reason: '',
    intent: { capability: 'superserver', kind: 'undo', of: change.intent },
  })
}

/** Whether a change is of files alone, so that what they held before it leads back. */
export function isUndoable(change: Change): boolean {
  const steps = change.parts.flatMap((part) => part.steps)
  return (
    change.parts.length === 1 &&
    steps.some(({ kind }) => kind !== 'daemon') &&
    steps.every((step) => {
      switch (step.kind) {
        case 'write':
          return !step.secret
        case 'create':
          // A script that came with a service is not read again.
          return !step.secret && ((step.after.mode & 0o111) === 0 || isOfFailover(step.path))
        case 'delete': {
          const { acl, attributes } = step.before
          return !step.secret && acl === null && attributes === null
        }
        case 'daemon':
          return true
        case 'move':
        case 'runtime':
        case 'oneWay':
          return false
      }
    })
  )
}
