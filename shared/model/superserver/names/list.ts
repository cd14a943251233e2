import { isRead, services } from '../../../lens/services'
import { textOf } from '../files'
import type { SuperserverState } from '../state'
import { protocolOf, resolveInetd } from '../inetd/resolve'
import { resolve } from '../xinetd/resolve'

/** An entry of /etc/services, and who goes by its name. */
export type PortNameRow = {
  /** From 1. */
  readonly line: number
  /** The line as it is written: with its number it names the entry. */
  readonly text: string
  readonly name: string
  readonly port: number
  readonly protocol: string
  readonly aliases: readonly string[]
  readonly comment: string | null
  readonly users: readonly NameUser[]
}

/** A service that takes its port from the name: the daemon looks it up when it reads its files. */
export type NameUser = { readonly daemon: 'xinetd' | 'inetd'; readonly id: string; readonly runs: boolean }

/** null: the file could not be read. */
export function portNamesOf(state: SuperserverState): readonly PortNameRow[] | null {
  const text = textOf(state.surroundings.services)
  if (text === null) return null
  const known = usersOf(state)
  const taken = new Set<string>()
  return services.parse(text).nodes.flatMap((node, at) => {
    if (!isRead(node)) return []
    const { name, port, protocol, aliases } = node
    // Of several lines with one name the first is found (files-service.c).
    const keys = [name, ...aliases].map((alias) => keyOf(alias, protocol)).filter((key) => !taken.has(key))
    for (const key of keys) taken.add(key)
    const users = keys.flatMap((key) => known.get(key) ?? [])
    const comment = node.kind === 'entry' ? node.comment : null
    return [{ line: at + 1, text: node.text, name, port, protocol, aliases, comment, users }]
  })
}

function usersOf({ xinetd, inetd }: SuperserverState): ReadonlyMap<string, readonly NameUser[]> {
  const users = new Map<string, readonly NameUser[]>()
  const add = (name: string, protocol: string | null, user: NameUser): void => {
    const key = keyOf(name, protocol ?? '')
    users.set(key, [...(users.get(key) ?? []), user])
  }
  for (const { id, name, protocol, settings, state } of xinetd === null ? [] : resolve(xinetd).services) {
    const kinds = settings['type']?.values ?? []
    if (!kinds.includes('UNLISTED') && !kinds.includes('RPC'))
      add(name, protocol, { daemon: 'xinetd', id, runs: state === 'enabled' })
    const target = settings['redirect']?.values[1]
    if (target !== undefined) add(target, 'tcp', { daemon: 'xinetd', id, runs: state === 'enabled' })
  }
  for (const { entry, state } of inetd === null ? [] : resolveInetd(inetd).services) {
    if (entry !== null)
      add(entry.service, protocolOf(entry), { daemon: 'inetd', id: entry.service, runs: state === 'enabled' })
  }
  return users
}

const keyOf = (name: string, protocol: string): string => `${name}/${protocol}`
