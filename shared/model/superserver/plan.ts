import { assertNever } from '../../assert-never'
import type { Answer } from '../../contract/answer'
import { fail, ok } from '../../contract/answer'
import type { ProblemCode } from '../../contract/problem'
import { problem } from '../../contract/problem'
import { idOf, putAttribute, setComment, withoutCarriageReturns, xinetd } from '../../lens/xinetd'
import type { Assignment, XinetdDocument } from '../../lens/xinetd'
import type { Change, Phrase } from '../change'
import type { Diagnostic } from './diagnostic'
import { Drafts } from './drafts'
import type { AttributeValue, ServiceRef, SuperserverIntent } from './intent'
import { proofOf } from './prove'
import { reloadStep } from './reload'
import type { SuperserverState, XinetdState } from './state'
import { disturb } from './xinetd/disturb'
import type { Resolution, XinetdService } from './xinetd/resolve'
import { resolve } from './xinetd/resolve'

/**
 * What has to be done on a host for an intent: pure, so the same state and intent give the same change.
 * Problems: superserver.absent, .silent, .unknownService, .unreadable, .nothingToDo, .wouldExit, .wouldRefuse, .wouldIgnore, .enabledElsewhere.
 */
export function plan(state: SuperserverState, intent: SuperserverIntent): Answer<Change> {
  const { xinetd: before } = state
  if (before === null) return refuse(state, 'superserver.absent')
  // What cannot be proved is not begun: the dump is the daemon's only account of itself.
  if (before.daemon !== null && before.dump === null)
    return refuse(state, 'superserver.silent', { pid: before.daemon.pid })
  const resolution = resolve(before)
  const edits = new Drafts(before)
  const refusal = carryOut(state, resolution, edits, intent)
  if (refusal !== null) return refusal
  const made = changeOf(state, before, edits, { title: titleOf(intent), reason: intent.reason, intent })
  if (!made.ok) return made
  const after = resolve(edits.state())
  const unheard = newlyIgnored(resolution, after)
  if (unheard !== null) {
    const { attribute, value, ...params } = unheard.params
    const named = { attribute: attribute ?? '', value: value ?? '', cause: unheard.code }
    return refuse(state, 'superserver.wouldIgnore', {
      ...params,
      ...named,
      path: unheard.path,
      line: unheard.line,
    })
  }
  const refused = newlyRefused(resolution, after)
  if (refused !== null) {
    const cause = refused.diagnostics.find(({ effect }) => effect === 'serviceRefused')
    const params = {
      service: refused.id,
      cause: cause?.code ?? '',
      path: refused.path,
      line: cause?.line ?? refused.line,
      ...cause?.params,
    }
    return refuse(state, 'superserver.wouldRefuse', params)
  }
  return made
}

/** What an edit of the files is on the host: whom it disturbs, the reload, and what must hold then. */
export function changeOf(
  state: SuperserverState,
  before: XinetdState,
  edits: Drafts,
  heading: Pick<Change, 'title' | 'reason' | 'intent'>,
): Answer<Change> {
  const steps = edits.steps()
  if (steps.length === 0) return refuse(state, 'superserver.nothingToDo')
  const resolution = resolve(before)
  const after = resolve(edits.state())
  if (after.exits && !resolution.exits) {
    const cause = after.diagnostics.find(({ effect }) => effect === 'daemonExits')
    return refuse(state, 'superserver.wouldExit', {
      cause: cause?.code ?? '',
      path: cause?.path ?? '',
      line: cause?.line ?? 0,
    })
  }
  const reload = before.daemon === null ? [] : [reloadStep(before.daemon)]
  return ok({
    ...heading,
    parts: [
      {
        host: state.host,
        steps: [...steps, ...reload],
        disturbs: disturb(before, resolution, after),
        proof: { capability: 'superserver', expect: proofOf(before, resolution, after, steps) },
      },
    ],
  })
}

type Refusal = { readonly ok: false; readonly problem: ReturnType<typeof problem> }

export function refuse(
  { host }: SuperserverState,
  code: ProblemCode,
  params: Readonly<Record<string, string | number>> = {},
): Refusal {
  return fail(problem(code, params, { host }))
}

function carryOut(
  state: SuperserverState,
  resolution: Resolution,
  drafts: Drafts,
  intent: SuperserverIntent,
): Refusal | null {
  switch (intent.kind) {
    case 'editService':
      return editService(state, drafts, intent.service, intent.set, intent.comment)
    case 'enableServices':
      return enableServices(state, resolution, drafts, intent.services)
    case 'disableServices':
      return each(intent.services, (ref) => editService(state, drafts, ref, { disable: ['yes'] }, undefined))
    case 'fixLineEnds': {
      const text = drafts.text(intent.path)
      if (text === null) return refuse(state, 'superserver.unreadable', { path: intent.path })
      drafts.put(intent.path, xinetd.print(withoutCarriageReturns(xinetd.parse(text))))
      return null
    }
    default:
      return assertNever(intent)
  }
}

