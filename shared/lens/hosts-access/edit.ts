import type { Line } from '../line'
import type { Comment, HostsAccessDocument, List, Node, Option, Rule } from './document'
import { keptOf } from './join'
import { parse } from './parse'
import type { Refused } from './write'
import { listText, optionText, refusedList, refusedOptions } from './write'

/*
 * Edits of a document: each gives a new one and leaves every line it need not touch as it was. The order of rules is
 * their meaning: the first that fits decides. Nodes are named by their place in `document.nodes`.
 */

/** What a rule says. */
export type RuleText = {
  readonly daemons: List
  readonly clients: List
  readonly options: readonly Option[]
}

export type Edited = { readonly kind: 'edited'; readonly document: HostsAccessDocument } | Refused

/**
 * Adds a rule before the node at a place; without a place, behind all that the library reads.
 * @throws RangeError when there is no such place.
 */
export function addRule(document: HostsAccessDocument, rule: RuleText, at?: number): Edited {
  const refused = refusalOf(rule)
  if (refused !== null) return refused
  const { nodes } = document
  const place = at ?? (isOpen(nodes.at(-1)) ? nodes.length - 1 : nodes.length)
  if (place < 0 || place > nodes.length) throw new RangeError(`no place ${place}`)
  // Behind a line that is not ended there is no reading.
  if (place > 0 && isOpen(nodes[place - 1])) return { kind: 'refused', field: 'rule', value: '' }
  const model = nodes.filter((node) => node.kind === 'rule').at(-1)
  const separator = model === undefined ? ', ' : separatorOf(model)
  const [before, after] = colonOf(model)
  const fields = [
    listText(rule.daemons, separator),
    listText(rule.clients, separator),
    ...rule.options.map(optionText),
  ]
  const text = fields.join(`${before}:${after}`)
  const [fresh] = parse(text + eolOf(document)).nodes
  if (fresh?.kind !== 'rule') return { kind: 'refused', field: 'rule', value: text }
  return {
    kind: 'edited',
    document: { nodes: [...nodes.slice(0, place), fresh, ...nodes.slice(place)] },
  }
}

/**
 * Changes what is named of a rule; the rest of its text stays.
 * @throws RangeError when there is no rule at that place.
 */
export function changeRule(document: HostsAccessDocument, at: number, change: Partial<RuleText>): Edited {
  const refused = refusalOf(change)
  if (refused !== null) return refused
  const rule = ruleAt(document, at)
  // From the back, so that the places before stay true.
  let next = rule
  for (const field of ['options', 'clients', 'daemons'] as const) {
    const changed = withField(next, field, change)
    if (changed === null) return { kind: 'refused', field: 'rule', value: rule.logical }
    next = changed
  }
  return next === rule ? { kind: 'edited', document } : { kind: 'edited', document: put(document, at, next) }
}

/**
 * Takes a rule out.
 * @throws RangeError when there is no rule at that place.
 */
export function removeRule(document: HostsAccessDocument, at: number): HostsAccessDocument {
  ruleAt(document, at)
  return { nodes: document.nodes.filter((_, index) => index !== at) }
}

/**
 * Puts two rules in each other's places: the first that fits decides.
 * @throws RangeError when there is no rule at one of them.
 */
export function swapRules(document: HostsAccessDocument, some: number, other: number): HostsAccessDocument {
  const [first, second] = [ruleAt(document, some), ruleAt(document, other)]
  return put(put(document, some, second), other, first)
}

/**
 * Makes a rule a comment. One `#` is enough for all its lines.
 * @throws RangeError when there is no rule at that place.
 */
export function disableRule(document: HostsAccessDocument, at: number): Edited {
  const [first, ...more] = ruleAt(document, at).lines
  if (first === undefined) throw new RangeError(`no rule at ${at}`)
  const [comment, ...rest] = parse(textOf([{ ...first, text: `#${first.text}` }, ...more])).nodes
  if (comment?.kind !== 'comment' || rest.length > 0) return { kind: 'refused', field: 'rule', value: '#' }
  return { kind: 'edited', document: put(document, at, comment) }
}

/** The rule that a comment holds behind its `#`; null: none. Prose with a colon in it looks like one too. */
export function disabledRule({ lines }: Comment): Rule | null {
  const [first, ...more] = lines
  if (first?.text.startsWith('#') !== true) return null
  const [rule, ...rest] = parse(textOf([{ ...first, text: first.text.slice(1) }, ...more])).nodes
  return rule?.kind === 'rule' && rest.length === 0 ? rule : null
}

/** Makes a comment the rule that it holds. */
export function enableRule(document: HostsAccessDocument, at: number): Edited {
  const node = document.nodes[at]
  const rule = node?.kind === 'comment' ? disabledRule(node) : null
  if (rule === null)
    return { kind: 'refused', field: 'rule', value: node === undefined ? '' : textOf(node.lines) }
  return { kind: 'edited', document: put(document, at, rule) }
}

function ruleAt({ nodes }: HostsAccessDocument, at: number): Rule {
  const node = nodes[at]
  if (node?.kind !== 'rule') throw new RangeError(`no rule at ${at}`)
  return node
}

