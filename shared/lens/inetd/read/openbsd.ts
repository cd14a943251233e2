import type { Entry, Outcome, Warning } from '../entry'
import { refused } from '../entry'
import {
  bare,
  basename,
  bufferSizes,
  hostAndService,
  listensOn,
  programOf,
  socketTypeOf,
  unbracketed,
  userAndGroup,
} from './fields'
import { numeral, toInt } from './number'
import type { WordSource } from './words'

const MAXARGV = 20
const BUILTINS: readonly string[] = ['echo', 'discard', 'time', 'daytime', 'chargen']

/** What one call of the C function makes of a line. `again`: the same line is read once more, for IPv6 (`proto_override`). */
export type Pass =
  | { readonly kind: 'blank' }
  | { readonly kind: 'address'; readonly address: string }
  | { readonly kind: 'outcome'; readonly outcome: Outcome; readonly again: boolean }

/** openbsd-inetd 0.20221205, inetd.c, getconfigent(): from `arg = skip(&cp, 0)` to the end. */
export function passOf(words: WordSource, defaultAddress: string, isSecond: boolean): Pass {
  const first = words.next()
  if (first === null) return { kind: 'blank' }
  const cut = hostAndService(first)
  const host = cut.host === null ? defaultAddress : cut.host === '' ? '*' : unbracketed(cut.host)
  let service = cut.service
  if (cut.host !== null && service === '') {
    const word = words.next()
    if (word === null) return { kind: 'address', address: host }
    service = word
  }
  let again = isSecond
  const ends = (outcome: Outcome): Pass => ({ kind: 'outcome', outcome, again })
  const lacks = (field: string): Pass => ends(refused('missingField', field))

  const socketWord = words.next()
  if (socketWord === null) return lacks('socketType')
  const socketType = socketTypeOf(socketWord)
  const knownType = socketType === 'stream' || socketType === 'dgram' ? socketType : null
  const protocolWord = words.next()
  if (protocolWord === null) return lacks('protocol')
  const buffers = bufferSizes(protocolWord)
  if ('refusal' in buffers) return ends(buffers.refusal)
  const { protocol: written, sendBuffer, receiveBuffer } = buffers.value

  const isUnix = written === 'unix'
  const named = /[46]$/.exec(written)?.[0]
  if (!isUnix) again = !isSecond && named === undefined
  const protocol = isSecond && !isUnix ? `${written}6` : written
  let rpc: Entry['rpc'] = null
  if (!isUnix && protocol.startsWith('rpc/')) {
    const slash = service.indexOf('/')
    if (slash === -1) return ends(refused('rpcVersionMissing', service))
    rpc = rpcVersions(service.slice(slash + 1))
    if (rpc === null) return ends(refused('rpcVersionBad', service))
    service = service.slice(0, slash)
  }

  const waitWord = words.next()
  if (waitWord === null) return lacks('wait')
  const wait = waitOf(waitWord)
  const userWord = words.next()
  if (userWord === null) return lacks('user')
  const programWord = words.next()
  if (programWord === null) return lacks('program')
  const program = programOf(programWord)
  if (program === 'internal' && (knownType === null || !BUILTINS.includes(service))) {
    return ends(refused('unknownInternal', service))
  }
  const all: string[] = []
  for (let word = words.next(); word !== null; word = words.next()) all.push(word)

  const isIpv6 = isSecond || named === '6'
  const hosts = host.split(',').filter((one) => one !== '')
  // V6ONLY is set for what begins with tcp6 alone: udp6 and rpc/tcp6 take IPv4 along (setup()).
  const family = isIpv6 ? (protocol.startsWith('tcp6') ? 'ipv6' : 'dual') : 'ipv4'
  const listens = isUnix ? [{ address: null, family: 'unix' as const }] : listensOn(hosts, family)
  // getaddrinfo() knows no socket type -1; a unix socket of that type is never made.
  if (knownType === null) return ends(refused('badSocketType', socketWord))
  if (listens.length === 0) return ends(refused('noAddress', host))
  const warnings: Warning[] = [...wait.warnings]
  if (all.length > MAXARGV) warnings.push({ code: 'argumentsDropped', most: MAXARGV })
  if (sendBuffer !== null || receiveBuffer !== null) warnings.push({ code: 'buffersWithoutEffect' })
  if (buffers.value.bare !== null) warnings.push({ code: 'sizeWithoutUnit', value: buffers.value.bare })
  const transport = protocol.replace(/^rpc\//, '').slice(0, 3)
  if (!isUnix && transport !== (knownType === 'stream' ? 'tcp' : 'udp')) {
    warnings.push({ code: 'protocolOnlyForTheName', value: written })
  }
  const entry: Entry = {
    ...bare,
    listens,
    service,
    rpc,
    socketType: knownType,
    protocol,
    wait: program === 'internal' ? false : wait.wait,
    max: wait.max,
    sendBuffer,
    receiveBuffer,
    ...userAndGroup(userWord, ['.', ':']),
    program,
    argv: all.length > 0 ? all.slice(0, MAXARGV) : program === 'internal' ? [] : [basename(programWord)],
    warnings,
  }
  return ends({ kind: 'entry', entry })
}

/** Anything but the very word `wait` is nowait. */
function waitOf(word: string): Pick<Entry, 'wait' | 'max' | 'warnings'> {
  const dot = word.indexOf('.')
  const name = dot === -1 ? word : word.slice(0, dot)
  const odd: readonly Warning[] =
    name === 'wait' || name === 'nowait' ? [] : [{ code: 'waitTakenForNowait', value: name }]
  const wait = name === 'wait'
  if (dot === -1) return { wait, max: null, warnings: odd }
  const text = word.slice(dot + 1)
  const { value, rest } = numeral(text, 0, 'strtoul')
  const max = toInt(value)
  if (max >= 1 && rest === '') return { wait, max, warnings: odd }
  return { wait, max: null, warnings: [...odd, { code: 'maxNotANumber', value: text }] }
}

/** `1`, `1-3`, in any base that C writes. */
function rpcVersions(text: string): Entry['rpc'] {
  const low = numeral(text, 0)
  if (!isVersion(low)) return null
  if (low.rest === '') return { low: Number(low.value), high: Number(low.value) }
  if (!low.rest.startsWith('-')) return null
  const high = numeral(low.rest.slice(1), 0)
  if (!isVersion(high) || high.value < low.value || high.rest !== '') return null
  return { low: Number(low.value), high: Number(high.value) }
}

function isVersion({ value, isFound }: { readonly value: bigint; readonly isFound: boolean }): boolean {
  return isFound && value >= 0n && value <= 0x7fffffffn
}

/** The two readings as one entry, where they differ in the sockets alone; else both. */
export function together(first: Outcome, second: Outcome): readonly Outcome[] {
  if (first.kind === 'refused') {
    return second.kind === 'entry' ? [{ kind: 'entry', entry: withoutSix(second.entry) }] : [first]
  }
  if (second.kind === 'refused') {
    if (second.refusal.reason === 'noAddress') return [first]
    const warning: Warning = { code: 'ipv6NotRead', refusal: second.refusal.reason }
    return [{ kind: 'entry', entry: { ...first.entry, warnings: [...first.entry.warnings, warning] } }]
  }
  const other = withoutSix(second.entry)
  const merged: Entry = { ...first.entry, listens: [...first.entry.listens, ...other.listens] }
  const isSame = JSON.stringify({ ...other, listens: [] }) === JSON.stringify({ ...first.entry, listens: [] })
  return isSame ? [{ kind: 'entry', entry: merged }] : [first, second]
}

function withoutSix(entry: Entry): Entry {
  return { ...entry, protocol: entry.protocol.replace(/6$/, '') }
}
