import { isRead, services, type Edited, type ServicesDocument } from '../../../lens/services'
import type { Drafts } from '../drafts'
import { sharedPaths } from '../files'
import type { SuperserverIntent } from '../intent'
import { refuse, type Refusal } from '../refuse'
import type { SuperserverState } from '../state'

type Ref = Extract<SuperserverIntent, { kind: 'removePortName' }>['name']

const path = sharedPaths.services

/** Edits /etc/services. */
export function editNames(
  state: SuperserverState,
  drafts: Drafts,
  edit: (document: ServicesDocument) => Edited,
): Refusal | null {
  const text = drafts.text(path)
  if (text === null) return refuse(state, 'superserver.unreadable', { path })
  const edited = edit(services.parse(text))
  if (edited.kind === 'refused')
    return refuse(state, 'superserver.cannotStand', { value: edited.value, path })
  drafts.put(path, services.print(edited.document))
  return null
}

/** Edits an entry of it, if it still stands where it was seen. */
export function editName(
  state: SuperserverState,
  drafts: Drafts,
  { line, text }: Ref,
  edit: (document: ServicesDocument, at: number) => Edited,
): Refusal | null {
  const at = line - 1
  const node = services.parse(drafts.text(path) ?? '').nodes[at]
  if (!isRead(node) || node.text !== text)
    return refuse(state, 'superserver.unknownService', { service: text.trim(), path })
  return editNames(state, drafts, (document) => edit(document, at))
}
