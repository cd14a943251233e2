import ipaddr from 'ipaddr.js'
import type { HostLookups } from '../../../probe/host-lookups'
import type { HostNames } from '../state'
import type { XinetdService } from './resolve'
import { intOf } from './values'

/** Where a redirection must lead; port null: what its name means here is not known. */
export type RedirectTarget = { readonly host: string; readonly port: number | null }

/** parsers.c, redir_parser: a number, else a name of a service over tcp. null: it redirects nothing. */
export function redirectOf(
  { settings }: Pick<XinetdService, 'settings'>,
  { services }: Pick<HostNames, 'services'>,
): RedirectTarget | null {
  const [host, port = ''] = settings['redirect']?.values ?? []
  if (host === undefined) return null
  const number = intOf(port)
  if (number !== null && number > 0) return { host, port: number }
  return {
    host,
    port: services?.find(({ name, protocol }) => name === port && protocol === 'tcp')?.port ?? null,
  }
}

/** unknown: the host did not tell enough to say. */
export type RedirectVerdict = 'same' | 'other' | 'unknown'

/**
 * Whether the line `Redirect = HOST:PORT` of the daemon's dump (sconf.c, sc_dump) means that target. HOST is what the
 * resolver has for the address, a name before a number; PORT is the number, kept and printed as it was read (redir_parser).
 */
export function judgeRedirect(
  wanted: RedirectTarget,
  said: string | undefined,
  lookups: HostLookups,
): RedirectVerdict {
  const at = said?.lastIndexOf(':') ?? -1
  if (said === undefined || at === -1) return 'other'
  const port = Number(said.slice(at + 1))
  if (wanted.port !== null && port !== wanted.port) return 'other'
  const host = judgeHost(wanted.host, said.slice(0, at), lookups)
  return host === 'same' && wanted.port === null ? 'unknown' : host
}

function judgeHost(wanted: string, said: string, lookups: HostLookups): RedirectVerdict {
  const found = Object.hasOwn(lookups, wanted) ? lookups[wanted] : undefined
  const isMeant =
    isSameHost(wanted, said) ||
    found?.some(
      ({ address, names }) => isSameHost(address, said) || names.some((name) => isSameHost(name, said)),
    )
  if (isMeant === true) return 'same'
  // A name with several addresses may have others at each asking, and the daemon asked before.
  const known = found ?? []
  return known.length === 1 ? 'other' : isNumeric(wanted) && isNumeric(said) ? 'other' : 'unknown'
}

const isNumeric = (host: string): boolean => ipaddr.isValid(host)

function isSameHost(a: string, b: string): boolean {
  if (isNumeric(a) && isNumeric(b)) return ipaddr.parse(a).toString() === ipaddr.parse(b).toString()
  return a.toLowerCase() === b.toLowerCase()
}
