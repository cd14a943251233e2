import type { Entry, Node } from './document'

const TAB = 8

/** A gap before a field: up to a column (tab stops of 8), or where that is passed already, one blank. */
export type Gap = { readonly column: number; readonly tabs: boolean }

/** How lines are laid out, so that a new line looks like its neighbours. */
export type Layout = {
  readonly lead: string
  readonly port: Gap
  readonly aliases: Gap
  readonly comment: Gap
}

/** As in Debian's /etc/services. */
const USUAL: Layout = {
  lead: '',
  port: { column: 16, tabs: true },
  aliases: { column: 32, tabs: true },
  comment: { column: 48, tabs: true },
}

/** The layout of the lines around a place: each field's gap from the nearest line that has the field, those above first. */
export function layoutAt(nodes: readonly Node[], place: number): Layout {
  const nearest = (fits: (entry: Entry) => boolean): Entry | undefined => {
    for (let at = place - 1; at >= 0; at--) {
      const node = nodes[at]
      if (node?.kind === 'entry' && fits(node)) return node
    }
    return nodes.slice(place).find((node): node is Entry => node.kind === 'entry' && fits(node))
  }
  const model = nearest(() => true)
  const aliased = nearest(({ aliases }) => aliases.length > 0)
  const commented = nearest(({ comment }) => comment !== null)
  const port =
    model === undefined ? USUAL.port : gapOf(model.text, model.nameAt + model.name.length, model.portAt)
  const unseen = ({ column }: Gap): Gap => ({ column: port.column === 0 ? 0 : column, tabs: port.tabs })
  return {
    lead: model?.text.slice(0, model.nameAt) ?? USUAL.lead,
    port,
    aliases:
      aliased === undefined
        ? unseen(USUAL.aliases)
        : gapOf(aliased.text, endOfProtocol(aliased), aliased.aliasesAt),
    comment:
      commented === undefined
        ? unseen(USUAL.comment)
        : gapOf(commented.text, commented.aliasesEnd, commented.commentAt),
  }
}

export function endOfProtocol({ protocol, protocolAt, portEnd }: Entry): number {
  return protocolAt === null ? portEnd : protocolAt + protocol.length
}

function gapOf(text: string, from: number, to: number): Gap {
  const gap = text.slice(from, to)
  // One blank keeps no column.
  return { column: gap === ' ' ? 0 : columnOf(text.slice(0, to)), tabs: gap.includes('\t') }
}

function columnOf(text: string): number {
  let column = 0
  for (const character of text) column = character === '\t' ? column + TAB - (column % TAB) : column + 1
  return column
}

/** The text, and the field behind the gap. */
export function joined(text: string, { column, tabs }: Gap, field: string): string {
  let at = columnOf(text)
  if (at >= column) return text + (tabs ? '\t' : ' ') + field
  if (!tabs) return text + ' '.repeat(column - at) + field
  let stops = 0
  for (; at < column; at += TAB - (at % TAB)) stops += 1
  return text + '\t'.repeat(stops) + field
}
