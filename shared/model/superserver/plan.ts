import { assertNever } from '../../assert-never'
import type { Answer } from '../../contract/answer'
import { ok } from '../../contract/answer'
import { inetd } from '../../lens/inetd'
import {
  digestOfText,
  type Change,
  type DaemonStep,
  type Disturbance,
  type Phrase,
  type Step,
} from '../change'
import { control } from './control'
import { convertEntries } from './conversion'
import { Drafts, placeOf } from './drafts'
import { appendEntry, disabled, editEntry, enabled, removed, rewritten } from './inetd/edit'
import { disturbInetd, heldByAnother, newlyStopped, proofOfInetd } from './inetd/part'
import { resolveInetd } from './inetd/resolve'
import type { EntryRef, ServiceRef, SuperserverIntent } from './intent'
import type { SuperserverProof } from './proof'
import { each, refuse, type Refusal } from './refuse'
import { reloadStep } from './reload'
import type { InetdState, SuperserverState, XinetdState } from './state'
import { switchOver, type MovedPort } from './switch-over'
import { unmeant } from './xinetd/consequences'
import { disturb } from './xinetd/disturb'
import { disableServices, editService, enableServices, fixLineEnds } from './xinetd/edit'
import { createService, deleteService, moveService } from './xinetd/new-service'
import { proofOf } from './xinetd/prove'
import { resolve } from './xinetd/resolve'

/**
 * What has to be done on a host for an intent: pure, so the same state and intent give the same change.
 * Problems: superserver.absent, .silent, .unseen, .noInetd, .unknownService, .unreadable, .nothingToDo, .wouldExit, .wouldRefuse,
 * .wouldIgnore, .enabledElsewhere, .cannotStand, .outOfReach, .inetdRefuses, .takenOtherwise, .changesOthers, .portHeld, change.conflict, .notIncluded, .badFileName, .fileExists, .runs,
 * .notRunning, .cutsOurselves.
 */
export function plan(state: SuperserverState, intent: SuperserverIntent): Answer<Change> {
  if (intent.kind === 'control') return planControl(state, intent)
  const edits = new Drafts(state)
  const refusal = missing(state, intent) ?? carryOut(state, edits, intent)
  if (refusal !== null) return refusal
  const made = changeOf(state, edits, { title: titleOf(intent), reason: intent.reason, intent })
  if (!made.ok) return made
  const after = edits.state()
  if (state.xinetd !== null && after.xinetd !== null) {
    const consequence = unmeant(state, resolve(state.xinetd), resolve(after.xinetd))
    if (consequence !== null) return consequence
  }
  return made
}

function planControl(
  state: SuperserverState,
  intent: Extract<SuperserverIntent, { kind: 'control' }>,
): Answer<Change> {
  const lacking = missing(state, intent)
  if (lacking !== null) return lacking
  const made = control(state, intent.daemon, intent.action)
  if ('problem' in made) return made
  const expect: SuperserverProof = { files: [], xinetd: null, inetd: null, control: made.proof }
  return ok({
    title: titleOf(intent),
    reason: intent.reason,
    intent,
    parts: [
      {
        host: state.host,
        steps: [made.step],
        disturbs: made.disturbs,
        proof: { capability: 'superserver', expect },
      },
    ],
  })
}

/** The state with the files as the intent would have them, whatever the daemons make of them: for whoever still edits. */
export function edited(state: SuperserverState, intent: SuperserverIntent): Answer<SuperserverState> {
  const edits = new Drafts(state)
  const refusal = missing(state, intent) ?? carryOut(state, edits, intent)
  return refusal ?? ok(edits.state())
}

