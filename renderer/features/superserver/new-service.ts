import type { SuperserverIntent, SuperserverState } from '../../../shared/model/superserver'
import { splitWords } from './fields'

/** What is asked of a new service. */
export interface NewService {
  name: string
  runs: 'script' | 'program' | 'redirect'
  /** runs = script: what stands in it. */
  script: string
  /** runs = program: its path, and its arguments behind it. redirect: address and port. */
  target: string
  port: number | null
  protocol: 'tcp' | 'udp'
  user: string
  /** Addresses and networks; empty: everyone. */
  from: string
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
  const { name, runs, script, port, protocol, user } = wish
  const target = splitWords(wish.target)
  if (name === '' || port === null || user === '') return null
  if (runs === 'script' ? script.trim() === '' : target.length === 0) return null
  const stream = protocol === 'tcp'
  const [program = '', ...args] = target
  const path = `${scripts}/${name}`
  const server: Readonly<Record<string, string[]>> =
    runs === 'redirect'
      ? { redirect: target.length === 1 ? splitPort(program) : [...target] }
      : {
          server: [runs === 'script' ? path : program],
          ...(args.length > 0 && runs === 'program' ? { server_args: args } : {}),
        }
  const from = [...splitWords(wish.from)]
  return {
    capability: 'superserver',
    reason: '',
    kind: 'createService',
    path: `${folder}/${name}`,
    name,
    set: {
      type: ['UNLISTED'],
      socket_type: [stream ? 'stream' : 'dgram'],
      protocol: [protocol],
      port: [String(port)],
      // A program that is started for each datagram would be started again for the same one.
      wait: [stream ? 'no' : 'yes'],
      user: [user],
      ...server,
      ...(from.length > 0 ? { only_from: from } : {}),
      disable: ['no'],
    },
    ...(runs === 'script' ? { script: { path, text: ended(script) } } : {}),
  }
}

/** `address:port`, as people write it. */
function splitPort(text: string): string[] {
  const at = text.lastIndexOf(':')
  return at === -1 ? [text] : [text.slice(0, at).replace(/^\[|\]$/g, ''), text.slice(at + 1)]
}

const ended = (text: string): string => (text.endsWith('\n') ? text : `${text}\n`)

/** Who has the port, and what /etc/services calls it. */
export function portUse(
  { sockets, xinetd, inetd }: SuperserverState,
  port: number,
  protocol: 'tcp' | 'udp',
): { readonly holder: string | null; readonly name: string | null } {
  const socket = sockets.find((one) => one.port === port && one.protocol === protocol)
  const known = (xinetd ?? inetd)?.names.services ?? []
  return {
    holder: socket === undefined ? null : (socket.holders[0]?.program ?? '?'),
    name: known.find((one) => one.port === port && one.protocol === protocol)?.name ?? null,
  }
}
