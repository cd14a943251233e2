import { assertNever } from '../../assert-never'
import type { Answer } from '../../contract/answer'
import { ok } from '../../contract/answer'
import { digestOfText, type Change } from '../change'
import { switchBoot } from './boot'
import { changeOf } from './change-of'
import { control } from './control'
import { convertEntries } from './conversion'
import { Drafts } from './drafts'
import { leftBehind, unwatchRedirect, watchRedirect } from './failover/watch'
import { editName, editNames } from './names/edit'
import { appendEntry, disabled, editEntry, enabled, removed, rewritten } from './inetd/edit'
import { addService, changeService, removeService } from '../../lens/services'
import { fileIn, sharedPaths } from './files'
import { install } from './install'
import type { SuperserverIntent } from './intent'
import type { SuperserverProof } from './proof'
import { each, refuse, type Refusal } from './refuse'
import type { SuperserverState } from './state'
import { convertServices } from './systemd/convert'
import { titleOf } from './title'
import { unmeant } from './xinetd/consequences'
import { disableServices, editDefaults, editService, enableServices, fixLineEnds } from './xinetd/edit'
import { copyService, renameService } from './xinetd/naming'
import { createService, deleteService, moveService } from './xinetd/new-service'
import { resolve } from './xinetd/resolve'

/**
 * What has to be done on a host for an intent: pure, so the same state and intent give the same change.
 *
 * Problems:
 * - the host: superserver.absent, .noInetd, .noSystemd, .silent, .unseen, .notRunning, .runs, .cutsOurselves,
 *   .bootUnknown, .bootFixed, .installed, .noPackageManager, .noPackage, .packageRemoves;
 * - the files: .unreadable, .unknownService, .nothingToDo, .notIncluded, .badFileName, .fileExists, .nameTaken,
 *   .outOfReach, .watched, change.conflict;
 * - a redirection that changes by itself: .notAlone, .fewCandidates, .portUnknown, .noProber, .noPidfile, .noScheduler,
 *   .failoverTaken, .notWatched;
 * - what the daemon would make of them: .wouldExit, .wouldRefuse, .wouldIgnore, .enabledElsewhere, .cannotStand,
 *   .inetdRefuses, .takenOtherwise, .changesOthers, .portHeld.
 */
export function plan(state: SuperserverState, intent: SuperserverIntent): Answer<Change> {
  if (intent.kind === 'install') return install(state, intent)
  if (intent.kind === 'control' || intent.kind === 'boot') return planControl(state, intent)
  const edits = new Drafts(state)
  const refusal = missing(state, intent) ?? carryOut(state, edits, intent)
  if (refusal !== null) return refusal
  const made = changeOf(state, edits, { title: titleOf(intent), reason: intent.reason, intent })
  if (!made.ok) return made
  const after = edits.state()
  const orphaned = leftBehind(state, after)
  if (orphaned !== null) return orphaned
  if (state.xinetd !== null && after.xinetd !== null) {
    const consequence = unmeant(state, resolve(state.xinetd), resolve(after.xinetd))
    if (consequence !== null) return consequence
  }
  return made
}

/** What touches no file: the daemon itself is told, or the host's init. */
function planControl(
  state: SuperserverState,
  intent: Extract<SuperserverIntent, { kind: 'control' | 'boot' }>,
): Answer<Change> {
  const lacking = missing(state, intent)
  if (lacking !== null) return lacking
  const made =
    intent.kind === 'boot'
      ? switchBoot(state, intent.daemon, intent.on)
      : control(state, intent.daemon, intent.action)
  if ('problem' in made) return made
  const nothing = {
    files: [],
    xinetd: null,
    inetd: null,
    systemd: null,
    failover: null,
    control: null,
    boot: null,
  }
  const expect: SuperserverProof = { ...nothing, ...made.proof }
  const { step, disturbs } = made
  return ok({
    title: titleOf(intent),
    reason: intent.reason,
    intent,
    parts: [{ host: state.host, steps: [step], disturbs, proof: { capability: 'superserver', expect } }],
  })
}

