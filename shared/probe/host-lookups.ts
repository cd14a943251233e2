import ipaddr from 'ipaddr.js'

/*
 * What a host makes of names and addresses: a line each of the word, an address that it stands for, and all names which the
 * host has for that address (getent(1), ahostsv4 or ahostsv6, then hosts):
 *
 *   127.0.0.1 127.0.0.1 localhost
 *   web1.quay 10.0.0.7 web1.quay web1
 *   10.0.0.9 10.0.0.9
 *   nosuch -
 */
export type HostLookups = Readonly<Record<string, readonly LookedUp[]>>
export type LookedUp = { readonly address: string; readonly names: readonly string[] }

/** By word; a word that was looked up in vain has an empty list, one that was not looked up is not there. */
export function parseHostLookups(text: string): HostLookups {
  const found: Record<string, LookedUp[]> = {}
  for (const line of text.split('\n')) {
    const [word = '', address = '', ...names] = line.trim().split(/\s+/)
    if (word === '' || address === '') continue
    const list = Object.hasOwn(found, word) ? (found[word] ?? []) : []
    found[word] = list
    if (ipaddr.isValid(address)) list.push({ address, names })
  }
  return found
}