function put({ nodes }: HostsAccessDocument, at: number, node: Node): HostsAccessDocument {
  return { nodes: nodes.map((old, index) => (index === at ? node : old)) }
}

function refusalOf({ daemons, clients, options }: Partial<RuleText>): Refused | null {
  return (
    (daemons === undefined ? null : refusedList('daemons', daemons)) ??
    (clients === undefined ? null : refusedList('clients', clients)) ??
    (options === undefined ? null : refusedOptions(options))
  )
}

/** Whether what is put behind the node would become part of its line, or is not read. */
function isOpen(node: Node | undefined): boolean {
  if (node === undefined) return false
  const last = node.lines.at(-1)
  if (node.kind === 'unread' || last === undefined) return true
  return !last.eol.endsWith('\n') || keptOf(last).length < last.text.length
}

/** The rule with another field; null: it would not be read as that. */
function withField(rule: Rule, field: keyof RuleText, change: Partial<RuleText>): Rule | null {
  const wanted = change[field]
  if (wanted === undefined || same(wanted, rule[field])) return rule
  const { logical, clientsColon } = rule
  const clientsEnd = rule.optionsColon ?? logical.length
  let next: Rule | null
  if (field === 'options') next = withOptions(rule, change.options ?? [])
  else {
    const [from, to] = field === 'daemons' ? [0, clientsColon] : [clientsColon + 1, clientsEnd]
    const [start, end] = trimmed(logical, from, to)
    const list = field === 'daemons' ? change.daemons : change.clients
    next = list === undefined ? rule : replaced(rule, start, end, listText(list, separatorOf(rule)))
  }
  return next !== null && same(next[field], wanted) ? next : null
}

function withOptions(rule: Rule, options: readonly Option[]): Rule | null {
  const { logical, optionsColon } = rule
  const end = endOfText(logical, 0, logical.length)
  if (options.length === 0) {
    return optionsColon === null ? rule : replaced(rule, endOfText(logical, 0, optionsColon), end, '')
  }
  const [before, after] = colonOf(rule)
  const text = options.map(optionText).join(`${before}:${after}`)
  if (optionsColon === null) return replaced(rule, end, end, `${before}:${after}${text}`)
  const [start, stop] = trimmed(logical, optionsColon + 1, logical.length)
  return replaced(rule, start, stop, text)
}

/** The rule with another text in a stretch of its joined line. Only where the stretch runs over line ends, those go. */
function replaced(rule: Rule, start: number, end: number, text: string): Rule | null {
  let from = -1
  let to = -1
  let raw = ''
  let logicalAt = 0
  for (const line of rule.lines) {
    const length = keptOf(line).length
    // A stretch begins on the later of two lines where it could on both, and ends on the earlier.
    if (start >= logicalAt && start <= logicalAt + length) from = raw.length + start - logicalAt
    if (to === -1 && end >= logicalAt && end <= logicalAt + length) to = raw.length + end - logicalAt
    raw += line.text + line.eol
    logicalAt += length
  }
  const [node, ...rest] = parse(raw.slice(0, from) + text + raw.slice(Math.max(from, to))).nodes
  return node?.kind === 'rule' && rest.length === 0 ? node : null
}

const BLANKS = ', \t\r'

function trimmed(text: string, from: number, to: number): readonly [number, number] {
  let start = from
  while (start < to && BLANKS.includes(text.charAt(start))) start += 1
  // An empty field: behind its first blank, as before a word.
  if (start === to) return text[from] === ' ' && to > from ? [from + 1, from + 1] : [from, from]
  return [start, endOfText(text, start, to)]
}

function endOfText(text: string, from: number, to: number): number {
  let end = to
  while (end > from && BLANKS.includes(text.charAt(end - 1))) end -= 1
  return end
}

/** What stands between the items of a rule. */
function separatorOf({ logical, clientsColon, optionsColon }: Rule): string {
  const lists = [logical.slice(0, clientsColon), logical.slice(clientsColon + 1, optionsColon ?? undefined)]
  for (const list of lists) {
    const gap = /[^, \t\r]([, \t\r]+)(?!EXCEPT)[^, \t\r]/i.exec(list)?.[1]
    if (gap !== undefined) return gap
  }
  return ', '
}

/** What stands before and behind the first colon of a rule. */
function colonOf(rule: Rule | undefined): readonly [string, string] {
  if (rule === undefined) return ['', ' ']
  const { logical, clientsColon: at } = rule
  const before = logical.slice(endOfText(logical, 0, at), at).replace(/[^ \t]/g, '')
  const after = /^[ \t]*/.exec(logical.slice(at + 1))?.[0] ?? ''
  return [before, after]
}

function same(some: unknown, others: unknown): boolean {
  return JSON.stringify(some) === JSON.stringify(others)
}

function textOf(lines: readonly Line[]): string {
  return lines.map(({ text, eol }) => text + eol).join('')
}

/** The file's own line end. */
function eolOf({ nodes }: HostsAccessDocument): string {
  return nodes[0]?.lines.find(({ eol }) => eol.endsWith('\n'))?.eol ?? '\n'
}
