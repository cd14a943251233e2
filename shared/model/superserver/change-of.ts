import type { Answer } from '../../contract/answer'
import { ok } from '../../contract/answer'
import type { Change, Disturbance, DaemonStep } from '../change'
import type { Drafts } from './drafts'
import { failoverIn, type FailoverSwitch } from './failover/switch'
import { closesOurWay, disturbInetd, heldByAnother, newlyStopped, proofOfInetd } from './inetd/part'
import { resolveInetd } from './inetd/resolve'
import { leavingXinetd, movesBetween, withoutOwn, type DaemonProofs } from './moves'
import type { SuperserverProof } from './proof'
import { refuse, type Refusal } from './refuse'
import { reloadStep } from './reload'
import { shutsUsOut } from './wrappers/own-way'
import type { InetdState, SuperserverState, XinetdState } from './state'
import { handOver } from './systemd/hand-over'
import { disturbSystemd, proofOfSystemd } from './systemd/part'
import { socketsOf } from './systemd/units'
import { filesAfter, isMovedByNames, isTouched } from './touched'
import { disturb } from './xinetd/disturb'
import { proofOf } from './xinetd/prove'
import { resolve } from './xinetd/resolve'

/** What an edit of the files is on the host: whom it disturbs, the reload, and what must hold then. */
export function changeOf(
  state: SuperserverState,
  edits: Drafts,
  heading: Pick<Change, 'title' | 'reason' | 'intent'>,
): Answer<Change> {
  const steps = edits.steps()
  if (steps.length === 0) return refuse(state, 'superserver.nothingToDo')
  const after = edits.state()
  const moved = isMovedByNames(state, after)
  const daemons: Part[] = []
  if (state.xinetd !== null && after.xinetd !== null && (moved.xinetd || isTouched(state.xinetd, steps))) {
    const part = xinetdPart(state, state.xinetd, after.xinetd)
    if ('problem' in part) return part
    daemons.push(part)
  }
  if (state.inetd !== null && after.inetd !== null && (moved.inetd || isTouched(state.inetd, steps))) {
    const part = inetdPart(state, state.inetd, after.inetd, after.xinetd)
    if ('problem' in part) return part
    daemons.push(part)
  }
  const proofs: DaemonProofs = {
    xinetd: daemons.find(({ proof }) => proof.xinetd !== null)?.proof.xinetd ?? null,
    inetd: daemons.find(({ proof }) => proof.inetd !== null)?.proof.inetd ?? null,
  }
  const units = socketsOf(steps)
  const systemd = proofOfSystemd(units)
  const ofDaemons = daemons.flatMap((part) => part.disturbs)
  const failover = failoverIn(state, steps)
  const disturbs = [
    ...disturbSystemd(units, ofDaemons, state.xinetd?.dump ?? null),
    ...shutsUsOut(state, after),
    ...(failover?.on === true ? [asked(failover)] : []),
  ]
  const reloads =
    systemd === null
      ? (movesBetween(state, proofs) ?? daemons.flatMap(({ reload }) => (reload === null ? [] : [reload])))
      : [handOver(units, state.xinetd?.daemon ?? null, proofs.xinetd?.silent ?? [])]
  const expect: SuperserverProof = {
    files: filesAfter(state, steps),
    xinetd: proofs.xinetd,
    inetd: withoutOwn(state, proofs),
    systemd,
    failover: failover?.proof ?? null,
    control: null,
    boot: null,
  }
  return ok({
    ...heading,
    parts: [
      {
        host: state.host,
        // xinetd -inetd_compat is told once of both.
        steps: [
          ...steps,
          ...reloads.filter((one, at) => !reloads.slice(0, at).some((other) => isOneDaemon(one, other))),
          ...(failover === null ? [] : [failover.step]),
        ],
        disturbs,
        proof: { capability: 'superserver', expect },
      },
    ],
  })
}

type Part = {
  readonly disturbs: readonly Disturbance[]
  readonly reload: DaemonStep | null
  readonly proof: DaemonProofs
}

/** Every candidate takes a connection in each round, and may log it. */
function asked({ service, everySeconds }: FailoverSwitch): Disturbance {
  return {
    what: { key: 'failover.disturb.asked', params: { service, seconds: everySeconds } },
    degree: 'notice',
    subject: service,
    sessions: [],
  }
}

function isOneDaemon(a: DaemonStep, b: DaemonStep): boolean {
  return a.before?.pid === b.before?.pid
}

function xinetdPart(state: SuperserverState, before: XinetdState, after: XinetdState): Part | Refusal {
  // What cannot be proved is not begun: the dump is the daemon's only account of itself.
  if (before.daemon !== null && before.dump === null)
    return refuse(state, 'superserver.silent', { pid: before.daemon.pid })
  const was = resolve(before)
  const will = resolve(after)
  if (will.exits && !was.exits) {
    const cause = will.diagnostics.find(({ effect }) => effect === 'daemonExits')
    return refuse(state, 'superserver.wouldExit', {
      cause: cause?.code ?? '',
      path: cause?.path ?? '',
      line: cause?.line ?? 0,
    })
  }
  const disturbs = disturb(before, was, will)
  const ours = disturbs.find(({ sessions }) =>
    sessions.some(({ pid }) => pid !== null && state.surroundings.ancestors.includes(pid)),
  )
  if (ours !== undefined) return refuse(state, 'superserver.cutsOurselves', { service: ours.subject })
  return {
    disturbs,
    reload: before.daemon === null ? null : reloadStep('xinetd', before.daemon),
    proof: { xinetd: proofOf(before, was, will), inetd: null },
  }
}

function inetdPart(
  state: SuperserverState,
  before: InetdState,
  after: InetdState,
  afterXinetd: XinetdState | null,
): Part | Refusal {
  if (before.daemon !== null && state.sockets.every(({ holders }) => holders.length === 0))
    return refuse(state, 'superserver.unseen', { pid: before.daemon.pid })
  const was = resolveInetd(before)
  const will = resolveInetd(after)
  const refusal =
    newlyStopped(state, was, will) ??
    heldByAnother(state, before, was, will, leavingXinetd(state, afterXinetd)) ??
    closesOurWay(state, before, was, will)
  if (refusal !== null) return refusal
  const name = before.dialect === 'xinetd' ? 'xinetd' : 'inetd'
  return {
    disturbs: before.daemon === null ? [] : disturbInetd(was, will),
    reload: before.daemon === null ? null : reloadStep(name, before.daemon),
    proof: { xinetd: null, inetd: proofOfInetd(before, state.sockets, was, will) },
  }
}
