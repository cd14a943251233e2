import type { HostStatus, Profile } from '../../shared/contract'

/** A line of the list of hosts: a group's title, or a host. */
export type HostLine =
  | {
      readonly kind: 'group'
      readonly key: string
      readonly name: string
      readonly count: number
      readonly up: number
      readonly open: boolean
    }
  | { readonly kind: 'host'; readonly key: string; readonly profile: Profile; readonly grouped: boolean }

export interface HostFilter {
  /** Words that must all be found in name, address, user, group or tags; `#word` in the tags alone. */
  readonly text: string
  readonly tags: readonly string[]
  readonly connectedOnly: boolean
}

export const noFilter: HostFilter = { text: '', tags: [], connectedOnly: false }

export function isFiltering(filter: HostFilter): boolean {
  return filter.text.trim() !== '' || filter.tags.length > 0 || filter.connectedOnly
}

/** The lines to draw, in order: hosts without a group first, then each group by name. A search opens every group. */
export function hostLines(
  profiles: readonly Profile[],
  stateOf: (id: string) => HostStatus['state']['kind'],
  filter: HostFilter,
  closedGroups: ReadonlySet<string>,
): readonly HostLine[] {
  const found = profiles.filter((profile) => passes(profile, stateOf(profile.id), filter)).sort(byName)
  const searching = isFiltering(filter)
  const groups = [...new Set(found.map(({ group }) => group))].sort((a, b) => a.localeCompare(b))
  return groups.flatMap((name): readonly HostLine[] => {
    const members = found.filter(({ group }) => group === name)
    const lines = members.map((profile): HostLine => ({
      kind: 'host',
      key: `host:${profile.id}`,
      profile,
      grouped: name !== '',
    }))
    if (name === '') return lines
    const open = searching || !closedGroups.has(name)
    const up = members.filter(({ id }) => stateOf(id) === 'up').length
    const title: HostLine = { kind: 'group', key: `group:${name}`, name, count: members.length, up, open }
    return open ? [title, ...lines] : [title]
  })
}

function byName(a: Profile, b: Profile): number {
  return a.name.localeCompare(b.name, undefined, { numeric: true })
}

function passes(profile: Profile, state: HostStatus['state']['kind'], filter: HostFilter): boolean {
  if (filter.connectedOnly && state === 'closed') return false
  if (!filter.tags.every((tag) => profile.tags.includes(tag))) return false
  const words = filter.text
    .toLowerCase()
    .split(/\s+/)
    .filter((word) => word !== '')
  const tags = profile.tags.map((tag) => tag.toLowerCase())
  const all = [profile.name, profile.address, profile.user, profile.group, ...tags].join('\n').toLowerCase()
  return words.every((word) =>
    word.startsWith('#') ? tags.some((tag) => tag.includes(word.slice(1))) : all.includes(word),
  )
}
