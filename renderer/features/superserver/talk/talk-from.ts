import ipaddr from 'ipaddr.js'
import type { Profile, TalkSource } from '../../../../shared/contract'
import { plainAddress, type XinetdService } from '../../../../shared/model/superserver'
import type { HostFacts } from '../../../../shared/model/facts'

/**
 * Where a try comes from. itself and through are the same connection, which the host makes: one goes to its loopback, the
 * other to the address by which others know it, as a tunnel of ssh(1) would. Another host by its profile id.
 */
export type From =
  { readonly kind: 'itself' | 'through' | 'here' } | { readonly kind: 'host'; readonly host: string }

/** As the list of choices has it. */
export const keyOfFrom = (from: From): string => (from.kind === 'host' ? `host ${from.host}` : from.kind)

export function sourceOf(from: From, host: string): TalkSource {
  switch (from.kind) {
    case 'here':
      return { kind: 'here' }
    case 'host':
      return { kind: 'host', host: from.host }
    case 'itself':
    case 'through':
      return { kind: 'host', host }
  }
}

type Addresses = HostFacts['addresses']

/** The address of a host by which others are likely to reach it; null: it names none. */
export function outwardAddress(profile: Profile | undefined, addresses: Addresses): string | null {
  const own = addresses.filter(({ scope }) => scope === 'global')
  const known = own.find(({ address }) => address === profile?.address)
  return (known ?? own.find(({ family }) => family === 4) ?? own[0])?.address ?? profile?.address ?? null
}

/**
 * Where a try from there goes at first: the address that the service is bound to, if it is to one. A loopback is everyone's
 * own, so who is not the host is not sent there.
 */
export function firstAddress(from: From, { profile, addresses, service }: FirstAddress): string {
  const bound = service?.settings['bind']?.values[0]
  const isOwn = from.kind === 'itself' || from.kind === 'through'
  if (bound !== undefined && isOne(bound) && (isOwn || !isLoopback(bound))) return bound
  if (from.kind === 'itself') return '127.0.0.1'
  if (from.kind === 'here') return profile?.address ?? ''
  return outwardAddress(profile, addresses) ?? ''
}

interface FirstAddress {
  readonly profile: Profile | undefined
  readonly addresses: Addresses
  readonly service: XinetdService | null
}

const rangeOf = (address: string) => (ipaddr.isValid(address) ? ipaddr.parse(address).range() : null)
const isOne = (address: string): boolean => !['unspecified', null].includes(rangeOf(address))
const isLoopback = (address: string): boolean => rangeOf(address) === 'loopback'

/** Whether a connection that came from there is ours, by all that is known of our end. */
export function isExpected(from: string | null, ours: readonly string[]): boolean {
  if (from === null) return true
  const plain = plainAddress(from)
  return ours.some((one) => plainAddress(one) === plain)
}

/** By what a connection that was made there can be known at the other end. */
export function expectedSources(
  from: From,
  { to, addresses, local }: { to: string; addresses: Addresses; local: string | null },
): readonly string[] {
  const own = addresses.map(({ address }) => address)
  switch (from.kind) {
    case 'here':
      return local === null ? [] : [local]
    case 'host':
      return own
    case 'itself':
    case 'through':
      return [to, '127.0.0.1', '::1', ...own]
  }
}
