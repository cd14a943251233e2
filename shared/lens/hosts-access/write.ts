import type { List, Option } from './document'
import { isExcept } from './parse'

/** What of a rule cannot be written: it would be read as something else. */
export type Refused = {
  readonly kind: 'refused'
  readonly field: 'daemons' | 'clients' | 'options' | 'rule'
  readonly value: string
}

/** The list as text. */
export function listText(list: List, separator: string): string {
  const items = list.items.join(separator)
  return list.except === null ? items : `${items} EXCEPT ${listText(list.except, separator)}`
}

/** The option as text: its colons behind backslashes (options.c, get_field). */
export function optionText({ name, value }: Option): string {
  return value === null ? name : `${name} ${value.replaceAll(':', '\\:')}`
}

export function refusedList(field: 'daemons' | 'clients', list: List): Refused | null {
  if (list.items.length === 0) return { kind: 'refused', field, value: '' }
  const odd = list.items.find((item) => !isItem(item) || (field === 'daemons' && item.startsWith('#')))
  if (odd !== undefined) return { kind: 'refused', field, value: odd }
  return list.except === null ? null : refusedList(field, list.except)
}

/** Items end at blanks and commas; colons need brackets around them; a backslash at the end could join the next line. */
function isItem(item: string): boolean {
  if (item === '' || /[ \t-\r,\0]/.test(item) || item.endsWith('\\') || isExcept(item)) return false
  let depth = 0
  for (const character of item) {
    if (character === '[') depth += 1
    else if (character === ']') depth -= 1
    else if (character === ':' && depth === 0) return false
    if (depth < 0) return false
  }
  return depth === 0
}

export function refusedOptions(options: readonly Option[]): Refused | null {
  const odd = options.find((option) => !isOption(option))
  return odd === undefined ? null : { kind: 'refused', field: 'options', value: optionText(odd) }
}

function isOption({ name, value }: Option): boolean {
  if (name === '' || /[ \t-\r=:\0\\]/.test(name)) return false
  if (value === null) return true
  return value !== '' && !/^[ \t-\r=]|[\n\0]|[ \t-\r\\]$/.test(value)
}
