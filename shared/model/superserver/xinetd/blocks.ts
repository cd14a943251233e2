import type { Attribute, Malformed, Skipped } from '../../../lens/xinetd'
import { blankOrComment, isBrace, scanBodyLine, visible, words } from '../../../lens/xinetd/scan'
import type { DaemonLine } from './daemon-lines'

/** A block as parse_entry of parse.c goes through it. */
export type DaemonBlock = {
  readonly kind: 'service' | 'defaults'
  /** Empty for defaults. */
  readonly name: string
  readonly header: DaemonLine
  /** All of a service, although the daemon reads it no further than to a malformed line or `disable = yes`. */
  readonly body: readonly BlockLine[]
  /** False: the file ended first. */
  readonly closed: boolean
}

export type BlockLine = (Attribute | Malformed) & { readonly number: number }

export type DaemonItem =
  | DaemonBlock
  | { readonly kind: 'include' | 'includedir'; readonly path: string; readonly header: DaemonLine }
  | {
      readonly kind: 'skipped'
      /** secondDefaults: only one of a file counts. */
      readonly reason: Skipped['reason'] | 'secondDefaults'
      readonly header: DaemonLine
      /** The last line that is passed over. */
      readonly until: number
    }

/**
 * What the daemon sees in a file, one thing after another. Beyond the format itself it has two habits: a malformed
 * line ends a `defaults` where it stands, and the rest is read as if it stood outside (parse_conf_file does not skip
 * that entry); and after a name with nothing behind it the daemon reads on into the next line (get_attr_op does not
 * stop at the line's end), which hides what comes then.
 */
export function daemonItems(lines: readonly DaemonLine[]): readonly DaemonItem[] {
  const reader = new Reader(lines)
  const items: DaemonItem[] = []
  let hasDefaults = false
  for (let line = reader.next(); line !== null; line = reader.next()) {
    const item = readItem(reader, line, hasDefaults)
    // One that failed does not count: the next is read as well.
    hasDefaults ||=
      item.kind === 'defaults' && item.closed && item.body.every(({ kind }) => kind === 'attribute')
    items.push(item)
  }
  return items
}

function readItem(reader: Reader, header: DaemonLine, hasDefaults: boolean): DaemonItem {
  const [first = '', name] = words(visible(header.text + returnOf(header)))
  // The daemon compares words without their case.
  const keyword = first.toLowerCase()
  switch (keyword) {
    case 'include':
    case 'includedir':
      return name === undefined
        ? skipped(reader, header, 'nameMissing')
        : { kind: keyword, path: name, header }
    case 'service':
      return name === undefined
        ? skipped(reader, header, 'nameMissing')
        : readBlock(reader, header, 'service', name)
    case 'defaults':
      return readBlock(reader, header, 'defaults', hasDefaults ? null : '')
    default:
      return skipped(reader, header, 'unknownKeyword')
  }
}

/** @param name null: passed over once its brace is open */
function readBlock(
  reader: Reader,
  header: DaemonLine,
  kind: DaemonBlock['kind'],
  name: string | null,
): DaemonItem {
  const open = reader.next()
  if (open === null || !isBrace(open, '{')) return skipped(reader, header, 'braceMissing')
  if (name === null) return skipped(reader, header, 'secondDefaults')
  const body: BlockLine[] = []
  let isRead = true
  for (let line = reader.next(); line !== null; line = reader.next()) {
    if (isBrace(line, '}')) return { kind, name, header, body, closed: true }
    const scanned = scanBodyLine(line)
    if (scanned.kind === 'blank' || scanned.kind === 'comment') continue
    body.push({ ...scanned, number: line.number })
    if (!isRead) continue
    if (scanned.kind === 'malformed') {
      if (scanned.reason === 'nothingAfterName') reader.overrun(line)
      if (kind === 'defaults') return { kind, name, header, body, closed: true }
      isRead = false
    } else if (kind === 'service' && disables(scanned, line)) {
      isRead = false
    }
  }
  return { kind, name, header, body, closed: false }
}

/** The daemon reads no further in a service that is disabled. */
function disables({ name, operator, values }: Attribute, line: DaemonLine): boolean {
  const isYes = values.length === 1 && values[0]?.toLowerCase() === 'yes' && returnOf(line) === ''
  return name.toLowerCase() === 'disable' && operator === '=' && isYes
}

function skipped(
  reader: Reader,
  header: DaemonLine,
  reason: Skipped['reason'] | 'secondDefaults',
): DaemonItem {
  return { kind: 'skipped', reason, header, until: reader.skip() }
}

/** The daemon splits words at blanks and tabs alone: the carriage return of a CRLF line end belongs to the last. */
export function returnOf(line: DaemonLine): string {
  return line.eol.startsWith('\r') ? '\r' : ''
}

class Reader {
  readonly #lines: DaemonLine[]
  #at = 0

  constructor(lines: readonly DaemonLine[]) {
    this.#lines = [...lines]
  }

  /** The next line that is neither blank nor a comment (next_line of parsesup.c). */
  next(): DaemonLine | null {
    for (;;) {
      const line = this.#lines[this.#at]
      if (line === undefined) return null
      this.#at += 1
      if (blankOrComment(line) === null) return line
    }
  }

  /** Passes over everything up to a closing brace; gives the number of the last line passed over. */
  skip(): number {
    for (let line = this.next(); line !== null; line = this.next()) if (isBrace(line, '}')) break
    return this.#lines[this.#at - 1]?.number ?? 0
  }

  /**
   * After a name that ends its line: the next white space or `=` is made a NUL, wherever it is. In the next line it
   * hides the rest of it; where it is that line's end, it joins the line after to it, out of sight.
   */
  overrun(line: DaemonLine): void {
    if (/[ \t\v\f\r]$/.test(line.text + returnOf(line))) return
    const next = this.#lines[this.#at]
    if (next === undefined) return
    const stop = (next.text + returnOf(next)).search(/[ \t\v\f\r=]/)
    if (stop === -1) this.#lines.splice(this.#at + 1, 1)
    else this.#lines[this.#at] = { ...next, text: next.text.slice(0, stop), eol: '\n' }
  }
}
