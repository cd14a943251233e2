import { attributeWords, isOfDefaults } from '../../../../shared/model/superserver'

/** How an attribute is entered. */
export type Control =
  | { readonly kind: 'yesNo' }
  | { readonly kind: 'choice'; readonly words: readonly string[] }
  | { readonly kind: 'flags'; readonly words: readonly string[] }
  /** One word; `of`: names of the host that it is likely to be. */
  | { readonly kind: 'word'; readonly of?: 'users' | 'groups' }
  /** Any number of words, split at blanks as the daemon does. */
  | { readonly kind: 'words' }
  /** Words in lines that set, add to or take from what `defaults` says. */
  | { readonly kind: 'list' }

export interface Field {
  readonly name: string
  readonly control: Control
  /** Takes the whole row. */
  readonly wide?: true
}

export interface FieldGroup {
  readonly id: 'services' | 'general' | 'environment' | 'resources' | 'security' | 'logging'
  readonly fields: readonly Field[]
}

const word: Control = { kind: 'word' }
const words: Control = { kind: 'words' }
const list: Control = { kind: 'list' }
const yesNo: Control = { kind: 'yesNo' }
const flags = (of: readonly string[]): Control => ({ kind: 'flags', words: of })

/**
 * Every attribute of xinetd.conf(5), in the form's order. What nobody uses any more (TCPMUXPLUS, LABELED, SPECIAL) is
 * shown where a file has it, and offered nowhere.
 */
export const fieldGroups: readonly FieldGroup[] = [
  {
    id: 'general',
    fields: [
      { name: 'id', control: word },
      { name: 'port', control: word },
      { name: 'socket_type', control: { kind: 'choice', words: attributeWords.socket_type } },
      { name: 'protocol', control: word },
      { name: 'wait', control: yesNo },
      { name: 'bind', control: word },
      { name: 'server', control: word, wide: true },
      { name: 'server_args', control: words, wide: true },
      { name: 'type', control: flags(['INTERNAL', 'UNLISTED', 'RPC', 'TCPMUX']), wide: true },
      {
        name: 'flags',
        control: flags(attributeWords.flags.filter((flag) => flag !== 'LABELED')),
        wide: true,
      },
      { name: 'redirect', control: words },
      { name: 'v6only', control: yesNo },
      { name: 'rpc_version', control: word },
      { name: 'rpc_number', control: word },
    ],
  },
  {
    id: 'security',
    fields: [
      { name: 'user', control: { kind: 'word', of: 'users' } },
      { name: 'group', control: { kind: 'word', of: 'groups' } },
      { name: 'groups', control: yesNo },
      { name: 'umask', control: word },
      { name: 'only_from', control: list, wide: true },
      { name: 'no_access', control: list, wide: true },
      { name: 'access_times', control: words },
      { name: 'deny_time', control: word },
      { name: 'libwrap', control: word },
    ],
  },
  {
    id: 'resources',
    fields: [
      { name: 'instances', control: word },
      { name: 'per_source', control: word },
      { name: 'cps', control: words },
      { name: 'max_load', control: word },
      { name: 'nice', control: word },
      { name: 'rlimit_cpu', control: word },
      { name: 'rlimit_files', control: word },
      { name: 'rlimit_as', control: word },
      { name: 'rlimit_data', control: word },
      { name: 'rlimit_rss', control: word },
      { name: 'rlimit_stack', control: word },
    ],
  },
  {
    id: 'environment',
    fields: [
      { name: 'env', control: list, wide: true },
      { name: 'passenv', control: list, wide: true },
      { name: 'banner', control: word, wide: true },
      { name: 'banner_success', control: word, wide: true },
      { name: 'banner_fail', control: word, wide: true },
    ],
  },
  {
    id: 'logging',
    fields: [
      { name: 'log_type', control: words, wide: true },
      { name: 'log_on_success', control: flags(attributeWords.log_on_success), wide: true },
      { name: 'log_on_failure', control: flags(attributeWords.log_on_failure), wide: true },
    ],
  },
]

/** Those that may stand in `defaults`, with its own two. */
export const defaultsGroups: readonly FieldGroup[] = [
  {
    id: 'services',
    fields: [
      { name: 'disabled', control: list, wide: true },
      { name: 'enabled', control: list, wide: true },
    ],
  },
  ...fieldGroups.map(({ id, fields }) => ({ id, fields: fields.filter(({ name }) => isOfDefaults(name)) })),
]

/** As the daemon splits a line: at blanks and tabs. */
export function splitWords(text: string): readonly string[] {
  return text.split(/[ \t]+/).filter((part) => part !== '')
}
