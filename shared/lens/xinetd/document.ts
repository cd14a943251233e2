import type { Line } from '../line'

/** xinetd.conf(5): `=` sets, `+=` adds, `-=` takes away. */
export type Operator = '=' | '+=' | '-='

export type Blank = Line & { readonly kind: 'blank' }
export type Comment = Line & { readonly kind: 'comment' }

export type Attribute = Line & {
  readonly kind: 'attribute'
  readonly name: string
  readonly operator: Operator
  /** What stands after the operator, split at blanks and tabs. The `\r` of a CRLF line end is not among it. */
  readonly values: readonly string[]
  /** Where the name and the operator begin and what follows the operator begins; 0-based, in UTF-16 units. */
  readonly nameAt: number
  readonly operatorAt: number
  readonly valuesAt: number
}

/** A line in a block from which the daemon cannot get an attribute: it drops the whole block for it. */
export type Malformed = Line & {
  readonly kind: 'malformed'
  readonly reason: 'nothingAfterName' | 'noSpaceBeforeOperator' | 'badOperator'
}

export type BodyLine = Blank | Comment | Attribute | Malformed

type BlockLines = {
  /** `service NAME` or `defaults`. */
  readonly header: Line
  /** Comments and blank lines between the header and the brace. */
  readonly gap: readonly (Blank | Comment)[]
  readonly open: Line
  readonly body: readonly BodyLine[]
  /** null: the file ends before the closing brace. */
  readonly close: Line | null
}

export type Service = BlockLines & { readonly kind: 'service'; readonly name: string }
export type Defaults = BlockLines & { readonly kind: 'defaults' }
export type Block = Service | Defaults

export type Include = Line & { readonly kind: 'include' | 'includedir'; readonly path: string }

/**
 * Lines that the daemon passes over: after a line outside a block that it does not understand, it skips all
 * up to and including the next line that holds only `}` (parse.c, `BAD_ENTRY`, `skip_entry`).
 */
export type Skipped = {
  readonly kind: 'skipped'
  readonly reason: 'unknownKeyword' | 'nameMissing' | 'braceMissing'
  readonly lines: readonly Line[]
  /** Whether a closing brace ended the skipping; else the file did. */
  readonly closed: boolean
}

export type Node = Blank | Comment | Include | Block | Skipped

export type XinetdDocument = { readonly nodes: readonly Node[] }

export function isBlock(node: Node | undefined): node is Block {
  return node !== undefined && (node.kind === 'service' || node.kind === 'defaults')
}

/** What the daemon calls the service: its own `id`, else its name (parse.c, get_service_entry). */
export function idOf({ name, body }: Service): string {
  for (const line of body) {
    const [id, ...more] =
      line.kind === 'attribute' && line.name.toLowerCase() === 'id' && line.operator === '='
        ? line.values
        : []
    if (id !== undefined && more.length === 0) return id
  }
  return name
}
