import type { Line } from '../line'
import { endLine, splitLines } from '../line'
import type { Attribute, Block, BodyLine, Comment, Node, Operator, XinetdDocument } from './document'
import { isBlock } from './document'
import { attributeLine, eolOf, layoutOf } from './layout'
import { parse } from './parse'
import { print } from './print'
import { blankOrComment, scanBodyLine } from './scan'

/*
 * Edits of a document: each gives a new one and leaves every line it need not touch as it was. A block is named
 * by its place in `document.nodes`, which no edit of attributes or comments inside it moves.
 */

/** One line's worth of an attribute: `only_from += 10.0.0.0/8`. */
export type Assignment = { readonly operator: Operator; readonly values: readonly string[] }

/** Two names of one attribute (parse.c gives both A_BIND). */
const ALIASES: Readonly<Record<string, string>> = { interface: 'bind' }

/** The attribute's own name, whichever of its names is used and in whichever case: the daemon compares without. */
export function canonicalName(name: string): string {
  const lower = name.toLowerCase()
  return Object.hasOwn(ALIASES, lower) ? (ALIASES[lower] ?? lower) : lower
}

/** Whether a word can stand in a file as one value: the format has no quoting. */
export function isWord(value: string): boolean {
  return /^[^ \t\n\0]+$/.test(value) && !value.endsWith('\r')
}

