import type { Line } from '../line'
import { splitLines } from '../line'
import type { Blank, BodyLine, Comment, Node, Skipped, XinetdDocument } from './document'
import { blankOrComment, isBrace, scanBodyLine, visible, words } from './scan'

/** Follows parse.c, find_next_entry and parse_entry, so that a node is what the daemon takes it for. */
export function parse(text: string): XinetdDocument {
  const lines = splitLines(text)
  const nodes: Node[] = []
  let at = 0
  while (at < lines.length) {
    const [node, next] = parseNode(lines, at)
    nodes.push(node)
    at = next
  }
  return { nodes }
}

type Step<N extends Node> = readonly [node: N, next: number]

function parseNode(lines: readonly Line[], at: number): Step<Node> {
  const line = lineAt(lines, at)
  const passive = blankOrComment(line)
  if (passive !== null) return [{ kind: passive, text: line.text, eol: line.eol }, at + 1]
  const [keyword = '', name] = words(visible(line.text))
  switch (keyword.toLowerCase()) {
    case 'include':
    case 'includedir':
      if (name === undefined) return skip(lines, at, at + 1, 'nameMissing')
      return [
        { kind: keyword.toLowerCase() === 'include' ? 'include' : 'includedir', ...line, path: name },
        at + 1,
      ]
    case 'service':
      if (name === undefined) return skip(lines, at, at + 1, 'nameMissing')
      return parseBlock(lines, at, name)
    case 'defaults':
      return parseBlock(lines, at, null)
    default:
      return skip(lines, at, at + 1, 'unknownKeyword')
  }
}

function parseBlock(lines: readonly Line[], start: number, name: string | null): Step<Node> {
  const gap: (Blank | Comment)[] = []
  let at = start + 1
  for (; at < lines.length; at++) {
    const line = lineAt(lines, at)
    const passive = blankOrComment(line)
    if (passive === null) break
    gap.push({ kind: passive, ...line })
  }
  const open = lines[at]
  if (open === undefined || !isBrace(open, '{')) return skip(lines, start, at + 1, 'braceMissing')
  const body: BodyLine[] = []
  let close: Line | null = null
  for (at += 1; at < lines.length && close === null; at++) {
    const line = lineAt(lines, at)
    if (isBrace(line, '}')) close = line
    else body.push(scanBodyLine(line))
  }
  const block = { header: lineAt(lines, start), gap, open, body, close }
  return [name === null ? { kind: 'defaults', ...block } : { kind: 'service', name, ...block }, at]
}

function skip(lines: readonly Line[], start: number, from: number, reason: Skipped['reason']): Step<Skipped> {
  let at = Math.min(from, lines.length)
  let closed = false
  while (at < lines.length && !closed) {
    closed = isBrace(lineAt(lines, at), '}')
    at += 1
  }
  return [{ kind: 'skipped', reason, lines: lines.slice(start, at), closed }, at]
}

function lineAt(lines: readonly Line[], at: number): Line {
  const line = lines[at]
  if (line === undefined) throw new RangeError(`no line ${at}`)
  return line
}
