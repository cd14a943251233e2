import type { Entry, Outcome, SocketType, Warning } from '../entry'
import { refused } from '../entry'
import { bare, hostAndService, listensOn, programOf, socketTypeOf, userAndGroup } from './fields'
import { numeral } from './number'

const FIELDS = 6
export const MAXARGV = 20
const BUILTINS: readonly string[] = ['echo', 'discard', 'chargen', 'time', 'daytime']

/** busybox 1.35, networking/inetd.c, parse_one_line(), for a line that is no `addr:`. Built with its own built-in services and RPC. */
export function readBusybox(words: readonly string[], defaultAddress: string): Outcome {
  const [first = '', socketWord = '', protocol = '', waitWord = '', userWord = '', programWord = ''] = words
  if (words.length < FIELDS) return refused('missingField', String(words.length))
  const { host, service: written } = hostAndService(first)
  const socketType = socketTypeOf(socketWord)
  const named = protocol.replace(/6$/, '')
  const isUnix = protocol === 'unix'
  let service = written
  let rpc: Entry['rpc'] = null
  if (!isUnix && named.startsWith('rpc/')) {
    const slash = service.indexOf('/')
    if (slash === -1) return refused('rpcVersionMissing', service)
    rpc = rpcVersions(service.slice(slash + 1))
    if (rpc === null) return refused('rpcVersionBad', service)
    service = service.slice(0, slash)
  }
  const transport = named.replace(/^rpc\//, '')
  if (!isUnix && transport !== 'tcp' && transport !== 'udp') return refused('badProtocol', protocol)
  const wait = waitOf(waitWord)
  if ('reason' in wait) return refused(wait.reason, waitWord)
  const program = programOf(programWord)
  const isBuiltIn =
    program === 'internal' && service.length <= 7 && (socketType === 'stream' || socketType === 'dgram')
  if (isBuiltIn && !BUILTINS.includes(service)) return refused('unknownInternal', service)
  if (isBuiltIn && wait.wait !== (socketType === 'dgram')) return refused('badWait', waitWord)
  if (!isUnix && transport !== transportOf(socketType, transport)) return refused('badSocketType', socketWord)
  // The socket of type -1 is never made (prepare_socket_fd()).
  if (socketType === null) return refused('badSocketType', socketWord)
  const hosts = (host ?? defaultAddress).split(',')
  const listens = isUnix
    ? [{ address: null, family: 'unix' as const }]
    : listensOn(hosts, protocol.endsWith('6') ? 'dual' : 'ipv4')
  if (listens.length === 0) return refused('noAddress', host ?? defaultAddress)
  const args = words.slice(FIELDS)
  const warnings: readonly Warning[] =
    words.length === FIELDS + MAXARGV && (args.at(-1) ?? '').includes(' ')
      ? [{ code: 'argumentsJoined', most: MAXARGV }]
      : []
  const entry: Entry = {
    ...bare,
    listens,
    service,
    rpc,
    socketType,
    protocol,
    ...wait,
    ...userAndGroup(userWord, ['.', ':']),
    program: isBuiltIn ? 'internal' : { path: programWord },
    argv: args.length > 0 ? args : [programWord],
    warnings,
  }
  return { kind: 'entry', entry }
}

/** "catch mixups. `<service> stream udp ...` == wtf" */
function transportOf(socketType: SocketType | null, transport: string): string {
  if (socketType === 'stream') return 'tcp'
  return socketType === 'dgram' ? 'udp' : transport
}

function waitOf(word: string): Pick<Entry, 'wait' | 'max'> | { readonly reason: 'badWait' | 'badMax' } {
  const dot = word.indexOf('.')
  const name = dot === -1 ? word : word.slice(0, dot)
  const max = dot === -1 ? null : unsigned(word.slice(dot + 1))
  if (max !== null && (max.value === null || max.rest !== '')) return { reason: 'badMax' }
  if (name !== 'wait' && name !== 'nowait') return { reason: 'badWait' }
  return { wait: name === 'wait', max: max?.value ?? null }
}

/** bb_strtou(): digits alone, no sign, and no more than an unsigned int holds. */
function unsigned(text: string): { readonly value: number | null; readonly rest: string } {
  const { value, rest, isFound } = numeral(text, 10, 'strtoul')
  if (!isFound || !/^[0-9]/.test(text) || value > 0xffffffffn) return { value: null, rest }
  return { value: Number(value), rest }
}

function rpcVersions(text: string): Entry['rpc'] {
  const low = unsigned(text)
  if (low.value === null || low.value > 0x7fffffff) return null
  if (low.rest === '') return { low: low.value, high: low.value }
  if (!low.rest.startsWith('-')) return null
  const high = unsigned(low.rest.slice(1))
  if (high.value === null || high.value > 0x7fffffff || high.value < low.value || high.rest !== '')
    return null
  return { low: low.value, high: high.value }
}
