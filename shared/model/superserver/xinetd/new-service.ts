import { addService, commentOf, idOf, isBlock, removeService, setComment, xinetd } from '../../../lens/xinetd'
import type { Assignment, XinetdDocument } from '../../../lens/xinetd'
import { placeOf, type Drafts } from '../drafts'
import type { ServiceRef, SuperserverIntent } from '../intent'
import { refuse, type Refusal } from '../refuse'
import type { SuperserverState, XinetdState } from '../state'
import { nodeOf } from './edit'

type Create = Extract<SuperserverIntent, { kind: 'createService' }>

/** A service in a file of its own, with the script that it runs if that is new too. */
export function createService(
  state: SuperserverState,
  xinetdState: XinetdState,
  drafts: Drafts,
  intent: Create,
): Refusal | null {
  const { path, name, set, comment, script, also } = intent
  const refusal = cannotStand(state, xinetdState, drafts, path)
  if (refusal !== null) return refusal
  if (script !== undefined) drafts.create(script.path, script.text, 0o755)
  const blocks = [
    written(name, attributesOf(set), comment ?? []),
    ...also.map((other) => written(name, attributesOf(other), [])),
  ]
  drafts.create(path, blocks.join('\n'))
  return null
}

/** Takes a service out; with the last of a file of includedir goes the file. */
export function deleteService(
  state: SuperserverState,
  xinetdState: XinetdState,
  drafts: Drafts,
  ref: ServiceRef,
): Refusal | null {
  const taken = takeOut(state, xinetdState, drafts, ref)
  return 'problem' in taken ? taken : null
}

/** A service of a larger file into one of its own, with its comment and every line of its block. */
export function moveService(
  state: SuperserverState,
  xinetdState: XinetdState,
  drafts: Drafts,
  ref: ServiceRef,
  path: string,
): Refusal | null {
  const refusal = cannotStand(state, xinetdState, drafts, path)
  if (refusal !== null) return refusal
  const taken = takeOut(state, xinetdState, drafts, ref)
  if ('problem' in taken) return taken
  drafts.create(path, taken.text)
  return null
}

/** Whether xinetd would read a new file of that name: a dot and a tilde make it pass over it (xinetd.conf(5), includedir). */
export function cannotStand(
  state: SuperserverState,
  { directories }: XinetdState,
  drafts: Drafts,
  path: string,
): Refusal | null {
  const { folder, name } = placeOf(path)
  const directory = directories[folder]
  if (directory?.kind !== 'directory') return refuse(state, 'superserver.notIncluded', { path, folder })
  if (name === '' || name.includes('.') || name.endsWith('~'))
    return refuse(state, 'superserver.badFileName', { path })
  if (directory.entries.includes(name) || drafts.text(path) !== null)
    return refuse(state, 'superserver.fileExists', { path })
  return null
}

type Taken = { readonly text: string }

export function takeOut(
  state: SuperserverState,
  { directories }: XinetdState,
  drafts: Drafts,
  ref: ServiceRef,
): Taken | Refusal {
  const text = drafts.text(ref.path)
  if (text === null) return refuse(state, 'superserver.unreadable', { path: ref.path })
  const document = xinetd.parse(text)
  const at = nodeOf(document, ref)
  if (at === null) return refuse(state, 'superserver.unknownService', { service: ref.id, path: ref.path })
  const from = at - commentOf(document, at).length
  const rest = removeService(document, at)
  const isLast = !rest.nodes.some(
    (node) => isBlock(node) || node.kind === 'include' || node.kind === 'includedir',
  )
  const isIncluded = directories[placeOf(ref.path).folder]?.kind === 'directory'
  if (isLast && isIncluded) drafts.remove(ref.path)
  else drafts.put(ref.path, xinetd.print(rest))
  return { text: xinetd.print({ nodes: document.nodes.slice(from, at + 1) }) }
}

function attributesOf(set: Create['set']): readonly (Assignment & { readonly name: string })[] {
  return Object.entries(set).map(([name, values]) => ({ name, operator: '=', values }))
}

function written(
  name: string,
  attributes: readonly (Assignment & { readonly name: string })[],
  comment: readonly string[],
): string {
  const empty: XinetdDocument = { nodes: [] }
  const document = addService(empty, name, attributes)
  const at = document.nodes.findIndex((node) => node.kind === 'service' && idOf(node) !== '')
  return xinetd.print(setComment(document, at, comment))
}