/** What an edit of the files is on the host: whom it disturbs, the reload, and what must hold then. */
export function changeOf(
  state: SuperserverState,
  edits: Drafts,
  heading: Pick<Change, 'title' | 'reason' | 'intent'>,
): Answer<Change> {
  const steps = edits.steps()
  if (steps.length === 0) return refuse(state, 'superserver.nothingToDo')
  const after = edits.state()
  const daemons: Part[] = []
  if (state.xinetd !== null && after.xinetd !== null && isTouched(state.xinetd, steps)) {
    const part = xinetdPart(state, state.xinetd, after.xinetd)
    if ('problem' in part) return part
    daemons.push(part)
  }
  if (state.inetd !== null && after.inetd !== null && isTouched(state.inetd, steps)) {
    const part = inetdPart(state, state.inetd, after.inetd, after.xinetd)
    if ('problem' in part) return part
    daemons.push(part)
  }
  const disturbs = daemons.flatMap((part) => part.disturbs)
  const ours = disturbs.find((one) => isOurWay(state, one))
  if (ours !== undefined) return refuse(state, 'superserver.cutsOurselves', { service: ours.subject })
  const reloads =
    movesBetween(state, daemons) ?? daemons.flatMap(({ reload }) => (reload === null ? [] : [reload]))
  const expect: SuperserverProof = {
    files: steps.filter((step) => isRead(state, step)).flatMap(fileAfter),
    xinetd: daemons.find(({ proof }) => proof.xinetd !== null)?.proof.xinetd ?? null,
    inetd: withoutOwn(state, daemons),
    control: null,
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
        ],
        disturbs,
        proof: { capability: 'superserver', expect },
      },
    ],
  })
}

/** What a daemon says now of these files, and must say again when a change of them was taken back. */
export function proofOfNow(state: SuperserverState, steps: readonly Step[]): SuperserverProof {
  const { xinetd, inetd, sockets } = state
  const now = xinetd !== null && isTouched(xinetd, steps) ? resolve(xinetd) : null
  const entries = inetd !== null && isTouched(inetd, steps) ? resolveInetd(inetd) : null
  return {
    files: steps.filter((step) => isRead(state, step)).flatMap(fileBefore),
    xinetd: xinetd === null || now === null ? null : proofOf(xinetd, now, now),
    inetd: inetd === null || entries === null ? null : proofOfInetd(inetd, sockets, entries, entries),
    control: controlNow(state, steps),
  }
}

/** A daemon that was started, stopped or restarted, as it is now. */
function controlNow(state: SuperserverState, steps: readonly Step[]): SuperserverProof['control'] {
  const step = steps.find((one) => one.kind === 'daemon' && one.action !== 'reload')
  if (step?.kind !== 'daemon') return null
  const name = step.daemon === 'inetd' ? 'inetd' : 'xinetd'
  return { daemon: name, running: (state[name]?.daemon ?? null) !== null, notPid: null }
}

/** Our own connection came through what would end. */
function isOurWay(
  { surroundings, inetd }: SuperserverState,
  { sessions, degree, subject }: Disturbance,
): boolean {
  const { ancestors } = surroundings
  if (sessions.some(({ pid }) => pid !== null && ancestors.includes(pid))) return true
  if (degree !== 'outage' || inetd === null || inetd.daemon === null) return false
  if (!ancestors.includes(inetd.daemon.pid)) return false
  // What it has started runs on, but nobody would get in again.
  return resolveInetd(inetd).services.some(
    ({ words }) => words[0] === subject && words.slice(5).some((word) => word.endsWith('sshd')),
  )
}

/** xinetd -inetd_compat gives a port up as inetd, and has it again as xinetd. */
function withoutOwn({ xinetd, inetd }: SuperserverState, parts: readonly Part[]): SuperserverProof['inetd'] {
  const ofInetd = parts.find(({ proof }) => proof.inetd !== null)?.proof.inetd ?? null
  const ofXinetd = parts.find(({ proof }) => proof.xinetd !== null)?.proof.xinetd ?? null
  if (ofInetd === null || ofXinetd === null || xinetd?.daemon?.pid !== inetd?.daemon?.pid) return ofInetd
  const silent = ofInetd.silent.filter((port) => common([port], ofXinetd.listening).length === 0)
  return { ...ofInetd, silent }
}

/** Where ports go from one daemon to the other, the two are told in turn; null: none goes. */
function movesBetween(
  { xinetd, inetd }: SuperserverState,
  parts: readonly Part[],
): readonly [DaemonStep] | null {
  const left = inetd?.daemon ?? null
  const right = xinetd?.daemon ?? null
  if (left === null || right === null || left.pid === right.pid) return null
  const ofXinetd = parts.find(({ proof }) => proof.xinetd !== null)?.proof.xinetd ?? null
  const ofInetd = parts.find(({ proof }) => proof.inetd !== null)?.proof.inetd ?? null
  if (ofXinetd === null || ofInetd === null) return null
  const old = { name: 'inetd', daemon: left } as const
  const next = { name: 'xinetd', daemon: right } as const
  const forth = common(ofInetd.silent, ofXinetd.listening)
  if (forth.length > 0) return [switchOver(old, next, forth)]
  const back = common(ofXinetd.silent, ofInetd.listening)
  return back.length > 0 ? [switchOver(next, old, back)] : null
}

