import {
  addRule,
  changeRule,
  disabledRule,
  disableRule,
  enableRule,
  hostsAccess,
  removeRule,
  swapRules,
  type Edited,
  type Rule,
  type RuleText,
} from '../../../../shared/lens/hosts-access'

/** What a rule says, field by field, as it is written. */
export interface RuleWords {
  readonly daemons: string
  readonly clients: string
  readonly options: string
}

/** A line of hosts.allow or hosts.deny as the table shows it. */
export interface RuleRow {
  /** Its place in the document's nodes. */
  readonly at: number
  /** From 1. */
  readonly line: number
  /** off: commented out. malformed: passed over. unread: from here on nothing is read. */
  readonly kind: 'rule' | 'off' | 'malformed' | 'unread'
  readonly words: RuleWords
  readonly text: string
}

export function rulesOf(text: string): readonly RuleRow[] {
  let line = 1
  return hostsAccess.parse(text).nodes.flatMap((node, at): readonly RuleRow[] => {
    const here = { at, line, text: node.lines.map((one) => one.text).join(' ') }
    line += node.lines.length
    switch (node.kind) {
      case 'blank':
        return []
      case 'comment': {
        // Prose has a blank behind its #, and a colon now and then.
        const rule = /^#[^#\s]/.test(here.text) ? disabledRule(node) : null
        return rule === null ? [] : [{ ...here, kind: 'off', words: wordsOf(rule) }]
      }
      case 'rule':
        return [{ ...here, kind: 'rule', words: wordsOf(node) }]
      case 'malformed':
      case 'unread':
        return [{ ...here, kind: node.kind, words: { daemons: here.text, clients: '', options: '' } }]
    }
  })
}

/** An edit's text; null: the format cannot hold it. */
export type NextText = string | null

export function withRule(text: string, words: RuleWords): NextText {
  const rule = ruleOf(words)
  return rule === null ? null : printed(addRule(hostsAccess.parse(text), rule))
}

export function withWords(text: string, { at, words: old }: RuleRow, words: RuleWords): NextText {
  const rule = ruleOf(words)
  if (rule === null) return null
  // What is not touched keeps its spelling.
  const change: { -readonly [F in keyof RuleText]?: RuleText[F] } = {}
  if (words.daemons !== old.daemons) change.daemons = rule.daemons
  if (words.clients !== old.clients) change.clients = rule.clients
  if (words.options !== old.options) change.options = rule.options
  return printed(changeRule(hostsAccess.parse(text), at, change))
}

export function withoutRule(text: string, at: number): NextText {
  return hostsAccess.print(removeRule(hostsAccess.parse(text), at))
}

export function withSwapped(text: string, some: number, other: number): NextText {
  return hostsAccess.print(swapRules(hostsAccess.parse(text), some, other))
}

export function withSwitched(text: string, { at, kind }: RuleRow): NextText {
  const document = hostsAccess.parse(text)
  return printed(kind === 'off' ? enableRule(document, at) : disableRule(document, at))
}

function wordsOf({ logical, clientsColon, optionsColon }: Rule): RuleWords {
  return {
    daemons: logical.slice(0, clientsColon).trim(),
    clients: logical.slice(clientsColon + 1, optionsColon ?? undefined).trim(),
    options: optionsColon === null ? '' : logical.slice(optionsColon + 1).trim(),
  }
}

/** What the words would be read as; null: not as one rule of these fields. */
function ruleOf({ daemons, clients, options }: RuleWords): RuleText | null {
  const text = [daemons, clients, ...(options === '' ? [] : [options])].join(': ')
  const [node, ...rest] = hostsAccess.parse(`${text}\n`).nodes
  if (node?.kind !== 'rule' || rest.length > 0) return null
  const read = wordsOf(node)
  return read.daemons === daemons.trim() && read.clients === clients.trim() ? node : null
}

function printed(edited: Edited): NextText {
  return edited.kind === 'edited' ? hostsAccess.print(edited.document) : null
}