function each<T>(items: readonly T[], act: (item: T) => Refusal | null): Refusal | null {
  for (const item of items) {
    const refusal = act(item)
    if (refusal !== null) return refusal
  }
  return null
}

function editService(
  state: SuperserverState,
  drafts: Drafts,
  ref: ServiceRef,
  set: Readonly<Record<string, AttributeValue>>,
  comment: readonly string[] | undefined,
): Refusal | null {
  const text = drafts.text(ref.path)
  if (text === null) return refuse(state, 'superserver.unreadable', { path: ref.path })
  let document = xinetd.parse(text)
  const at = placeOf(document, ref)
  if (at === null) return refuse(state, 'superserver.unknownService', { service: ref.id, path: ref.path })
  for (const [name, value] of Object.entries(set))
    document = putAttribute(document, at, name, assignmentsFor(value))
  if (comment !== undefined) document = setComment(document, at, comment)
  drafts.put(ref.path, xinetd.print(document))
  return null
}

function assignmentsFor(value: AttributeValue): readonly Assignment[] {
  if (value === null) return []
  const assignments = value.flatMap((item) => (typeof item === 'string' ? [] : [item]))
  const words = value.flatMap((item) => (typeof item === 'string' ? [item] : []))
  return assignments.length > 0 ? assignments : [{ operator: '=', values: words }]
}

/** A service is enabled by its own line; one that `defaults` disables is not, since that line is another's. */
function enableServices(
  state: SuperserverState,
  resolution: Resolution,
  drafts: Drafts,
  refs: readonly ServiceRef[],
): Refusal | null {
  return each(refs, (ref) => {
    const service = resolution.services.find(
      ({ path, id, occurrence }) => path === ref.path && id === ref.id && occurrence === ref.occurrence,
    )
    if (service === undefined)
      return refuse(state, 'superserver.unknownService', { service: ref.id, path: ref.path })
    if (service.state === 'enabled') return null
    const elsewhere = service.diagnostics.find(
      ({ code }) => code === 'disabledByDefaults' || code === 'notInEnabled',
    )
    if (elsewhere !== undefined)
      return refuse(state, 'superserver.enabledElsewhere', { service: ref.id, cause: elsewhere.code })
    return editService(state, drafts, ref, { disable: ['no'] }, undefined)
  })
}

/** The block's place in the document's nodes; null: there is none such. */
function placeOf(document: XinetdDocument, ref: ServiceRef): number | null {
  let seen = 0
  for (const [at, node] of document.nodes.entries()) {
    if (node.kind !== 'service' || idOf(node) !== ref.id) continue
    if (seen === ref.occurrence) return at
    seen += 1
  }
  return null
}

/** A service that was not refused, and would be. What was refused before may stay so. */
function newlyRefused(before: Resolution, after: Resolution): XinetdService | null {
  const old = keyed(before)
  for (const [key, service] of keyed(after)) {
    if (service.state === 'refused' && old.get(key)?.state !== 'refused') return service
  }
  return null
}

/**
 * A line, or a word of it, that would be ignored in a service that runs: it was not so before, so the intent wrote
 * it. Not every bad value refuses its service: `disable = no` behind it takes that back, and the daemon runs on
 * without the line.
 */
function newlyIgnored(before: Resolution, after: Resolution): Diagnostic | null {
  const told = ({ effect }: Diagnostic) =>
    effect === 'lineIgnored' || effect === 'wordIgnored' || effect === 'serviceRefused'
  const old = keyed(before)
  for (const [key, service] of keyed(after)) {
    if (service.state === 'refused') continue
    const known = old.get(key)?.diagnostics.filter(told).length ?? 0
    const now = service.diagnostics.filter(told)
    const newest = now.find(({ code }) =>
      ['badValue', 'wrongCount', 'inlineComment', 'badAddress'].includes(code),
    )
    if (now.length > known && newest !== undefined) return newest
  }
  return null
}

/** By path, name and place among the file's services of that name: an edit may change ids and lines. */
function keyed({ services }: Resolution): ReadonlyMap<string, XinetdService> {
  const found = new Map<string, XinetdService>()
  const seen = new Map<string, number>()
  for (const service of services) {
    const name = JSON.stringify([service.path, service.name])
    const place = seen.get(name) ?? 0
    seen.set(name, place + 1)
    found.set(`${name}${place}`, service)
  }
  return found
}

function titleOf(intent: SuperserverIntent): Phrase {
  switch (intent.kind) {
    case 'editService':
      return { key: 'xinetd.change.edit', params: { service: intent.service.id } }
    case 'enableServices':
      return { key: 'xinetd.change.enable', params: named(intent.services) }
    case 'disableServices':
      return { key: 'xinetd.change.disable', params: named(intent.services) }
    case 'fixLineEnds':
      return { key: 'xinetd.change.fixLineEnds', params: { path: intent.path } }
    default:
      return assertNever(intent)
  }
}

function named(services: readonly ServiceRef[]): Phrase['params'] {
  return { services: services.map(({ id }) => id).join(', '), count: services.length }
}