/** The state with the files as the intent would have them, whatever the daemons make of them: for whoever still edits. */
export function edited(state: SuperserverState, intent: SuperserverIntent): Answer<SuperserverState> {
  const edits = new Drafts(state)
  const refusal = missing(state, intent) ?? carryOut(state, edits, intent)
  return refusal ?? ok(edits.state())
}

function missing(state: SuperserverState, intent: SuperserverIntent): Refusal | null {
  const isOfEntries =
    intent.kind === 'editEntry' || intent.kind === 'addEntry' || intent.kind === 'removeEntry'
  const isBulk = intent.kind === 'enableServices' || intent.kind === 'disableServices'
  const isOfInetd = (intent.kind === 'control' || intent.kind === 'boot') && intent.daemon === 'inetd'
  const isOfServices = isBulk ? intent.services.length > 0 : !isOfEntries && !isOfInetd && !isOfShared(intent)
  const isConversion = intent.kind === 'convertEntries'
  if (state.xinetd === null && isOfServices) return refuse(state, 'superserver.absent')
  if (
    state.inetd === null &&
    (isOfEntries || isOfInetd || isConversion || (isBulk && intent.entries.length > 0))
  )
    return refuse(state, 'superserver.noInetd')
  if (state.systemd === null && intent.kind === 'convertServices')
    return refuse(state, 'superserver.noSystemd')
  return null
}

/** Files that are there without a super-server as well, or are another's. */
function isOfShared({ kind }: SuperserverIntent): boolean {
  return ['editText', 'addPortName', 'changePortName', 'removePortName', 'editWrappers'].includes(kind)
}

function carryOut(state: SuperserverState, drafts: Drafts, intent: SuperserverIntent): Refusal | null {
  const { xinetd, inetd, systemd } = state
  switch (intent.kind) {
    case 'editService':
      return editService(state, drafts, intent.service, intent)
    case 'editDefaults':
      return editDefaults(state, drafts, intent.defaults, intent)
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
    case 'copyService':
      return xinetd === null ? null : copyService(state, xinetd, drafts, intent)
    case 'renameService':
      return xinetd === null ? null : renameService(state, xinetd, drafts, intent)
    case 'control':
    case 'boot':
    case 'install':
      return null
    case 'addPortName':
      return editNames(state, drafts, (document) => addService(document, intent.entry))
    case 'changePortName':
      return editName(state, drafts, intent.name, (document, at) => changeService(document, at, intent.entry))
    case 'removePortName':
      return editName(state, drafts, intent.name, (document, at) => ({
        kind: 'edited',
        document: removeService(document, at),
      }))
    case 'editWrappers':
      return each(
        [[sharedPaths.hostsAllow, intent.allow] as const, [sharedPaths.hostsDeny, intent.deny] as const],
        ([path, edit]) => (edit === undefined ? null : editText(state, drafts, { path, ...edit })),
      )
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
    case 'convertServices':
      return systemd === null || xinetd === null
        ? null
        : convertServices(state, systemd, xinetd, drafts, intent.services)
    case 'watchRedirect':
      return xinetd === null ? null : watchRedirect(state, xinetd, drafts, intent)
    case 'unwatchRedirect':
      return unwatchRedirect(state, drafts, intent.service)
    case 'removeEntry':
      return inetd === null ? null : editEntry(state, inetd, drafts, intent.entry, removed)
    default:
      return assertNever(intent)
  }
}

function editText(
  state: SuperserverState,
  drafts: Drafts,
  { path, digest, text }: Pick<Extract<SuperserverIntent, { kind: 'editText' }>, 'path' | 'digest' | 'text'>,
): Refusal | null {
  const before = drafts.text(path)
  if (before === null && fileIn(state, path)?.kind !== 'missing')
    return refuse(state, 'superserver.unreadable', { path })
  if ((before === null ? null : digestOfText(before)) !== digest)
    return refuse(state, 'change.conflict', { path })
  drafts.put(path, text)
  return null
}
