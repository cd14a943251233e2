import { assertNever } from '../../../../shared/assert-never'
import type { SuperserverIntent, SuperserverState } from '../../../../shared/model/superserver'
import { splitWords } from './fields'

/**
 * script, program: started for each connection. redirect: to another port. alarm: tells of each connection. waiting: a
 * server that gets the socket, and xinetd waits for it.
 */
export const templates = ['script', 'program', 'redirect', 'alarm', 'waiting'] as const

/** What is asked of a new service. */
export interface NewService {
  name: string
  runs: (typeof templates)[number]
  /** runs = script or alarm: what stands in it. */
  script: string
  /** runs = program or waiting: its path, and its arguments behind it. redirect: address and port. */
  target: string
  port: number | null
  protocol: 'tcp' | 'udp'
  user: string
  /** Addresses and networks; empty: everyone. */
  from: string
  /** Addresses of the host on which it listens; empty: all. */
  bind: string
}

export type CreateIntent = Extract<SuperserverIntent, { kind: 'createService' }>

const scripts = '/usr/local/sbin'

/** The directories of includedir, in which a new file counts. */
export function foldersOf({ xinetd }: SuperserverState): readonly string[] {
  return Object.entries(xinetd?.directories ?? {}).flatMap(([path, { kind }]) =>
    kind === 'directory' ? [path] : [],
  )
}

/** null: not all that is needed was said. */
export function intentOf(wish: NewService, folder: string): CreateIntent | null {
  const { name, script, port, user } = wish
  if (name === '' || port === null || user === '') return null
  if (hasScript(wish) ? script.trim() === '' : splitWords(wish.target).length === 0) return null
  const [first = null, ...others] = splitWords(wish.bind)
  const isOnSeveral = others.length > 0
  return {
    capability: 'superserver',
    reason: '',
    kind: 'createService',
    path: `${folder}/${name}`,
    name,
    set: { ...(isOnSeveral ? { id: [name] } : {}), ...attributesOf(wish, port, first) },
    // The first has the name itself, the others a number behind it (xinetd.conf(5), id).
    also: others.map((address, at) => ({
      id: [`${name}-${at + 2}`],
      ...attributesOf(wish, port, address),
    })),
    ...(hasScript(wish) ? { script: { path: scriptPath(wish), text: ended(script) } } : {}),
  }
}

export const hasScript = ({ runs }: NewService): boolean => runs === 'script' || runs === 'alarm'

export const scriptPath = ({ name }: NewService): string => `${scripts}/${name}`

/** xinetd puts the client's address into REMOTE_HOST (child.c). */
export const alarmScript = (name: string): string => `#!/bin/sh
who=\${REMOTE_HOST:-somebody}
logger -p auth.warning -t ${name} "connection from $who"
if command -v mail >/dev/null; then
  echo "${name} on $(hostname) was called by $who." | mail -s "${name}: $who" root
fi
`

type Attributes = CreateIntent['set']

function attributesOf(wish: NewService, port: number, address: string | null): Attributes {
  const { runs, protocol, user } = wish
  const stream = protocol === 'tcp'
  const from = [...splitWords(wish.from)]
  return {
    type: ['UNLISTED'],
    // An alarm is to ring also for those whom hosts.deny would send away before.
    ...(runs === 'alarm' ? { flags: ['NOLIBWRAP'] } : {}),
    socket_type: [stream ? 'stream' : 'dgram'],
    protocol: [protocol],
    port: [String(port)],
    ...(address === null ? {} : { bind: [address] }),
    // A program that is started for each datagram would be started again for the same one.
    wait: [stream && runs !== 'waiting' ? 'no' : 'yes'],
    user: [user],
    ...serverOf(wish),
    ...(runs === 'alarm'
      ? { log_on_success: ['HOST', 'PID'], log_on_failure: ['HOST'], instances: ['5'], cps: ['5', '30'] }
      : {}),
    ...(from.length > 0 ? { only_from: from } : {}),
    disable: ['no'],
  }
}

function serverOf(wish: NewService): Attributes {
  const [program = '', ...args] = splitWords(wish.target)
  switch (wish.runs) {
    case 'script':
    case 'alarm':
      return { server: [scriptPath(wish)] }
    case 'program':
    case 'waiting':
      return { server: [program], ...(args.length > 0 ? { server_args: args } : {}) }
    case 'redirect':
      return { redirect: args.length === 0 ? splitPort(program) : [program, ...args] }
    default:
      return assertNever(wish.runs)
  }
}

/** `address:port`, as people write it. */
function splitPort(text: string): string[] {
  const at = text.lastIndexOf(':')
  return at === -1 ? [text] : [text.slice(0, at).replace(/^\[|\]$/g, ''), text.slice(at + 1)]
}

const ended = (text: string): string => (text.endsWith('\n') ? text : `${text}\n`)

/**
 * Who has the port, and what /etc/services calls it.
 * @param addresses on which it is asked; none: on all of them
 */
export function portUse(
  { sockets, xinetd, inetd }: SuperserverState,
  port: number,
  protocol: 'tcp' | 'udp',
  addresses: readonly string[] = [],
): { readonly holder: string | null; readonly name: string | null } {
  const socket = sockets.find(
    (one) => one.port === port && one.protocol === protocol && meets(one.address, addresses),
  )
  const known = (xinetd ?? inetd)?.names.services ?? []
  return {
    holder: socket === undefined ? null : (socket.holders[0]?.program ?? '?'),
    name: known.find((one) => one.port === port && one.protocol === protocol)?.name ?? null,
  }
}

const everywhere = ['*', '0.0.0.0', '::']

function meets(held: string, addresses: readonly string[]): boolean {
  return addresses.length === 0 || everywhere.includes(held) || addresses.includes(held)
}
