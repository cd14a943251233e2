import type { Line } from '../line'

export type Blank = Line & { readonly kind: 'blank' }
export type Comment = Line & { readonly kind: 'comment' }

/** What getservent(3) gives for a line. */
export type Reading = {
  readonly name: string
  /** 0 to 65535: glibc keeps the low 16 bits of a number of up to 32. */
  readonly port: number
  /** Empty when nothing follows the port: glibc takes the line all the same. */
  readonly protocol: string
  readonly aliases: readonly string[]
}

/** `name port/protocol aliases # comment`. Places are 0-based, in UTF-16 units of the text. */
export type Entry = Line &
  Reading & {
    readonly kind: 'entry'
    /** From the `#` to the end of what is read; null: there is none. */
    readonly comment: string | null
    readonly nameAt: number
    readonly portAt: number
    readonly portEnd: number
    /** Behind the slash, or slashes: glibc takes several for one. null: there is none. */
    readonly protocolAt: number | null
    /** Where the aliases stand; both where the protocol ends when there are none. */
    readonly aliasesAt: number
    readonly aliasesEnd: number
    /** Where the `#` stands, else where reading ends: at a NUL, or the end of the text. */
    readonly commentAt: number
    readonly commentEnd: number
  }

/**
 * A line whose end is read twice: it begins with white space, has no comment, and holds a NUL or lacks its newline.
 * glibc moves it to the front of its buffer without the NUL behind it (nss_readline.c: `memmove (buf, p, strlen (p))`),
 * so that `  http 80/tcp` at the end of the file gives the protocol `tcpcp`.
 */
export type Misread = Line & Reading & { readonly kind: 'misread' }

/** A line that glibc passes over (files-parse.c, INT_FIELD). */
export type Malformed = Line & {
  readonly kind: 'malformed'
  readonly reason: 'portMissing' | 'portNotANumber' | 'portTooBig' | 'noSlashBehindPort'
}

export type Node = Blank | Comment | Entry | Misread | Malformed

export type ServicesDocument = { readonly nodes: readonly Node[] }

/** Whether getservent(3) gives something for the line. */
export function isRead(node: Node | undefined): node is Entry | Misread {
  return node?.kind === 'entry' || node?.kind === 'misread'
}
