import type { Step } from '../change'
import { placeOf } from './drafts'
import type { SuperserverProof } from './proof'
import type { InetdState, SuperserverState, XinetdState } from './state'
import { isUnit } from './systemd/units'

type ProvedFile = SuperserverProof['files'][number]

/** Files of theirs, and what comes into a directory that xinetd reads. */
export function isTouched(daemon: XinetdState | InetdState, steps: readonly Step[]): boolean {
  const directories = 'directories' in daemon ? daemon.directories : {}
  return steps.some(
    (step) =>
      (step.kind === 'write' || step.kind === 'create' || step.kind === 'delete') &&
      (Object.hasOwn(daemon.files, step.path) || Object.hasOwn(directories, placeOf(step.path).folder)),
  )
}

/** What the daemons' files and units hold before the steps. A script that comes with a service is none of them: it is not read again. */
export function filesBefore(state: SuperserverState, steps: readonly Step[]): ProvedFile[] {
  return read(state, steps).map((step) => ({
    path: step.path,
    digest: step.kind === 'create' ? null : step.before.digest,
  }))
}

/** What they hold after them. */
export function filesAfter(state: SuperserverState, steps: readonly Step[]): ProvedFile[] {
  return read(state, steps).map((step) => ({
    path: step.path,
    digest: step.kind === 'delete' ? null : step.after.digest,
  }))
}

function read({ xinetd, inetd }: SuperserverState, steps: readonly Step[]) {
  return steps.flatMap((step) =>
    (step.kind === 'write' || step.kind === 'create' || step.kind === 'delete') &&
    (isUnit(step.path) || [xinetd, inetd].some((daemon) => daemon !== null && isTouched(daemon, [step])))
      ? [step]
      : [],
  )
}