/** Whether a name can stand before an operator and be read back as that name. */
export function isAttributeName(name: string): boolean {
  return /^[^ \t\v\f\r\n\0=#][^ \t\v\f\r\n\0=]*$/.test(name)
}

/** All lines of a block that assign the attribute, in their order, under either of its names. */
export function assignmentsOf(block: Block, name: string): readonly Attribute[] {
  const wanted = canonicalName(name)
  return block.body.filter(
    (line): line is Attribute => line.kind === 'attribute' && canonicalName(line.name) === wanted,
  )
}

/**
 * Makes the block's own lines of an attribute exactly these. Lines that already say so stay as they are;
 * none at all: the attribute is taken out.
 * @throws RangeError when there is no block at that place, or a name or value cannot be written in the format.
 */
export function putAttribute(
  document: XinetdDocument,
  at: number,
  name: string,
  wanted: readonly Assignment[],
): XinetdDocument {
  if (!isAttributeName(name)) throw new RangeError(`not an attribute name: ${JSON.stringify(name)}`)
  for (const { values } of wanted) {
    const odd = values.find((value) => !isWord(value))
    if (odd !== undefined) throw new RangeError(`cannot stand as one word: ${JSON.stringify(odd)}`)
  }
  const block = blockAt(document, at)
  const body = bodyWith(document, block, name, wanted)
  return body === block.body ? document : replaceBody(document, at, block, body)
}

/** Sets an attribute by one line; see {@link putAttribute}. */
export function setAttribute(
  document: XinetdDocument,
  at: number,
  name: string,
  values: readonly string[],
  operator: Operator = '=',
): XinetdDocument {
  return putAttribute(document, at, name, [{ operator, values }])
}

/** Takes all the block's own lines of an attribute out; see {@link putAttribute}. */
export function removeAttribute(document: XinetdDocument, at: number, name: string): XinetdDocument {
  return putAttribute(document, at, name, [])
}

/** Adds a service at the end, after a blank line. A last block that lacks its brace is closed first, or it would swallow the new one. */
export function addService(
  document: XinetdDocument,
  name: string,
  attributes: readonly (Assignment & { readonly name: string })[],
): XinetdDocument {
  if (!isWord(name)) throw new RangeError(`not a service name: ${JSON.stringify(name)}`)
  const eol = eolOf(document)
  const layout = layoutOf([], document)
  const before = ended(document, eol)
  const blank: readonly Node[] =
    before.length === 0 || before.at(-1)?.kind === 'blank' ? [] : [{ kind: 'blank', text: '', eol }]
  const empty: Block = {
    kind: 'service',
    name,
    header: { text: `service ${name}`, eol },
    gap: [],
    open: { text: '{', eol },
    body: attributes.map((line) => attributeLine(layout, line.name, line.operator, line.values, eol)),
    close: { text: '}', eol },
  }
  return { nodes: [...before, ...blank, empty] }
}

/** Gives a service another name; its header stays as it was otherwise. */
export function renameService(document: XinetdDocument, at: number, name: string): XinetdDocument {
  if (!isWord(name)) throw new RangeError(`not a service name: ${JSON.stringify(name)}`)
  const block = blockAt(document, at)
  if (block.kind !== 'service' || block.name === name) return document
  const text = block.header.text.replace(/^([ \t]*\S+[ \t]+)\S+/, (_, keyword: string) => keyword + name)
  const next: Block = { ...block, name, header: { ...block.header, text } }
  return { nodes: document.nodes.map((node, index) => (index === at ? next : node)) }
}

/** Takes a block out: its own lines, and the comment that {@link commentOf} says is its. */
export function removeService(document: XinetdDocument, at: number): XinetdDocument {
  blockAt(document, at)
  const from = at - commentOf(document, at).length
  return { nodes: [...document.nodes.slice(0, from), ...document.nodes.slice(at + 1)] }
}

/** The comment lines that stand right above a block, without a blank line between. */
export function commentOf(document: XinetdDocument, at: number): readonly Comment[] {
  const comment: Comment[] = []
  for (let before = at - 1; before >= 0; before--) {
    const node = document.nodes[before]
    if (node?.kind !== 'comment') break
    comment.unshift(node)
  }
  return comment
}

/**
 * Makes the comment right above a block these lines. A line that does not begin with `#` gets one.
 * The block's place moves by the difference in lines.
 */
export function setComment(document: XinetdDocument, at: number, lines: readonly string[]): XinetdDocument {
  blockAt(document, at)
  const old = commentOf(document, at)
  const eol = eolOf(document)
  const comments = lines.map((text, index): Comment => commentLine(text, old[index], eol))
  const from = at - old.length
  return { nodes: [...document.nodes.slice(0, from), ...comments, ...document.nodes.slice(at)] }
}

function commentLine(text: string, old: Comment | undefined, eol: string): Comment {
  if (/[\n\0]/.test(text) || text.endsWith('\r')) throw new RangeError('a comment line holds one line')
  const whole = blankOrComment({ text, eol }) === 'comment' ? text : `# ${text}`
  return old?.text === whole ? old : { kind: 'comment', text: whole, eol: old?.eol ?? eol }
}

/** Makes every line end in '\n' alone: the daemon takes a carriage return for a part of the line's last value. */
export function withoutCarriageReturns(document: XinetdDocument): XinetdDocument {
  return parse(
    splitLines(print(document))
      .map(({ text, eol }) => text.slice(0, lengthWithoutReturns(text)) + eol.replace('\r', ''))
      .join(''),
  )
}

function lengthWithoutReturns(text: string): number {
  let length = text.length
  while (text.charCodeAt(length - 1) === 13) length -= 1
  return length
}

function bodyWith(
  document: XinetdDocument,
  block: Block,
  name: string,
  wanted: readonly Assignment[],
): readonly BodyLine[] {
  const own = assignmentsOf(block, name)
  const [front, back] = agreement(own, wanted)
  const oldMiddle = own.slice(front, own.length - back)
  const newMiddle = wanted.slice(front, wanted.length - back)
  if (oldMiddle.length === 0 && newMiddle.length === 0) return block.body

  const layout = layoutOf(block.body, document)
  const eol = eolOf(document)
  const replaced = new Map<BodyLine, readonly BodyLine[]>()
  for (const [index, line] of oldMiddle.entries()) {
    const assignment = newMiddle[index]
    replaced.set(line, assignment === undefined ? [] : [rewritten(line, assignment)])
  }
  const added = newMiddle
    .slice(oldMiddle.length)
    .map(({ operator, values }) => attributeLine(layout, name, operator, values, eol))
  const body = block.body.flatMap((line) => replaced.get(line) ?? [line])
  if (added.length === 0) return body
  const place = placeFor(body, name, own.length === 0 ? null : front + oldMiddle.length)
  return [...body.slice(0, place), ...added, ...body.slice(place)]
}

/** How many lines agree with what is wanted, from the front and then from the back. */
function agreement(own: readonly Attribute[], wanted: readonly Assignment[]): readonly [number, number] {
  const most = Math.min(own.length, wanted.length)
  let front = 0
  while (front < most && agree(own[front], wanted[front])) front += 1
  let back = 0
  while (back < most - front && agree(own.at(-1 - back), wanted.at(-1 - back))) back += 1
  return [front, back]
}

function agree(line: Attribute | undefined, wanted: Assignment | undefined): boolean {
  if (line === undefined || wanted === undefined || line.operator !== wanted.operator) return false
  return (
    line.values.length === wanted.values.length &&
    line.values.every((value, at) => value === wanted.values[at])
  )
}

/** The same line with other values: its layout up to the values stays, and its name as it was written. */
function rewritten(line: Attribute, { operator, values }: Assignment): Attribute {
  const head = line.text.slice(0, line.operatorAt)
  const gap = /^[ \t]*/.exec(line.text.slice(line.valuesAt))?.[0] ?? ''
  const tail =
    values.length === 0 ? '' : (gap === '' && line.values.length === 0 ? ' ' : gap) + values.join(' ')
  const next = scanBodyLine({ text: head + operator + tail, eol: line.eol })
  if (next.kind !== 'attribute') throw new RangeError('the line is no attribute any more')
  return next
}

/**
 * Where new lines go: behind the block's first `after` lines of the same attribute, else after the last
 * attribute. `flags` goes before `server_args`, since the daemon looks for NAMEINARGS at the moment it reads
 * those (parsers.c, server_args_parser).
 */
function placeFor(body: readonly BodyLine[], name: string, after: number | null): number {
  const wanted = canonicalName(name)
  if (after !== null) {
    let seen = 0
    for (const [at, line] of body.entries()) {
      if (!isNamed(line, wanted)) continue
      if (seen === after) return at
      seen += 1
      if (seen === after) return at + 1
    }
  }
  if (wanted === 'flags') {
    const argumentsAt = body.findIndex((line) => isNamed(line, 'server_args'))
    if (argumentsAt !== -1) return argumentsAt
  }
  const last = body.map((line) => line.kind).lastIndexOf('attribute')
  return last === -1 ? body.length : last + 1
}

function isNamed(line: BodyLine, name: string): boolean {
  return line.kind === 'attribute' && canonicalName(line.name) === name
}

function blockAt(document: XinetdDocument, at: number): Block {
  const node = document.nodes[at]
  if (!isBlock(node)) throw new RangeError(`no block at ${at}`)
  return node
}

/** Puts the body in. A line that another now follows, is ended. */
function replaceBody(
  document: XinetdDocument,
  at: number,
  block: Block,
  body: readonly BodyLine[],
): XinetdDocument {
  const eol = eolOf(document)
  const last = block.close === null ? body.length - 1 : body.length
  const next: Block = {
    ...block,
    open: body.length === 0 ? block.open : endLine(block.open, eol),
    body: body.map((line, index) => (index < last ? endLine(line, eol) : line)),
  }
  return { nodes: document.nodes.map((node, index) => (index === at ? next : node)) }
}

/** The nodes, such that what is put after them begins on a line of its own and outside any block. */
export function ended(document: XinetdDocument, eol: string): readonly Node[] {
  const last = document.nodes.at(-1)
  if (last === undefined) return []
  return [...document.nodes.slice(0, -1), endedNode(last, eol)]
}

function endedNode(node: Node, eol: string): Node {
  const brace: Line = { text: '}', eol }
  switch (node.kind) {
    case 'service':
    case 'defaults': {
      if (node.close !== null) return { ...node, close: endLine(node.close, eol) }
      return {
        ...node,
        open: endLine(node.open, eol),
        body: node.body.map((line, at) => (at === node.body.length - 1 ? endLine(line, eol) : line)),
        close: brace,
      }
    }
    case 'skipped': {
      const lines = node.lines.map((line, at) => (at === node.lines.length - 1 ? endLine(line, eol) : line))
      if (node.closed) return { ...node, lines }
      // The line that stands where '{' should is passed over before the search for '}' begins.
      const passedOver =
        node.reason === 'braceMissing' && lines.slice(1).every((line) => blankOrComment(line) !== null)
      return { ...node, lines: [...lines, ...(passedOver ? [brace, brace] : [brace])], closed: true }
    }
    case 'blank':
    case 'comment':
    case 'include':
    case 'includedir':
      return endLine(node, eol)
  }
}
