import type { Line } from '../line'

/** `a b EXCEPT c EXCEPT d` is `a b`, but not those that are `c` and not `d` (hosts_access(5), OPERATORS). */
export type List = { readonly items: readonly string[]; readonly except: List | null }

/** `keyword`, `keyword value` or `keyword = value` (hosts_options(5)). */
export type Option = { readonly name: string; readonly value: string | null }

/** The lines of the file that the library joins to one: behind all but the last stands a backslash, or a NUL in them. */
type Joined = { readonly lines: readonly Line[] }

export type Blank = Joined & { readonly kind: 'blank' }

/** Its first character is `#`. A backslash at its end takes the next line along. */
export type Comment = Joined & { readonly kind: 'comment' }

export type Rule = Joined & {
  readonly kind: 'rule'
  readonly daemons: List
  readonly clients: List
  readonly options: readonly Option[]
  /** The line as the library joins it, without its newline. */
  readonly logical: string
  /** Where the first two colons stand in it. */
  readonly clientsColon: number
  readonly optionsColon: number | null
}

/** No colon outside brackets: the library warns and goes on. */
export type Malformed = Joined & { readonly kind: 'malformed' }

/**
 * From a line without its newline, or of more than 2046 bytes, the library reads no further (hosts_access.c, table_match:
 * "all the subsequent rules will be ignored"). In hosts.deny it then refuses whoever comes that far.
 */
export type Unread = Joined & { readonly kind: 'unread'; readonly reason: 'newlineMissing' | 'lineTooLong' }

export type Node = Blank | Comment | Rule | Malformed | Unread

export type HostsAccessDocument = { readonly nodes: readonly Node[] }
