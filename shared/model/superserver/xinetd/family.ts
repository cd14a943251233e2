import type { Setting } from './settings'

type ByName = Readonly<Record<string, Setting>>

export function has(settings: ByName, name: string, word: string): boolean {
  return settings[name]?.values.includes(word) === true
}

/**
 * The address family of a service's socket: by its flags, IPv6 before IPv4, else by the address it is bound to,
 * else IPv6 (confparse.c, service_fill), which falls back to IPv4 where the kernel has none.
 */
export function familyOf(settings: ByName): 4 | 6 {
  if (has(settings, 'flags', 'IPv6')) return 6
  if (has(settings, 'flags', 'IPv4')) return 4
  const address = settings['bind']?.values[0]
  return address === undefined || address.includes(':') ? 6 : 4
}
