import { endLine } from '../line'
import type { Entry, Misread, Node, Reading, ServicesDocument } from './document'
import { isRead } from './document'
import { endOfProtocol, joined, layoutAt } from './layout'
import { placeFor } from './place'
import { isSpace, scan } from './scan'

/* Edits of a document: each gives a new one and leaves every line it need not touch as it was. */

/** A service to write. The comment with or without its `#`. */
export type Service = Reading & { readonly comment: string | null }

/** A value that the format cannot hold: it would be read as something else. */
export type Refused = {
  readonly kind: 'refused'
  readonly field: keyof Service
  readonly value: string
}

export type Edited = { readonly kind: 'edited'; readonly document: ServicesDocument } | Refused

/**
 * Adds a service: by its port where the file around is in port order, else at the end; laid out like its neighbours. A line
 * that says the same already is enough.
 */
export function addService(document: ServicesDocument, service: Service): Edited {
  const refused = refusalOf(service)
  if (refused !== null) return refused
  const { nodes } = document
  if (nodes.some((node) => isRead(node) && saysTheSame(node, service))) return { kind: 'edited', document }
  const place = placeFor(nodes, service.port)
  const eol = eolOf(document)
  const fresh = scan({ text: freshLine(nodes, place, service), eol })
  const before = nodes.slice(0, place)
  const last = before.at(-1)
  if (last !== undefined && !last.eol.endsWith('\n')) before[before.length - 1] = scan(endLine(last, eol))
  return { kind: 'edited', document: { nodes: [...before, fresh, ...nodes.slice(place)] } }
}

/**
 * Changes what is named of the service at a place of `nodes`; its other fields and its spacing stay.
 * @throws RangeError when no service is read there.
 */
export function changeService(document: ServicesDocument, at: number, change: Partial<Service>): Edited {
  const refused = refusalOf(change)
  if (refused !== null) return refused
  const node = serviceAt(document, at)
  const wanted: Service = {
    name: change.name ?? node.name,
    port: change.port ?? node.port,
    protocol: change.protocol ?? node.protocol,
    aliases: change.aliases ?? node.aliases,
    comment: change.comment === undefined ? commentOf(node) : withHash(change.comment),
  }
  if (saysTheSame(node, wanted) && commentOf(node) === wanted.comment) return { kind: 'edited', document }
  const text =
    node.kind === 'entry' ? rewritten(document, at, node, wanted) : freshLine(document.nodes, at, wanted)
  const next = settled(text, node.eol)
  return { kind: 'edited', document: { nodes: document.nodes.map((old, i) => (i === at ? next : old)) } }
}

/**
 * Takes a service's line out.
 * @throws RangeError when no service is read there.
 */
export function removeService(document: ServicesDocument, at: number): ServicesDocument {
  serviceAt(document, at)
  return { nodes: document.nodes.filter((_, index) => index !== at) }
}

function serviceAt(document: ServicesDocument, at: number): Entry | Misread {
  const node = document.nodes[at]
  if (!isRead(node)) throw new RangeError(`no service at ${at}`)
  return node
}

function commentOf(node: Entry | Misread): string | null {
  return node.kind === 'entry' ? node.comment : null
}

function withHash(comment: string | null): string | null {
  if (comment === null || comment.startsWith('#')) return comment
  return comment === '' ? '#' : `# ${comment}`
}

function saysTheSame(reading: Reading, wanted: Reading): boolean {
  return (
    reading.name === wanted.name &&
    reading.port === wanted.port &&
    reading.protocol === wanted.protocol &&
    sameWords(reading.aliases, wanted.aliases)
  )
}

function sameWords(some: readonly string[], others: readonly string[]): boolean {
  return some.length === others.length && some.every((word, at) => word === others[at])
}

/** Which of the values cannot be written: words have no white space, `#` or NUL in them, and the format has no quoting. */
function refusalOf({ name, port, protocol, aliases, comment }: Partial<Service>): Refused | null {
  if (name !== undefined && !isWord(name)) return { kind: 'refused', field: 'name', value: name }
  if (port !== undefined && (!Number.isInteger(port) || port < 0 || port > 0xffff)) {
    return { kind: 'refused', field: 'port', value: String(port) }
  }
  if (protocol !== undefined && (!isWord(protocol) || protocol.startsWith('/'))) {
    return { kind: 'refused', field: 'protocol', value: protocol }
  }
  const alias = aliases?.find((word) => !isWord(word))
  if (alias !== undefined) return { kind: 'refused', field: 'aliases', value: alias }
  const isBroken = typeof comment === 'string' && (/[\n\0]/.test(comment) || comment.endsWith('\r'))
  return isBroken ? { kind: 'refused', field: 'comment', value: comment } : null
}

function isWord(text: string): boolean {
  if (text === '' || text.includes('#') || text.includes('\0')) return false
  for (let at = 0; at < text.length; at++) if (isSpace(text.charCodeAt(at))) return false
  return true
}

function freshLine(nodes: readonly Node[], place: number, service: Service): string {
  const layout = layoutAt(nodes, place)
  const comment = withHash(service.comment)
  let text = joined(layout.lead + service.name, layout.port, `${service.port}/${service.protocol}`)
  if (service.aliases.length > 0) text = joined(text, layout.aliases, service.aliases.join(' '))
  if (comment !== null) text = joined(text, layout.comment, comment)
  return text
}

/** The line with other values in the places of the old ones. */
function rewritten({ nodes }: ServicesDocument, at: number, entry: Entry, wanted: Service): string {
  const { text } = entry
  const layout = layoutAt(nodes, at)
  const keepsAliases = sameWords(entry.aliases, wanted.aliases)
  const keepsComment = entry.comment === wanted.comment
  // A port without its slash may be followed by nothing at all, not even by a blank.
  const needsSlash = entry.protocolAt !== null || wanted.protocol !== '' || !keepsAliases || !keepsComment

  let next = text.slice(0, entry.nameAt) + wanted.name
  next += text.slice(entry.nameAt + entry.name.length, entry.portAt)
  next += entry.port === wanted.port ? text.slice(entry.portAt, entry.portEnd) : String(wanted.port)
  if (needsSlash) next += text.slice(entry.portEnd, entry.protocolAt ?? entry.portEnd) || '/'
  next += wanted.protocol

  const oldAliases = text.slice(endOfProtocol(entry), entry.aliasesEnd)
  if (keepsAliases) next += oldAliases
  else if (wanted.aliases.length > 0 && entry.aliases.length > 0) {
    next += text.slice(endOfProtocol(entry), entry.aliasesAt) + wanted.aliases.join(' ')
  } else if (wanted.aliases.length > 0) next = joined(next, layout.aliases, wanted.aliases.join(' '))

  const gap = text.slice(entry.aliasesEnd, entry.commentAt)
  if (keepsComment) next += gap + (wanted.comment ?? '')
  else if (wanted.comment !== null && gap !== '') next += gap + wanted.comment
  else if (wanted.comment !== null && entry.comment !== null) next += wanted.comment
  else if (wanted.comment !== null) next = joined(next, layout.comment, wanted.comment)
  return next + text.slice(entry.commentEnd)
}

/** The line, without the white space before it if glibc would misread it for that; see {@link Misread}. */
function settled(text: string, eol: string): Node {
  const node = scan({ text, eol })
  if (node.kind === 'entry') return node
  let start = 0
  while (isSpace(text.charCodeAt(start))) start += 1
  return scan({ text: text.slice(start), eol })
}

/** The file's own line end. */
function eolOf({ nodes }: ServicesDocument): string {
  return nodes.find(({ eol }) => eol.endsWith('\n'))?.eol ?? '\n'
}
