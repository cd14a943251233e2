import type { Step } from '../change'
import { failoverNow } from './failover/switch'
import { proofOfInetd } from './inetd/part'
import { resolveInetd } from './inetd/resolve'
import type { SuperserverProof } from './proof'
import type { InetdState, SuperserverState, XinetdState } from './state'
import { proofOfSystemd } from './systemd/part'
import { socketsOf } from './systemd/units'
import { filesBefore, isReloaded, isTouched } from './touched'
import { proofOf } from './xinetd/prove'
import { resolve } from './xinetd/resolve'

/** What a daemon says now of these files, and must say again when a change of them was taken back. */
export function proofOfNow(state: SuperserverState, steps: readonly Step[]): SuperserverProof {
  const { xinetd, inetd, sockets } = state
  const now = xinetd !== null && isAsked(xinetd, steps) ? resolve(xinetd) : null
  const entries = inetd !== null && isAsked(inetd, steps) ? resolveInetd(inetd) : null
  return {
    files: filesBefore(state, steps),
    xinetd: xinetd === null || now === null ? null : proofOf(xinetd, now, now),
    inetd: inetd === null || entries === null ? null : proofOfInetd(inetd, sockets, entries, entries),
    systemd: systemdNow(state, steps),
    failover: failoverNow(state, steps),
    control: controlNow(state, steps),
    boot: bootNow(state, steps),
  }
}

/** Sockets that would come are not there, and those that would go are as they are, running or not. */
function systemdNow({ units }: SuperserverState, steps: readonly Step[]): SuperserverProof['systemd'] {
  const { coming, leaving } = socketsOf(steps)
  const held = leaving.filter(({ unit }) => units.some(({ id, active }) => id === unit && active))
  return proofOfSystemd({ coming: held, leaving: coming })
}

/** Names of /etc/services move a daemon's services without a file of its own. */
function isAsked(daemon: XinetdState | InetdState, steps: readonly Step[]): boolean {
  return isTouched(daemon, steps) || isReloaded(daemon, steps)
}

/** A daemon that was started, stopped or restarted, as it is now. */
function controlNow(state: SuperserverState, steps: readonly Step[]): SuperserverProof['control'] {
  const step = steps.find((one) => one.kind === 'daemon' && one.action !== 'reload')
  if (step?.kind !== 'daemon') return null
  const name = step.daemon === 'inetd' ? 'inetd' : 'xinetd'
  return { daemon: name, running: (state[name]?.daemon ?? null) !== null, notPid: null }
}

/** Whether it is started at boot now. */
function bootNow({ boot }: SuperserverState, steps: readonly Step[]): SuperserverProof['boot'] {
  for (const daemon of ['xinetd', 'inetd'] as const) {
    const { name, on } = boot[daemon] ?? { name: null, on: null }
    const isMeant = (step: Step): boolean => step.kind === 'runtime' && step.title.params['name'] === name
    if (on !== null && steps.some(isMeant)) return { daemon, on }
  }
  return null
}
