import { attributeWords } from '../../../shared/model/superserver'

/** How an attribute is entered. */
export type Control =
  | { readonly kind: 'yesNo' }
  | { readonly kind: 'choice'; readonly words: readonly string[] }
  | { readonly kind: 'flags'; readonly words: readonly string[] }
  | { readonly kind: 'word'; readonly mono: boolean }
  /** Any number of words, split at blanks as the daemon does. */
  | { readonly kind: 'words' }

export interface Field {
  readonly name: string
  readonly control: Control
  /** Takes the whole row. */
  readonly wide?: true
}

export interface FieldGroup {
  readonly id: 'general' | 'access' | 'limits' | 'logging'
  readonly fields: readonly Field[]
}

const word: Control = { kind: 'word', mono: true }
const words: Control = { kind: 'words' }
const yesNo: Control = { kind: 'yesNo' }

/** The attributes that the form shows, in its order. What is not here is kept and shown in the text. */
export const fieldGroups: readonly FieldGroup[] = [
  {
    id: 'general',
    fields: [
      { name: 'port', control: word },
      { name: 'socket_type', control: { kind: 'choice', words: attributeWords.socket_type } },
      { name: 'protocol', control: { kind: 'choice', words: ['tcp', 'udp'] } },
      { name: 'wait', control: yesNo },
      { name: 'user', control: word },
      { name: 'group', control: word },
      { name: 'server', control: word, wide: true },
      { name: 'server_args', control: words, wide: true },
      { name: 'type', control: { kind: 'flags', words: ['INTERNAL', 'UNLISTED', 'RPC', 'TCPMUX'] } },
      { name: 'flags', control: { kind: 'flags', words: attributeWords.flags }, wide: true },
    ],
  },
  {
    id: 'access',
    fields: [
      { name: 'bind', control: word },
      { name: 'access_times', control: words },
      { name: 'only_from', control: words, wide: true },
      { name: 'no_access', control: words, wide: true },
    ],
  },
  {
    id: 'limits',
    fields: [
      { name: 'instances', control: word },
      { name: 'per_source', control: word },
      { name: 'cps', control: words },
      { name: 'max_load', control: word },
      { name: 'nice', control: word },
    ],
  },
  {
    id: 'logging',
    fields: [
      { name: 'log_type', control: words, wide: true },
      {
        name: 'log_on_success',
        control: { kind: 'flags', words: attributeWords.log_on_success },
        wide: true,
      },
      {
        name: 'log_on_failure',
        control: { kind: 'flags', words: attributeWords.log_on_failure },
        wide: true,
      },
    ],
  },
]

/** As the daemon splits a line: at blanks and tabs. */
export function splitWords(text: string): readonly string[] {
  return text.split(/[ \t]+/).filter((part) => part !== '')
}
