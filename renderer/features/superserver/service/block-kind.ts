import { commentOf, defaultsIn, idOf, type Block, type XinetdDocument } from '../../../../shared/lens/xinetd'
import {
  resolve,
  type DefaultsBlock,
  type SuperserverIntent,
  type SuperserverState,
  type XinetdService,
} from '../../../../shared/model/superserver'

type EditOf = Pick<Extract<SuperserverIntent, { kind: 'editService' }>, 'set' | 'comment'>

/** What a draft has to know of the block that it edits: a service, or `defaults`. */
export interface BlockKind<B extends XinetdService | DefaultsBlock> {
  /** Those of a file, in their order. */
  readonly blocksIn: (state: SuperserverState, path: string) => readonly B[]
  readonly isSame: (a: B, b: B) => boolean
  readonly intent: (block: B, edit: EditOf) => SuperserverIntent
  /** Its place in the document's nodes. */
  readonly nodeAt: (document: XinetdDocument, block: B) => number | undefined
}

const common = { capability: 'superserver', reason: '' } as const

export const serviceKind: BlockKind<XinetdService> = {
  blocksIn: ({ xinetd }, path) =>
    xinetd === null ? [] : resolve(xinetd).services.filter((service) => service.path === path),
  isSame: (a, b) => a.id === b.id && a.occurrence === b.occurrence,
  intent: ({ path, id, occurrence }, edit) => ({
    ...common,
    kind: 'editService',
    service: { path, id, occurrence },
    ...edit,
  }),
  nodeAt: ({ nodes }, { id, occurrence }) =>
    [...nodes.entries()].flatMap(([at, node]) => (node.kind === 'service' && idOf(node) === id ? [at] : []))[
      occurrence
    ],
}

export const defaultsKind: BlockKind<DefaultsBlock> = {
  blocksIn: ({ xinetd }, path) =>
    xinetd === null ? [] : resolve(xinetd).defaultsBlocks.filter((block) => block.path === path),
  isSame: (a, b) => a.occurrence === b.occurrence,
  intent: ({ path, occurrence }, edit) => ({
    ...common,
    kind: 'editDefaults',
    defaults: { path, occurrence },
    ...edit,
  }),
  nodeAt: (document, { occurrence }) => defaultsIn(document)[occurrence]?.at,
}

/** The block's own lines, and the comment right above it. */
export function blockAt(
  document: XinetdDocument,
  at: number | undefined,
): { readonly node: Block; readonly comment: readonly string[] } | null {
  const node = at === undefined ? undefined : document.nodes[at]
  if (at === undefined || (node?.kind !== 'service' && node?.kind !== 'defaults')) return null
  return { node, comment: commentOf(document, at).map(({ text }) => text) }
}
