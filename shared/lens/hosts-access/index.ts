import type { Lens } from '../lens'
import { printLines } from '../line'
import type { HostsAccessDocument } from './document'
import { parse } from './parse'

/** hosts_access(5) and hosts_options(5), as libwrap 7.6.q of Debian reads /etc/hosts.allow and /etc/hosts.deny. */
export const hostsAccess: Lens<HostsAccessDocument> = {
  name: 'hostsAccess',
  parse,
  print: ({ nodes }) => {
    let text = ''
    for (const { lines } of nodes) text += printLines(lines)
    return text
  },
}

export * from './document'
export * from './edit'
