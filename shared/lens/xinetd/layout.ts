import type { Attribute, Operator, XinetdDocument } from './document'
import { isBlock } from './document'
import { linesOf } from './print'
import { scanBodyLine } from './scan'

const TAB = 8

/** How lines of a block are laid out, so that a new line looks like its neighbours. */
export type Layout = {
  readonly lead: string
  /** The column, counted from 0 with tab stops of 8, where operators stand; null: one space after the name. */
  readonly operatorColumn: number | null
  readonly tabs: boolean
  readonly afterOperator: string
}

const USUAL: Layout = { lead: '\t', operatorColumn: 24, tabs: true, afterOperator: ' ' }

export function layoutOf(body: readonly { readonly kind: string }[], document: XinetdDocument): Layout {
  const own = attributesIn(body)
  if (own.length > 0) return layoutFrom(own)
  for (const node of document.nodes) {
    if (!isBlock(node)) continue
    const attributes = attributesIn(node.body)
    if (attributes.length > 0) return layoutFrom(attributes)
  }
  return USUAL
}

function attributesIn(body: readonly { readonly kind: string }[]): readonly Attribute[] {
  return body.filter((line): line is Attribute => line.kind === 'attribute')
}

function layoutFrom(attributes: readonly Attribute[]): Layout {
  const model = attributes.at(-1)
  if (model === undefined) return USUAL
  const gap = model.text.slice(model.nameAt + model.name.length, model.operatorAt)
  const columns = new Set(attributes.map((line) => column(line.text.slice(0, line.operatorAt))))
  return {
    lead: model.text.slice(0, model.nameAt),
    operatorColumn:
      columns.size === 1 || gap.length > 1 ? column(model.text.slice(0, model.operatorAt)) : null,
    tabs: gap.includes('\t'),
    afterOperator: /^[ \t]*/.exec(model.text.slice(model.valuesAt))?.[0] ?? '',
  }
}

function column(text: string): number {
  let at = 0
  for (const character of text) at = character === '\t' ? at + TAB - (at % TAB) : at + 1
  return at
}

/** A new attribute line. White space before the operator is mandatory. */
export function attributeLine(
  layout: Layout,
  name: string,
  operator: Operator,
  values: readonly string[],
  eol: string,
): Attribute {
  const before = layout.lead + name
  const target = layout.operatorColumn ?? 0
  const padded = layout.tabs
    ? tabsTo(before, target)
    : before + ' '.repeat(Math.max(1, target - column(before)))
  const text =
    padded + operator + (values.length === 0 ? '' : (layout.afterOperator || ' ') + values.join(' '))
  const line = scanBodyLine({ text, eol })
  if (line.kind !== 'attribute') throw new RangeError(`not an attribute line: ${text}`)
  return line
}

function tabsTo(text: string, target: number): string {
  let padded = `${text}\t`
  while (column(padded) < target - TAB + 1) padded += '\t'
  return column(padded) < target ? padded + ' '.repeat(target - column(padded)) : padded
}

/** What ends the lines of this document: that of its first line, '\n' when it has none. */
export function eolOf(document: XinetdDocument): string {
  for (const node of document.nodes) {
    const eol = linesOf(node)[0]?.eol
    if (eol === '\r\n') return eol
    if (eol === '\n') return eol
  }
  return '\n'
}
