import type { InetdDocument, InetdLine } from './document'

const TAB = 8

/** The words of an entry as one line, in the columns of the entries around it; without any, with a tab between. */
export function laidOut(words: readonly string[], { lines }: InetdDocument, near: number): string {
  const model = modelFor(lines, near)
  const starts = model === null ? [] : startsOf(model)
  const usesTabs = model === null || model.text.slice(0, model.fields.at(-1)?.at).includes('\t')
  let text = ''
  for (const [index, word] of words.entries()) {
    // The arguments of a program stand in no columns.
    if (index > 0) text += index > 6 ? ' ' : gapTo(column(text), starts[index] ?? 0, usesTabs)
    text += word
  }
  return text
}

type Model = {
  readonly text: string
  readonly fields: readonly { readonly text: string; readonly at: number }[]
}

/** The nearest entry with all its fields, above before below. */
function modelFor(lines: readonly InetdLine[], near: number): Model | null {
  for (let at = Math.min(near, lines.length) - 1; at >= 0; at--) {
    const model = modelOf(lines[at])
    if (model !== null) return model
  }
  for (let at = near; at < lines.length; at++) {
    const model = modelOf(lines[at])
    if (model !== null) return model
  }
  return null
}

function modelOf(line: InetdLine | undefined): Model | null {
  return (line?.kind === 'entry' || line?.kind === 'disabled') && line.fields.length >= 6 ? line : null
}

function startsOf({ text, fields }: Model): readonly number[] {
  return fields.slice(0, 7).map(({ at }) => column(text.slice(0, at)))
}

function gapTo(from: number, target: number, usesTabs: boolean): string {
  if (!usesTabs) return ' '.repeat(Math.max(1, target - from))
  const tabs = Math.floor(target / TAB) - Math.floor(from / TAB)
  return '\t'.repeat(Math.max(1, tabs))
}

function column(text: string): number {
  let at = 0
  for (const character of text) at = character === '\t' ? at + TAB - (at % TAB) : at + 1
  return at
}

/** What ends the lines of this document: that of its first line, '\n' when it has none. */
export function eolOf({ lines }: InetdDocument): string {
  return lines[0]?.eol === '\r\n' ? '\r\n' : '\n'
}
