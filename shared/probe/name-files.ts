/*
 * The name files of a Unix host: services(5), protocols(5), rpc(5), passwd(5) and group(5). What getservbyname and
 * the like find beyond them (LDAP, NIS) is not in them.
 *
 *   echo            7/tcp
 *   discard         9/udp           sink null          # aliases
 *   tcp     6       TCP             # transmission control protocol
 *   portmapper      100000  portmap sunrpc rpcbind
 *   root:x:0:0:root:/root:/bin/bash
 */

export type ServicePort = { readonly name: string; readonly protocol: string; readonly port: number }

/** Each name and alias by itself, in the order of the file: the first that fits is the one that is found. */
export function parseServices(text: string): readonly ServicePort[] {
  return fieldsOf(text).flatMap(([name, place, ...aliases]) => {
    const match = /^(\d+)\/(.+)$/.exec(place ?? '')
    if (name === undefined || match === null) return []
    const [, port, protocol = ''] = match
    return [name, ...aliases].map((alias) => ({ name: alias, protocol, port: Number(port) }))
  })
}

/** Names and aliases of protocols(5) and rpc(5). */
export function parseNumberedNames(text: string): readonly string[] {
  return fieldsOf(text).flatMap(([name, number, ...aliases]) =>
    name === undefined || !/^\d+$/.test(number ?? '') ? [] : [name, ...aliases],
  )
}

/** networks(5): each name and alias with its number, as it is written. */
export function parseNetworks(text: string): readonly (readonly [string, string])[] {
  return fieldsOf(text).flatMap(([name, number, ...aliases]) =>
    name === undefined || number === undefined
      ? []
      : [name, ...aliases].map((alias) => [alias, number] as const),
  )
}

/** First fields of passwd(5) and group(5). NIS lines (`+`, `-`) name nobody. */
export function parseAccountNames(text: string): readonly string[] {
  return text.split('\n').flatMap((line) => {
    const [name, ...rest] = line.split(':')
    return name === undefined || name === '' || /^[+#-]/.test(name) || rest.length < 2 ? [] : [name]
  })
}

function fieldsOf(text: string): readonly (readonly string[])[] {
  return text.split('\n').map((line) => (line.split('#')[0] ?? '').trim().split(/\s+/))
}
