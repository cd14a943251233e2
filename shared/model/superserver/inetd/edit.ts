import { addEntry, disable, enable, inetd, removeEntry, setArguments, setField } from '../../../lens/inetd'
import type { Dialect, Edited, EditRefusal, FieldName, InetdDocument } from '../../../lens/inetd'
import type { Drafts } from '../drafts'
import type { EntryRef } from '../intent'
import { refuse, type Refusal } from '../refuse'
import type { InetdState, SuperserverState } from '../state'

type Edit = (document: InetdDocument, dialect: Dialect, at: number) => Edited

export const enabled: Edit = enable
export const disabled: Edit = disable
export const removed: Edit = removeEntry

/** Other words in some columns of an entry, and other arguments of its program, its own name first. */
export function rewritten(
  set: { readonly [F in FieldName]?: string | undefined },
  argv: readonly string[] | undefined,
): Edit {
  const fields: readonly FieldName[] = ['service', 'socketType', 'protocol', 'wait', 'user', 'program']
  return (document, dialect, at) => {
    let edited: Edited = { kind: 'edited', document }
    for (const field of fields) {
      const value = set[field]
      if (value === undefined || edited.kind === 'refused') continue
      edited = setField(edited.document, dialect, at, field, value)
    }
    return argv === undefined || edited.kind === 'refused'
      ? edited
      : setArguments(edited.document, dialect, at, argv)
  }
}

/** Edits the entry, if it still stands where it was seen. */
export function editEntry(
  state: SuperserverState,
  { dialect }: InetdState,
  drafts: Drafts,
  ref: EntryRef,
  edit: Edit,
): Refusal | null {
  const text = drafts.text(ref.path)
  if (text === null) return refuse(state, 'superserver.unreadable', { path: ref.path })
  const document = inetd.parse(text)
  const at = ref.line - 1
  if (document.lines[at]?.text !== ref.text)
    return refuse(state, 'superserver.unknownService', { service: ref.text, path: ref.path })
  return put(state, drafts, ref, edit(document, dialect, at))
}

/** Adds an entry behind the last line of the file. */
export function appendEntry(
  state: SuperserverState,
  { dialect }: InetdState,
  drafts: Drafts,
  path: string,
  words: readonly string[],
): Refusal | null {
  const text = drafts.text(path)
  if (text === null) return refuse(state, 'superserver.unreadable', { path })
  const document = inetd.parse(text)
  const line = document.lines.length
  return put(state, drafts, { path, line }, addEntry(document, dialect, line, words))
}

function put(
  state: SuperserverState,
  drafts: Drafts,
  { path, line }: Pick<EntryRef, 'path' | 'line'>,
  edited: Edited,
): Refusal | null {
  if (edited.kind === 'refused') return refusal(state, edited.refusal, path, line)
  drafts.put(path, inetd.print(edited.document))
  return null
}

function refusal(state: SuperserverState, why: EditRefusal, path: string, line: number): Refusal {
  switch (why.reason) {
    case 'notAnEntry':
      return refuse(state, 'superserver.unknownService', { service: '', path })
    case 'cannotStand':
      return refuse(state, 'superserver.cannotStand', { value: why.value, path })
    case 'outOfReach':
      return refuse(state, 'superserver.outOfReach', { path, line })
    case 'daemonRefuses':
      return refuse(state, 'superserver.inetdRefuses', { value: why.value, cause: why.refusal, path, line })
    case 'takenOtherwise':
      return refuse(state, 'superserver.takenOtherwise', { cause: why.warning.code, path, line })
    case 'changesOthers':
      return refuse(state, 'superserver.changesOthers', { path, line })
  }
}
