/*
 * /var/run/xinetd.dump, to which xinetd 2.3.15 appends a block at each SIGUSR1 (internals.c, service.c, sconf.c,
 * server.c, connection.c):
 *
 *   INTERNAL STATE DUMP: 2.3.15.3
 *   Current time: Mon Nov 23 04:51:39 2026
 *
 *   Services + defaults:
 *   Service defaults
 *   	Instances = 7
 *   	CPS = max conn:20 wait:5
 *   	Only from: All sites
 *   Service = echo
 *   	State = Active
 *   	Service configuration: echo
 *   		id = echo-stream
 *   		flags = IPv6
 *   		type = INTERNAL
 *   		socket_type = stream
 *   		Protocol (name,number) = (tcp,6)
 *   		port = 7
 *   		wait = no
 *   		user = 0
 *   		Bind = All addresses.
 *   		Only from:  10.0.0.0/255.0.0.0(NET) 127.0.0.1(NUMERIC)
 *   		Environment strings:
 *   			PATH=/usr/bin
 *   	running servers = 0
 *   	service fd = 5
 *
 *   Server table dump:
 *   sleepy server
 *   pid = 18371
 *   start_time = Mon Nov 23 05:05:31 2026
 *   Connection info:
 *   	service = sleepy
 *   	remote_address = ::ffff:127.0.0.1,45094
 *   log_remote_user = NO
 *
 *   Retry table dump:
 *
 *   Socket mask: 5 6 3
 *   active_services = 2
 *   config_file = /etc/xinetd.conf
 *
 *   END OF DUMP
 */

export type XinetdDump = {
  readonly version: string
  /** As ctime(3) writes it, in the daemon's own time zone. */
  readonly time: string
  /** What it says of `defaults`, by the words of the dump. */
  readonly defaults: Readonly<Record<string, string>>
  readonly services: readonly DumpedService[]
  readonly servers: readonly DumpedServer[]
  readonly configuration: string | null
}

export type DumpedService = {
  readonly name: string
  readonly id: string
  /** 'Active', 'Disabled', 'Suspended', 'Not started'; a service over its cps is 'Disabled' or 'Suspended'. */
  readonly state: string
  readonly protocol: string | null
  /** null for a TCPMUX client, which has none. */
  readonly port: number | null
  /** What the daemon says of it, by the words of the dump. The environment is left out: it may hold secrets. */
  readonly attributes: Readonly<Record<string, string>>
  readonly running: number
}

/** A process that the daemon started and waits for. */
export type DumpedServer = {
  readonly id: string
  readonly pid: number
  readonly started: string
  /** Address and port of the client; null where the daemon has none. */
  readonly peer: { readonly address: string; readonly port: number } | null
}

const BEGIN = 'INTERNAL STATE DUMP: '
const END = 'END OF DUMP'

/** The last whole block; null when the file holds none. A block that is still being written does not count. */
export function parseXinetdDump(text: string): XinetdDump | null {
  const end = text.lastIndexOf(`\n${END}`)
  if (end === -1) return null
  const begin = text.lastIndexOf(BEGIN, end)
  if (begin === -1) return null
  const lines = text.slice(begin, end).split('\n')
  const tables = lines.indexOf('Server table dump:')
  const retries = lines.indexOf('Retry table dump:')
  if (tables === -1 || retries === -1) return null
  return {
    version: lines[0]?.slice(BEGIN.length) ?? '',
    time: valueAfter(lines, 'Current time: ') ?? '',
    defaults: parseDefaults(lines.slice(0, tables)),
    services: parseServices(lines.slice(0, tables)),
    servers: parseServers(lines.slice(tables + 1, retries)),
    configuration: valueAfter(lines.slice(retries), 'config_file = '),
  }
}

function valueAfter(lines: readonly string[], prefix: string): string | null {
  return lines.find((line) => line.startsWith(prefix))?.slice(prefix.length) ?? null
}

function parseDefaults(lines: readonly string[]): Readonly<Record<string, string>> {
  const from = lines.indexOf('Service defaults') + 1
  if (from === 0) return {}
  const length = lines.slice(from).findIndex((line) => !line.startsWith('\t'))
  return pairs(lines.slice(from, length === -1 ? undefined : from + length), '\t')
}

function parseServices(lines: readonly string[]): readonly DumpedService[] {
  return sections(lines, (line) => line.startsWith('Service = ')).map(parseService)
}

function parseService(lines: readonly string[]): DumpedService {
  const name = lines[0]?.slice('Service = '.length) ?? ''
  const own = pairs(lines, '\t')
  const configured = pairs(lines, '\t\t')
  const protocol = /^\((.*),-?\d+\)$/.exec(configured['Protocol (name,number)'] ?? '')?.[1] ?? null
  return {
    name,
    id: configured['id'] ?? name,
    state: own['State'] ?? '',
    protocol: protocol === '(null)' ? null : protocol,
    port: numberOf(configured['port']),
    attributes: configured,
    running: numberOf(own['running servers']) ?? 0,
  }
}

function parseServers(lines: readonly string[]): readonly DumpedServer[] {
  return sections(lines, (line) => / server$/.test(line) && !line.startsWith('\t')).flatMap((server) => {
    const id = server[0]?.slice(0, -' server'.length) ?? ''
    const own = pairs(server, '')
    const pid = numberOf(own['pid'])
    if (pid === null) return []
    return [
      { id, pid, started: own['start_time'] ?? '', peer: peerOf(pairs(server, '\t')['remote_address']) },
    ]
  })
}

function peerOf(text: string | undefined): DumpedServer['peer'] {
  const match = /^(.*),(\d+)$/.exec(text ?? '')
  if (match === null) return null
  const [, address = '', port] = match
  return { address, port: Number(port) }
}

/** Runs of lines that begin with a line of that kind; what stands before the first is left out. */
function sections(
  lines: readonly string[],
  begins: (line: string) => boolean,
): readonly (readonly string[])[] {
  const found: string[][] = []
  for (const line of lines) {
    if (begins(line)) found.push([line])
    else found.at(-1)?.push(line)
  }
  return found
}

/** `name = value` and `name: value` at exactly that indentation. The first of a name counts. */
function pairs(lines: readonly string[], indent: string): Readonly<Record<string, string>> {
  const found: Record<string, string> = {}
  for (const line of lines) {
    if (!line.startsWith(indent) || line[indent.length] === '\t') continue
    const match = /^([^=:]+?)(?: =|:) ?(.*)$/.exec(line.slice(indent.length))
    const [, name, value] = match ?? []
    if (name !== undefined && value !== undefined && !Object.hasOwn(found, name)) found[name] = value.trim()
  }
  return found
}

function numberOf(text: string | undefined): number | null {
  return text !== undefined && /^-?\d+$/.test(text) ? Number(text) : null
}
