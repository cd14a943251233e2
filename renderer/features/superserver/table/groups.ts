import { sources, type Row } from './rows'

/** What rows can be put together by. */
export const groupings = ['none', 'source', 'user', 'file', 'state'] as const
export type Grouping = (typeof groupings)[number]

/** A row, or a group with its rows: then it is the first of them but for its key, and is shown by its label alone. */
export type Line = Row & { readonly group?: { readonly label: string; readonly rows: readonly Row[] } }

const labels: Readonly<Record<Exclude<Grouping, 'none'>, (row: Row) => string>> = {
  source: ({ source }) => source,
  user: ({ user }) => user,
  file: ({ path }) => path,
  state: ({ state }) => state,
}

/** Sources as everywhere, and of states first what wants a look; users and files by name, whoever has none last. */
export function grouped(rows: readonly Row[], by: Grouping): readonly Line[] {
  if (by === 'none') return rows
  const found = new Map<string, Row[]>()
  for (const row of rows) {
    const label = labels[by](row)
    const others = found.get(label)
    if (others === undefined) found.set(label, [row])
    else others.push(row)
  }
  const groups = [...found].flatMap(([label, of]): readonly Line[] => {
    const [first] = of
    return first === undefined ? [] : [{ ...first, key: groupKey(label), group: { label, rows: of } }]
  })
  const order = orders[by] ?? []
  return groups.sort(
    (a, b) => rank(order, labelOf(a)) - rank(order, labelOf(b)) || labelOf(a).localeCompare(labelOf(b)),
  )
}

const orders: Partial<Record<Grouping, readonly string[]>> = {
  source: sources,
  state: ['refused', 'enabled', 'disabled'],
}

function rank(order: readonly string[], label: string): number {
  const at = order.indexOf(label)
  return at === -1 ? order.length + (label === '' ? 1 : 0) : at
}

/** No row has a key like it: theirs are JSON, or names of units. */
const groupKey = (label: string): string => `group ${label}`
const labelOf = ({ group }: Line): string => group?.label ?? ''
