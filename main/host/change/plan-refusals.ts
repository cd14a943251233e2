import { problem, type Problem } from '../../../shared/contract/problem'
import { assuranceOf, type HostPart, type Keepers } from '../../../shared/model/change'

/** What cannot be taken back comes when all that can be has been done; a plan that says otherwise is wrong. */
export function assertOneWayLast({ steps }: HostPart): void {
  const first = steps.findIndex(({ kind }) => kind === 'oneWay')
  if (first !== -1 && steps.slice(first).some(({ kind }) => kind !== 'oneWay'))
    throw new Error('a one-way step stands before one that can be taken back')
}

/** Files that a rename would take apart from what they are: said before anything is shown as possible. */
export function unwritable(part: HostPart): Problem | null {
  for (const step of part.steps) {
    if (step.kind !== 'write') continue
    const { path, before } = step
    if (before.links > 1) return problem('change.hardLinked', { path, links: before.links })
    if (before.mounted) return problem('change.mounted', { path })
  }
  return null
}

/** Where nothing would outlive the login, nothing may be done that could end it. */
export function unprotected(part: HostPart, keepers: Keepers | null, host: string): Problem | null {
  if (part.touches !== 'network') return null
  return keepers === null || assuranceOf(part, keepers) === 'login'
    ? problem('change.unprotected', {}, { host })
    : null
}
