import type { Entry, Outcome, SocketType, Warning } from '../entry'
import { refused } from '../entry'
import {
  bare,
  bufferSizes,
  hostAndService,
  listensOn,
  programOf,
  socketTypeOf,
  tcpmuxOf,
  unbracketed,
  userAndGroup,
} from './fields'
import { numeral } from './number'
import type { WordSource } from './words'

/** inetd.h. */
export const MAXARGV = 64
const BUILTINS: Readonly<Record<string, readonly string[]>> = {
  stream: ['echo', 'discard', 'time', 'daytime', 'chargen', 'tcpmux'],
  dgram: ['echo', 'discard', 'time', 'daytime', 'chargen'],
}

/** The beginning of an entry, the same in both notations. */
export type Head = Pick<Entry, 'service' | 'tcpmux'> & { readonly host: string | null }

export type Begun =
  | { readonly kind: 'blank' }
  | { readonly kind: 'address'; readonly address: string }
  | { readonly kind: 'outcome'; readonly outcome: Outcome }
  /** `word` is what follows the service: a socket type, or `on` and `off`. */
  | { readonly kind: 'begun'; readonly head: Head; readonly word: string }

/** NetBSD's parse.c, getconfigent(), to the word after the service. */
export function begin(words: WordSource): Begun {
  const first = words.next()
  if (first === null) return { kind: 'blank' }
  const cut = hostAndService(first)
  let { service } = cut
  const host = cut.host === null ? null : unbracketed(cut.host)
  if (host !== null && service === '') {
    const word = words.next()
    if (word === null) return { kind: 'address', address: host }
    service = word
  }
  const word = words.next()
  if (word === null) return { kind: 'outcome', outcome: refused('missingField', 'socketType') }
  return { kind: 'begun', head: { ...tcpmuxOf(service), host }, word }
}

