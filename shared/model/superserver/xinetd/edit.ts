import {
  addDefaults,
  defaultsIn,
  idOf,
  putAttribute,
  setComment,
  withoutCarriageReturns,
  xinetd,
} from '../../../lens/xinetd'
import type { Assignment, XinetdDocument } from '../../../lens/xinetd'
import type { Drafts } from '../drafts'
import type { AttributeValue, DefaultsRef, ServiceRef } from '../intent'
import { each, refuse, type Refusal } from '../refuse'
import type { SuperserverState } from '../state'
import type { Resolution } from './resolve'

/** What a block shall say. */
type BlockEdit = {
  readonly set: Readonly<Record<string, AttributeValue>>
  readonly comment?: readonly string[] | undefined
}
type Place = { readonly document: XinetdDocument; readonly at: number }

export function editService(
  state: SuperserverState,
  drafts: Drafts,
  ref: ServiceRef,
  edit: BlockEdit,
): Refusal | null {
  return editBlock(state, drafts, { path: ref.path, name: ref.id }, edit, (document) => {
    const at = nodeOf(document, ref)
    return at === null ? null : { document, at }
  })
}

/** A file without `defaults` gets one. */
export function editDefaults(
  state: SuperserverState,
  drafts: Drafts,
  { path, occurrence }: DefaultsRef,
  edit: BlockEdit,
): Refusal | null {
  return editBlock(state, drafts, { path, name: 'defaults' }, edit, (document) => {
    const places = defaultsIn(document)
    const place = places[occurrence]
    if (place !== undefined) return { document, at: place.at }
    return places.length === 0 && occurrence === 0 ? addDefaults(document) : null
  })
}

function editBlock(
  state: SuperserverState,
  drafts: Drafts,
  { path, name }: { readonly path: string; readonly name: string },
  { set, comment }: BlockEdit,
  find: (document: XinetdDocument) => Place | null,
): Refusal | null {
  const text = drafts.text(path)
  if (text === null) return refuse(state, 'superserver.unreadable', { path })
  const found = find(xinetd.parse(text))
  if (found === null) return refuse(state, 'superserver.unknownService', { service: name, path })
  const { at } = found
  let { document } = found
  for (const [attribute, value] of Object.entries(set))
    document = putAttribute(document, at, attribute, assignmentsFor(value))
  if (comment !== undefined) document = setComment(document, at, comment)
  drafts.put(path, xinetd.print(document))
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
    return editService(state, drafts, ref, { set: { disable: ['no'] } })
  })
}

export function disableServices(
  state: SuperserverState,
  drafts: Drafts,
  refs: readonly ServiceRef[],
): Refusal | null {
  return each(refs, (ref) => editService(state, drafts, ref, { set: { disable: ['yes'] } }))
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
