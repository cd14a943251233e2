import { idOf, putAttribute, setComment, withoutCarriageReturns, xinetd } from '../../../lens/xinetd'
import type { Assignment, XinetdDocument } from '../../../lens/xinetd'
import type { Drafts } from '../drafts'
import type { AttributeValue, ServiceRef } from '../intent'
import { each, refuse, type Refusal } from '../refuse'
import type { SuperserverState } from '../state'
import type { Resolution } from './resolve'

export function editService(
  state: SuperserverState,
  drafts: Drafts,
  ref: ServiceRef,
  set: Readonly<Record<string, AttributeValue>>,
  comment?: readonly string[],
): Refusal | null {
  const text = drafts.text(ref.path)
  if (text === null) return refuse(state, 'superserver.unreadable', { path: ref.path })
  let document = xinetd.parse(text)
  const at = nodeOf(document, ref)
  if (at === null) return refuse(state, 'superserver.unknownService', { service: ref.id, path: ref.path })
  for (const [name, value] of Object.entries(set))
    document = putAttribute(document, at, name, assignmentsFor(value))
  if (comment !== undefined) document = setComment(document, at, comment)
  drafts.put(ref.path, xinetd.print(document))
  return null
}

/** A service is enabled by its own line; one that `defaults` disables is not, since that line is another's. */
export function enableServices(
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
    return editService(state, drafts, ref, { disable: ['no'] })
  })
}

export function disableServices(
  state: SuperserverState,
  drafts: Drafts,
  refs: readonly ServiceRef[],
): Refusal | null {
  return each(refs, (ref) => editService(state, drafts, ref, { disable: ['yes'] }))
}

export function fixLineEnds(state: SuperserverState, drafts: Drafts, path: string): Refusal | null {
  const text = drafts.text(path)
  if (text === null) return refuse(state, 'superserver.unreadable', { path })
  drafts.put(path, xinetd.print(withoutCarriageReturns(xinetd.parse(text))))
  return null
}

function assignmentsFor(value: AttributeValue): readonly Assignment[] {
  if (value === null) return []
  const assignments = value.flatMap((item) => (typeof item === 'string' ? [] : [item]))
  const words = value.flatMap((item) => (typeof item === 'string' ? [item] : []))
  return assignments.length > 0 ? assignments : [{ operator: '=', values: words }]
}

/** The block's place in the document's nodes; null: there is none such. */
export function nodeOf(document: XinetdDocument, ref: ServiceRef): number | null {
  let seen = 0
  for (const [at, node] of document.nodes.entries()) {
    if (node.kind !== 'service' || idOf(node) !== ref.id) continue
    if (seen === ref.occurrence) return at
    seen += 1
  }
  return null
}
