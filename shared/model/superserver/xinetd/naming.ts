import {
  assignmentsOf,
  idOf,
  putAttribute,
  removeAttribute,
  renameService as renameHeader,
  setAttribute,
  xinetd,
  type Service,
  type XinetdDocument,
} from '../../../lens/xinetd'
import { placeOf, type Drafts } from '../drafts'
import type { ServiceRef, SuperserverIntent } from '../intent'
import { refuse, type Refusal } from '../refuse'
import type { SuperserverState, XinetdState } from '../state'
import { nodeOf } from './edit'
import { cannotStand, takeOut } from './new-service'
import { resolve } from './resolve'

type Copy = Extract<SuperserverIntent, { kind: 'copyService' }>
type Rename = Extract<SuperserverIntent, { kind: 'renameService' }>

/** The same service once more, in a file of its own: each line of it, but for its name and what is to be another's. */
export function copyService(
  state: SuperserverState,
  xinetdState: XinetdState,
  drafts: Drafts,
  { service, name, path, set }: Copy,
): Refusal | null {
  const refusal = cannotStand(state, xinetdState, drafts, path) ?? nameTaken(state, xinetdState, name)
  if (refusal !== null) return refusal
  const text = drafts.text(service.path)
  if (text === null) return refuse(state, 'superserver.unreadable', { path: service.path })
  const document = xinetd.parse(text)
  const at = nodeOf(document, service)
  const node = at === null ? undefined : document.nodes[at]
  if (node?.kind !== 'service')
    return refuse(state, 'superserver.unknownService', { service: service.id, path: service.path })
  let copy: XinetdDocument = { nodes: [node] }
  for (const [attribute, values] of Object.entries(set)) copy = setAttribute(copy, 0, attribute, values)
  const types = wordsOf(serviceIn(copy, node), 'type')
  // A port that /etc/services does not give it makes it one that is not in there.
  if (Object.hasOwn(set, 'port') && !types.includes('UNLISTED'))
    copy = setAttribute(copy, 0, 'type', [...types, 'UNLISTED'])
  drafts.create(path, ended(xinetd.print(named(copy, 0, name, false))))
  return null
}

/**
 * What xinetd calls a service, and its file with it if that is its alone. The header stays where it says more than a
 * name: then an `id` is put beside it. The lists of `defaults` follow.
 */
export function renameService(
  state: SuperserverState,
  xinetdState: XinetdState,
  drafts: Drafts,
  { service, name, path }: Rename,
): Refusal | null {
  const isMoved = path !== service.path
  const refusal =
    (isMoved ? cannotStand(state, xinetdState, drafts, path) : null) ??
    (name.toLowerCase() === service.id.toLowerCase() ? null : nameTaken(state, xinetdState, name))
  if (refusal !== null) return refusal
  const text = drafts.text(service.path)
  if (text === null) return refuse(state, 'superserver.unreadable', { path: service.path })
  const document = xinetd.parse(text)
  const at = nodeOf(document, service)
  if (at === null)
    return refuse(state, 'superserver.unknownService', { service: service.id, path: service.path })
  const renamed = named(document, at, name, true)
  if (!isMoved) drafts.put(service.path, xinetd.print(renamed))
  else if (isAlone(document, at)) drafts.move(service.path, path, xinetd.print(renamed))
  else {
    const taken = takeOut(state, xinetdState, drafts, service)
    if ('problem' in taken) return taken
    const own = xinetd.parse(taken.text)
    drafts.create(path, ended(xinetd.print(named(own, own.nodes.length - 1, name, true))))
  }
  followLists(xinetdState, drafts, service.id, name)
  return null
}

/** The directory in which a service's file can have another name; null: it has other services too, or is none of includedir. */
export function folderOfItsOwn(
  { files, directories }: XinetdState,
  { path, id, occurrence }: ServiceRef,
): string | null {
  const { folder } = placeOf(path)
  const file = files[path]
  if (file?.kind !== 'file' || directories[folder]?.kind !== 'directory') return null
  const document = xinetd.parse(file.text)
  const at = nodeOf(document, { path, id, occurrence })
  return at !== null && isAlone(document, at) ? folder : null
}

/** Whether a header is more than a name: a port of /etc/services, a service of xinetd's own, a word of a tcpmux client, or what hosts.allow is asked for (access.c). */
function meansMore(service: Service): boolean {
  const types = wordsOf(service, 'type')
  return (
    !types.includes('UNLISTED') ||
    types.some((type) => type === 'INTERNAL' || type.startsWith('TCPMUX')) ||
    assignmentsOf(service, 'redirect').length > 0
  )
}

/** @param keepsId an id of its own goes on to name it */
function named(document: XinetdDocument, at: number, name: string, keepsId: boolean): XinetdDocument {
  const node = document.nodes[at]
  if (node?.kind !== 'service' || idOf(node) === name) return document
  const hasId = assignmentsOf(node, 'id').length > 0
  if (meansMore(node) || (hasId && keepsId))
    return node.name === name ? removeAttribute(document, at, 'id') : setAttribute(document, at, 'id', [name])
  return renameHeader(removeAttribute(document, at, 'id'), at, name)
}

/** Ids are compared without regard to case (confparse.c, and `enabled` and `disabled` of defaults). */
function nameTaken(state: SuperserverState, xinetdState: XinetdState, name: string): Refusal | null {
  const other = resolve(xinetdState).services.find(({ id }) => id.toLowerCase() === name.toLowerCase())
  if (other === undefined) return null
  return refuse(state, 'superserver.nameTaken', { service: other.id, path: other.path, line: other.line })
}

/** `enabled` and `disabled` of defaults name it from then on; where another has the old name too, they name both. */
function followLists(xinetdState: XinetdState, drafts: Drafts, from: string, to: string): void {
  const isIt = (word: string): boolean => word.toLowerCase() === from.toLowerCase()
  const isShared = resolve(xinetdState).services.filter(({ id }) => isIt(id)).length > 1
  for (const path of Object.keys(xinetdState.files)) {
    const text = drafts.text(path)
    if (text === null) continue
    let document = xinetd.parse(text)
    for (const [at, node] of document.nodes.entries()) {
      if (node.kind !== 'defaults') continue
      for (const name of ['enabled', 'disabled']) {
        const lines = assignmentsOf(node, name)
        if (!lines.some(({ values }) => values.some(isIt))) continue
        const followed = lines.map(({ operator, values }) => ({
          operator,
          values: values.flatMap((word) => (isIt(word) ? (isShared ? [word, to] : [to]) : [word])),
        }))
        document = putAttribute(document, at, name, followed)
      }
    }
    const next = xinetd.print(document)
    if (next !== text) drafts.put(path, next)
  }
}

function isAlone(document: XinetdDocument, at: number): boolean {
  return document.nodes.every(
    ({ kind }, other) => other === at || kind === 'blank' || kind === 'comment' || kind === 'skipped',
  )
}

function serviceIn(document: XinetdDocument, otherwise: Service): Service {
  const [node] = document.nodes
  return node?.kind === 'service' ? node : otherwise
}

function wordsOf(service: Service, name: string): readonly string[] {
  return assignmentsOf(service, name).flatMap(({ values }) => values)
}

const ended = (text: string): string => (text.endsWith('\n') ? text : `${text}\n`)