function common(some: readonly MovedPort[], others: readonly MovedPort[]): readonly MovedPort[] {
  return some.filter((one) =>
    others.some(({ protocol, port }) => protocol === one.protocol && port === one.port),
  )
}

type Part = {
  readonly disturbs: readonly Disturbance[]
  readonly reload: ReturnType<typeof reloadStep> | null
  readonly proof: Pick<SuperserverProof, 'xinetd' | 'inetd'>
}

/** Files of theirs, and what comes into a directory that xinetd reads. */
function isTouched(daemon: XinetdState | InetdState, steps: readonly Step[]): boolean {
  const directories = 'directories' in daemon ? daemon.directories : {}
  return steps.some(
    (step) =>
      (step.kind === 'write' || step.kind === 'create' || step.kind === 'delete') &&
      (Object.hasOwn(daemon.files, step.path) || Object.hasOwn(directories, placeOf(step.path).folder)),
  )
}

/** A script that comes with a service is no file of the daemon's, and is not read again. */
function isRead({ xinetd, inetd }: SuperserverState, step: Step): boolean {
  return [xinetd, inetd].some((daemon) => daemon !== null && isTouched(daemon, [step]))
}

type ProvedFile = SuperserverProof['files'][number]

function fileAfter(step: Step): readonly ProvedFile[] {
  switch (step.kind) {
    case 'write':
    case 'create':
      return [{ path: step.path, digest: step.after.digest }]
    case 'delete':
      return [{ path: step.path, digest: null }]
    default:
      return []
  }
}

function fileBefore(step: Step): readonly ProvedFile[] {
  switch (step.kind) {
    case 'write':
    case 'delete':
      return [{ path: step.path, digest: step.before.digest }]
    case 'create':
      return [{ path: step.path, digest: null }]
    default:
      return []
  }
}

function isOneDaemon(a: ReturnType<typeof reloadStep>, b: ReturnType<typeof reloadStep>): boolean {
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
  return {
    disturbs: disturb(before, was, will),
    reload: before.daemon === null ? null : reloadStep('xinetd', before.daemon),
    proof: { xinetd: proofOf(before, was, will), inetd: null },
  }
}

/** Ports that xinetd has, and would not have any more. */
function leavingXinetd({ xinetd }: SuperserverState, after: XinetdState | null): readonly MovedPort[] {
  if (xinetd === null || after === null) return []
  return proofOf(xinetd, resolve(xinetd), resolve(after))?.silent ?? []
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
    heldByAnother(state, before, was, will, leavingXinetd(state, afterXinetd))
  if (refusal !== null) return refusal
  const name = before.dialect === 'xinetd' ? 'xinetd' : 'inetd'
  return {
    disturbs: before.daemon === null ? [] : disturbInetd(was, will),
    reload: before.daemon === null ? null : reloadStep(name, before.daemon),
    proof: { xinetd: null, inetd: proofOfInetd(before, state.sockets, was, will) },
  }
}

function missing(state: SuperserverState, intent: SuperserverIntent): Refusal | null {
  const isOfEntries =
    intent.kind === 'editEntry' || intent.kind === 'addEntry' || intent.kind === 'removeEntry'
  const isBulk = intent.kind === 'enableServices' || intent.kind === 'disableServices'
  const isOfInetd = intent.kind === 'control' && intent.daemon === 'inetd'
  const isOfServices = isBulk
    ? intent.services.length > 0
    : !isOfEntries && !isOfInetd && intent.kind !== 'editText'
  const isConversion = intent.kind === 'convertEntries'
  if (state.xinetd === null && isOfServices) return refuse(state, 'superserver.absent')
  if (
    state.inetd === null &&
    (isOfEntries || isOfInetd || isConversion || (isBulk && intent.entries.length > 0))
  )
    return refuse(state, 'superserver.noInetd')
  return null
}

type Bulk = { readonly services: readonly ServiceRef[]; readonly entries: readonly EntryRef[] }

