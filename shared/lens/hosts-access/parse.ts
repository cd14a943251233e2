import { splitLines } from '../line'
import { withWord } from '../words'
import type { HostsAccessDocument, List, Node, Option } from './document'
import type { Read } from './join'
import { readAt } from './join'

/** Follows hosts_access.c (table_match, list_match), misc.c (split_at) and options.c (process_options, get_field). */
export function parse(text: string): HostsAccessDocument {
  const lines = splitLines(text)
  const nodes: Node[] = []
  let at = 0
  while (at < lines.length) {
    const node = nodeOf(readAt(lines, at))
    nodes.push(node)
    at += node.lines.length
  }
  return { nodes }
}

function nodeOf({ lines, logical, end }: Read): Node {
  if (end === 'lineTooLong') return { kind: 'unread', reason: 'lineTooLong', lines }
  if (end === 'fileEnd' && logical !== '') return { kind: 'unread', reason: 'newlineMissing', lines }
  if (logical.startsWith('#')) return { kind: 'comment', lines }
  if (isBlank(logical)) return { kind: 'blank', lines }
  const clientsColon = colonIn(logical, 0)
  if (clientsColon === null) return { kind: 'malformed', lines }
  const optionsColon = colonIn(logical, clientsColon + 1)
  return {
    kind: 'rule',
    lines,
    logical,
    clientsColon,
    optionsColon,
    daemons: listIn(logical, 0, clientsColon),
    clients: listIn(logical, clientsColon + 1, optionsColon ?? logical.length),
    options: optionsColon === null ? [] : optionsIn(logical.slice(optionsColon + 1)),
  }
}

/** The first colon outside brackets. A bracket that has no partner hides all behind it. */
export function colonIn(text: string, from: number): number | null {
  let depth = 0
  for (let at = from; at < text.length; at++) {
    const code = text.charCodeAt(at)
    if (code === 58 /* : */ && depth === 0) return at
    if (code === 91 /* [ */) depth += 1
    else if (code === 93 /* ] */) depth -= 1
  }
  return null
}

/** Whether the library takes the word for the operator: case does not matter. */
export function isExcept(word: string): boolean {
  return word.length === 6 && word.toUpperCase() === 'EXCEPT'
}

function isBlank(logical: string): boolean {
  for (let at = 0; at < logical.length; at++) if (!isSpace(logical.charCodeAt(at))) return false
  return true
}

/** The list in a stretch of the text: words up to an EXCEPT, and the list behind it. */
function listIn(text: string, from: number, end: number): List {
  let items: string[] = []
  let at = skipSeparators(text, from, end)
  while (at < end) {
    const wordEnd = skipWord(text, at, end)
    const word = text.slice(at, wordEnd)
    if (isExcept(word)) return { items, except: listIn(text, wordEnd, end) }
    items = withWord(items, word)
    at = skipSeparators(text, wordEnd, end)
  }
  return { items, except: null }
}

function skipSeparators(text: string, from: number, end: number): number {
  let at = from
  while (at < end && isSeparator(text.charCodeAt(at))) at += 1
  return at
}

function skipWord(text: string, from: number, end: number): number {
  let at = from
  while (at < end && !isSeparator(text.charCodeAt(at))) at += 1
  return at
}

function isSeparator(code: number): boolean {
  return code === 44 /* , */ || isSpace(code)
}

function isSpace(code: number): boolean {
  return code === 32 || code === 9 || code === 13
}

/** Fields between colons, `\:` being a colon of their own. A colon at the end of the rule begins an empty one. */
function optionsIn(text: string): readonly Option[] {
  const options: Option[] = []
  let field = ''
  for (let at = 0; at < text.length; at++) {
    const character = text.charAt(at)
    if (character === ':') {
      options.push(optionOf(field))
      field = ''
      continue
    }
    if (character === '\\' && text[at + 1] === ':') at += 1
    field += text.charAt(at)
  }
  return [...options, optionOf(field)]
}

const OPTION = /^([^= \t\r]*)[ \t\r]*=?[ \t\r]*/

function optionOf(field: string): Option {
  const text = field.replace(/^[ \t\v\f\r]+/, '')
  const chopped = text.slice(0, endOfText(text))
  const match = OPTION.exec(chopped)
  const value = chopped.slice(match?.[0].length ?? 0)
  return { name: match?.[1] ?? '', value: value === '' ? null : value }
}

function endOfText(text: string): number {
  let end = text.length
  while (end > 0 && ' \t\v\f\r'.includes(text.charAt(end - 1))) end -= 1
  return end
}
