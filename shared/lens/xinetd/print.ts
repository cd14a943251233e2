import { assertNever } from '../../assert-never'
import type { Line } from '../line'
import { printLines } from '../line'
import type { Node, XinetdDocument } from './document'

export function print(document: XinetdDocument): string {
  let text = ''
  for (const node of document.nodes) text += printLines(linesOf(node))
  return text
}

/** The lines of a node in order. */
export function linesOf(node: Node): readonly Line[] {
  switch (node.kind) {
    case 'blank':
    case 'comment':
    case 'include':
    case 'includedir':
      return [node]
    case 'service':
    case 'defaults':
      return [node.header, ...node.gap, node.open, ...node.body, ...(node.close === null ? [] : [node.close])]
    case 'skipped':
      return node.lines
    default:
      return assertNever(node)
  }
}
