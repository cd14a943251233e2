import type { Line } from '../line'

/** A word of a line, split at blanks and tabs, and where it begins; 0-based, in UTF-16 units. */
export type Field = { readonly text: string; readonly at: number }

export type Blank = Line & { readonly kind: 'blank' }
export type Comment = Line & { readonly kind: 'comment' }

/** `#@ in ipsec …`: a comment to most, the IPsec policy of the entries below to BSD's inetd. */
export type Policy = Line & { readonly kind: 'policy'; readonly policy: string }

/** `10.0.0.1:` alone: where the entries below listen that name no address. FreeBSD and xinetd know no such line. */
export type Address = Line & { readonly kind: 'address'; readonly address: string }

/** NetBSD's `.include GLOB`. */
export type Include = Line & { readonly kind: 'include'; readonly pattern: string }

/** A line that begins with a word: of an entry the first. What it says depends on the dialect; see `readEntries`. */
export type EntryLine = Line & {
  readonly kind: 'entry'
  readonly fields: readonly Field[]
  /** The mark that was taken off when the entry was enabled in this document, so that disabling it puts the same back. Not printed. */
  readonly wore: string | null
}

/** A line that begins with white space: it goes on with the entry above in BSD's inetd, and is one of its own elsewhere. */
export type Indented = Line & { readonly kind: 'indented'; readonly fields: readonly Field[] }

/** An entry that a mark makes a comment; see `disabled.ts`. The fields are those behind the mark. */
export type Disabled = Line & {
  readonly kind: 'disabled'
  readonly mark: string
  readonly fields: readonly Field[]
}

/** An indented line that was disabled along with the entry above it. */
export type DisabledMore = Line & { readonly kind: 'disabledMore'; readonly mark: string }

export type InetdLine =
  Blank | Comment | Policy | Address | Include | EntryLine | Indented | Disabled | DisabledMore

/**
 * inetd.conf as lines. Every dialect reads the same lines and makes other entries of them, so what belongs together
 * is not in the document but in what `readEntries(document, dialect)` says of it.
 */
export type InetdDocument = { readonly lines: readonly InetdLine[] }

/** Whose inetd reads the file. `openbsd` is openbsd-inetd as Debian has it; `xinetd` is xinetd -inetd_compat. */
export type Dialect = 'freebsd' | 'netbsd' | 'openbsd' | 'inetutils' | 'busybox' | 'xinetd'
