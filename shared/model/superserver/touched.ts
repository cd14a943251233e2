import type { Step } from '../change'
import { placeOf } from './drafts'
import { isOfFailover } from './failover/settings'
import { fileIn } from './files'
import { resolveInetd } from './inetd/resolve'
import type { SuperserverProof } from './proof'
import type { InetdState, SuperserverState, XinetdState } from './state'
import { isUnit } from './systemd/units'
import { resolve } from './xinetd/resolve'

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

/** Whether other names of services would move what a daemon opens, or take it from it. */
export function isMovedByNames(
  before: SuperserverState,
  after: SuperserverState,
): { readonly xinetd: boolean; readonly inetd: boolean } {
  const names = ({ xinetd, inetd }: SuperserverState) => xinetd?.names.services ?? inetd?.names.services
  if (names(before) === names(after)) return { xinetd: false, inetd: false }
  const differ = (opened: (state: SuperserverState) => readonly unknown[]) =>
    JSON.stringify(opened(before)) !== JSON.stringify(opened(after))
  return { xinetd: differ(openedByXinetd), inetd: differ(openedByInetd) }
}

function openedByXinetd({ xinetd }: SuperserverState): readonly unknown[] {
  const services = xinetd === null ? [] : resolve(xinetd).services
  return services.flatMap(({ id, state, protocol, port }) =>
    state === 'enabled' ? [[id, protocol, port]] : [],
  )
}

function openedByInetd({ inetd }: SuperserverState): readonly unknown[] {
  const services = inetd === null ? [] : resolveInetd(inetd).services
  return services.flatMap(({ line, state, port }) => (state === 'enabled' ? [[line, port]] : []))
}

/** Whether the daemon was told by these steps to read its files again. */
export function isReloaded(daemon: XinetdState | InetdState, steps: readonly Step[]): boolean {
  return steps.some(
    (step) => step.kind === 'daemon' && step.action === 'reload' && step.before?.pid === daemon.daemon?.pid,
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

function read(state: SuperserverState, steps: readonly Step[]) {
  return steps.flatMap((step) =>
    (step.kind === 'write' || step.kind === 'create' || step.kind === 'delete') &&
    (isUnit(step.path) ||
      isOfFailover(step.path) ||
      fileIn(state, step.path) !== null ||
      (state.xinetd !== null && isTouched(state.xinetd, [step])))
      ? [step]
      : [],
  )
}