/** The rest of an entry of fields. */
export function readPositional(
  head: Head,
  socketWord: string,
  words: WordSource,
  defaultAddress: string,
): Outcome {
  const warnings: Warning[] = []
  const socket = socketOf(socketWord)
  if (socket?.isMaxOdd === true) warnings.push({ code: 'maxNotANumber', value: socketWord })
  const protocolWord = words.next()
  if (protocolWord === null) return refused('missingField', 'protocol')
  if (head.tcpmux !== null && protocolWord.includes(',')) return refused('badBufferSize', protocolWord)
  const buffers = bufferSizes(head.tcpmux === null ? protocolWord.replace(/^faith\//, '') : protocolWord)
  if ('refusal' in buffers) return buffers.refusal
  if (buffers.value.bare !== null) warnings.push({ code: 'sizeWithoutUnit', value: buffers.value.bare })
  const { protocol, sendBuffer, receiveBuffer } = buffers.value
  const target = targetOf(protocol, head.service)
  if ('reason' in target) return refused(target.reason, target.value)
  const waitWord = words.next()
  if (waitWord === null) return refused('missingField', 'wait')
  const wait = waitOf(waitWord)
  if (head.tcpmux !== null && (!protocol.startsWith('tcp') || socket?.type !== 'stream')) {
    return refused('badTcpmux', protocol.startsWith('tcp') ? socketWord : protocol)
  }
  const userWord = words.next()
  if (userWord === null) return refused('missingField', 'user')
  const programWord = words.next()
  if (programWord === null) return refused('missingField', 'program')
  const program = programOf(programWord)
  if (program === 'internal' && !isBuiltIn(socket?.type ?? null, target.service)) {
    return refused('unknownInternal', target.service)
  }
  const args: string[] = []
  for (let word = words.next(); word !== null; word = words.next()) args.push(word)
  // getaddrinfo() knows no socket type -1, and a unix socket of it is never made.
  if (socket === null) return refused('badSocketType', socketWord)
  if (args.length > MAXARGV) warnings.push({ code: 'argumentsDropped', most: MAXARGV })
  const host = head.host ?? defaultAddress
  const listens = listensFor(head.tcpmux, protocol, host)
  if (listens.length === 0 && head.tcpmux === null) return refused('noAddress', host)
  return {
    kind: 'entry',
    entry: {
      ...bare,
      listens,
      service: target.service,
      tcpmux: head.tcpmux,
      rpc: target.rpc,
      socketType: socket.type,
      protocol,
      wait: wait.wait && head.tcpmux === null && program !== 'internal',
      max: wait.max,
      acceptMax: socket.acceptMax,
      acceptFilter: socket.acceptFilter,
      sendBuffer,
      receiveBuffer,
      ...userAndGroup(userWord, [':', '.']),
      program,
      argv: args.slice(0, MAXARGV),
      warnings: [...warnings, ...wait.warnings],
    },
  }
}

export function isBuiltIn(type: SocketType | null, service: string): boolean {
  return type !== null && (BUILTINS[type] ?? []).includes(service)
}

export function listensFor(tcpmux: Entry['tcpmux'], protocol: string, host: string): Entry['listens'] {
  if (tcpmux !== null) return []
  if (protocol === 'unix') return [{ address: null, family: 'unix' }]
  return listensOn([host], protocol.endsWith('6') ? 'ipv6' : 'ipv4')
}

type Target =
  | Pick<Entry, 'service' | 'rpc'>
  | { readonly reason: 'badProtocol' | 'rpcVersionMissing' | 'rpcVersionBad'; readonly value: string }

/** parse_protocol(). What follows the versions is not looked at. */
export function targetOf(protocol: string, service: string): Target {
  if (protocol === '') return { reason: 'badProtocol', value: protocol }
  if (!protocol.startsWith('rpc/')) return { service, rpc: null }
  const slash = service.indexOf('/')
  if (slash === -1) return { reason: 'rpcVersionMissing', value: service }
  const low = numeral(service.slice(slash + 1), 0)
  const high = low.rest.startsWith('-') ? numeral(low.rest.slice(1), 0) : low
  if (!low.isFound || !high.isFound) return { reason: 'rpcVersionBad', value: service }
  return { service: service.slice(0, slash), rpc: { low: Number(low.value), high: Number(high.value) } }
}

type Socket = Pick<Entry, 'acceptMax' | 'acceptFilter'> & {
  readonly type: SocketType
  readonly isMaxOdd: boolean
}

/** parse_socktype(), parse_accept_max() and parse_accept_filter(): of a stream the first six letters count. */
export function socketOf(word: string): Socket | null {
  const none = { acceptMax: null, acceptFilter: null, isMaxOdd: false }
  if (!word.startsWith('stream')) {
    const type = socketTypeOf(word)
    return type === null ? null : { type, ...none }
  }
  const max = word.startsWith('stream,') ? countOf(word.slice('stream,'.length)) : null
  const own = { type: 'stream' as const, acceptMax: max?.count ?? null, isMaxOdd: max?.isOdd ?? false }
  const colon = word.indexOf(':')
  if (colon === -1) return { ...own, acceptFilter: null }
  const filter = word.slice(colon + 1)
  return filter === '' || filter.includes(':') || filter.split(',', 3).length > 2
    ? null
    : { ...own, acceptFilter: filter }
}

/** strtou(), and for what is no number 0, as atoi() once gave. */
function countOf(text: string): { readonly count: number; readonly isOdd: boolean } {
  const { value, rest, isFound } = numeral(text, 10, 'strtoul')
  const isWhole = isFound && rest === '' && value >= 0n && value <= 0x7fffffffn
  if (isWhole) return { count: Number(value), isOdd: false }
  return { count: isFound && value > 0x7fffffffn ? 0x7fffffff : 0, isOdd: true }
}

/** `wait:10`, `nowait.10`; whatever is not the very word `wait` is nowait. */
function waitOf(word: string): Pick<Entry, 'wait' | 'max' | 'warnings'> {
  const separator = word.includes(':') ? ':' : '.'
  const at = word.indexOf(separator)
  const name = at === -1 ? word : word.slice(0, at)
  const max = at === -1 ? null : countOf(word.slice(at + 1))
  const warnings: Warning[] = []
  if (name !== 'wait' && name !== 'nowait') warnings.push({ code: 'waitTakenForNowait', value: name })
  if (max?.isOdd === true) warnings.push({ code: 'maxNotANumber', value: word.slice(at + 1) })
  return { wait: name === 'wait', max: max?.count ?? null, warnings }
}
