import type { Block, Node, XinetdDocument } from './document'
import { commentOf, ended } from './edit'
import { eolOf } from './layout'
import { linesOf } from './print'

/** Where `defaults` stand: their places in `document.nodes`, and the lines of their headers, from 1. */
export function defaultsIn({
  nodes,
}: XinetdDocument): readonly { readonly at: number; readonly line: number }[] {
  let line = 1
  return nodes.flatMap((node, at) => {
    const here = { at, line }
    line += linesOf(node).length
    return node.kind === 'defaults' ? [here] : []
  })
}

/**
 * Puts an empty `defaults` before everything that the daemon reads: what stands above it would not inherit from it. A
 * comment that belongs to nothing stays at the file's head.
 */
export function addDefaults(document: XinetdDocument): {
  readonly document: XinetdDocument
  readonly at: number
} {
  const { nodes } = document
  const eol = eolOf(document)
  const first = nodes.findIndex(({ kind }) => kind !== 'blank' && kind !== 'comment')
  const at = first === -1 ? nodes.length : first - commentOf(document, first).length
  const block: Block = {
    kind: 'defaults',
    header: { text: 'defaults', eol },
    gap: [],
    open: { text: '{', eol },
    body: [],
    close: { text: '}', eol },
  }
  const blank: Node = { kind: 'blank', text: '', eol }
  const before = at === nodes.length ? ended(document, eol) : nodes.slice(0, at)
  const above = before.at(-1)?.kind === 'comment' ? [blank] : []
  const below = at === nodes.length ? [] : [blank]
  return {
    document: { nodes: [...before, ...above, block, ...below, ...nodes.slice(at)] },
    at: before.length + above.length,
  }
}