function carryOut(state: SuperserverState, drafts: Drafts, intent: SuperserverIntent): Refusal | null {
  const { xinetd, inetd } = state
  switch (intent.kind) {
    case 'editService':
      return editService(state, drafts, intent.service, intent.set, intent.comment)
    case 'enableServices':
      return (
        (state.xinetd === null
          ? null
          : enableServices(state, resolve(state.xinetd), drafts, intent.services)) ??
        each(intent.entries, (ref) => (inetd === null ? null : editEntry(state, inetd, drafts, ref, enabled)))
      )
    case 'disableServices':
      return (
        disableServices(state, drafts, intent.services) ??
        each(intent.entries, (ref) =>
          inetd === null ? null : editEntry(state, inetd, drafts, ref, disabled),
        )
      )
    case 'createService':
      return xinetd === null ? null : createService(state, xinetd, drafts, intent)
    case 'deleteService':
      return xinetd === null ? null : deleteService(state, xinetd, drafts, intent.service)
    case 'moveService':
      return xinetd === null ? null : moveService(state, xinetd, drafts, intent.service, intent.path)
    case 'control':
      return null
    case 'fixLineEnds':
      return fixLineEnds(state, drafts, intent.path)
    case 'editText':
      return editText(state, drafts, intent)
    case 'editEntry':
      return inetd === null
        ? null
        : editEntry(state, inetd, drafts, intent.entry, rewritten(intent.set, intent.argv))
    case 'addEntry':
      return inetd === null ? null : appendEntry(state, inetd, drafts, intent.path, intent.words)
    case 'convertEntries':
      return inetd === null || xinetd === null
        ? null
        : convertEntries(state, inetd, xinetd, drafts, intent.entries, intent.how)
    case 'removeEntry':
      return inetd === null ? null : editEntry(state, inetd, drafts, intent.entry, removed)
    default:
      return assertNever(intent)
  }
}

function editText(
  state: SuperserverState,
  drafts: Drafts,
  { path, digest, text }: Extract<SuperserverIntent, { kind: 'editText' }>,
): Refusal | null {
  const before = drafts.text(path)
  if (before === null) return refuse(state, 'superserver.unreadable', { path })
  if (digestOfText(before) !== digest) return refuse(state, 'change.conflict', { path })
  drafts.put(path, text)
  return null
}

function titleOf(intent: SuperserverIntent): Phrase {
  switch (intent.kind) {
    case 'editService':
      return { key: 'xinetd.change.edit', params: { service: intent.service.id } }
    case 'enableServices':
      return { key: 'xinetd.change.enable', params: named(intent) }
    case 'disableServices':
      return { key: 'xinetd.change.disable', params: named(intent) }
    case 'createService':
      return { key: 'xinetd.change.create', params: { service: intent.name, path: intent.path } }
    case 'deleteService':
      return {
        key: 'xinetd.change.delete',
        params: { service: intent.service.id, path: intent.service.path },
      }
    case 'moveService':
      return { key: 'xinetd.change.move', params: { service: intent.service.id, path: intent.path } }
    case 'control':
      return { key: `superserver.change.${intent.action}`, params: { name: intent.daemon } }
    case 'fixLineEnds':
      return { key: 'xinetd.change.fixLineEnds', params: { path: intent.path } }
    case 'editText':
      return { key: 'xinetd.change.editText', params: { path: intent.path } }
    case 'editEntry':
      return { key: 'inetd.change.edit', params: { service: nameOf(intent.entry) } }
    case 'addEntry':
      return { key: 'inetd.change.add', params: { service: intent.words[0] ?? '', path: intent.path } }
    case 'convertEntries':
      return {
        key: 'inetd.change.convert',
        params: { services: intent.entries.map(nameOf).join(', '), count: intent.entries.length },
      }
    case 'removeEntry':
      return {
        key: 'inetd.change.remove',
        params: { service: nameOf(intent.entry), path: intent.entry.path },
      }
    default:
      return assertNever(intent)
  }
}

function named({ services, entries }: Bulk): Phrase['params'] {
  const names = [...services.map(({ id }) => id), ...entries.map(nameOf)]
  return { services: names.join(', '), count: names.length }
}

function nameOf({ text }: EntryRef): string {
  const [line] = inetd.parse(text).lines
  return line !== undefined && 'fields' in line ? (line.fields[0]?.text ?? '') : ''
}
