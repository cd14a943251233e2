import type { Entry, Outcome, Warning } from '../entry'
import { refused } from '../entry'
import {
  bare,
  basename,
  hostAndService,
  listensOn,
  programOf,
  socketTypeOf,
  tcpmuxOf,
  userAndGroup,
} from './fields'
import { numeral, toInt } from './number'

const FIELDS_MIN = 6
const BUILTINS: Readonly<Record<string, readonly string[]>> = {
  stream: ['echo', 'discard', 'time', 'daytime', 'chargen', 'tcpmux'],
  dgram: ['echo', 'discard', 'time', 'daytime', 'chargen'],
}

/** GNU inetutils 2.4, src/inetd.c, getconfigent(), for a line that is no `addr:`. */
export function readInetutils(words: readonly string[], defaultAddress: string): Outcome {
  const [first = '', socketWord = '', protocol = '', waitWord = '', userWord = '', programWord = ''] = words
  if (words.length < FIELDS_MIN) return refused('missingField', String(words.length))
  const cut = hostAndService(first)
  const mux = tcpmuxOf(cut.service)
  const socketType = socketTypeOf(socketWord)
  const wait = waitOf(waitWord)
  if (mux.tcpmux !== null && (!protocol.startsWith('tcp') || socketType !== 'stream')) {
    return refused('badTcpmux', protocol.startsWith('tcp') ? socketWord : protocol)
  }
  const program = programOf(programWord)
  if (program === 'internal' && !(BUILTINS[socketType ?? ''] ?? []).includes(mux.service)) {
    return refused('unknownInternal', mux.service)
  }
  // expand_enter(): getprotobyname("unix") finds nothing, and getaddrinfo() knows no socket type -1.
  if (protocol === 'unix') return refused('badProtocol', protocol)
  // It knows no stream over udp either.
  const transport = socketType === 'stream' ? 'tcp' : socketType === 'dgram' ? 'udp' : null
  if (socketType === null) return refused('badSocketType', socketWord)
  if (socketType !== 'raw' && (transport === null || !protocol.startsWith(transport))) {
    return refused('badSocketType', socketWord)
  }
  const hosts = (cut.host ?? defaultAddress).split(',')
  const listens = mux.tcpmux === null ? listensOn(hosts, familyOf(protocol)) : []
  if (listens.length === 0 && mux.tcpmux === null) return refused('noAddress', cut.host ?? defaultAddress)
  const args = words.slice(FIELDS_MIN)
  const isBuiltIn = program === 'internal'
  const entry: Entry = {
    ...bare,
    ...mux,
    listens,
    socketType,
    protocol,
    wait: wait.wait && mux.tcpmux === null && !isBuiltIn,
    max: wait.max,
    ...userAndGroup(userWord, [':', '.']),
    program,
    argv: args.length > 0 ? args : [basename(programWord)],
    warnings: wait.warnings,
  }
  return { kind: 'entry', entry }
}

/** What follows tcp or udp: 6only, 6 and whatever else begins with it, else IPv4. */
function familyOf(protocol: string): 'ipv4' | 'ipv6' | 'dual' {
  if (!/^(?:tcp|udp)6/.test(protocol)) return 'ipv4'
  return protocol.slice(3) === '6only' ? 'ipv6' : 'dual'
}

function waitOf(word: string): Pick<Entry, 'wait' | 'max' | 'warnings'> {
  const dot = word.indexOf('.')
  const name = dot === -1 ? word : word.slice(0, dot)
  const warnings: Warning[] = []
  if (name !== 'wait' && name !== 'nowait') warnings.push({ code: 'waitTakenForNowait', value: name })
  if (dot === -1) return { wait: name === 'wait', max: null, warnings }
  const text = word.slice(dot + 1)
  const { value, rest } = numeral(text, 10, 'strtoul')
  if (rest !== '') warnings.push({ code: 'maxNotANumber', value: text })
  // A limit of 0 is none of the entry's own (`sep->se_max ? … : toomany`).
  const max = toInt(value) >>> 0
  return { wait: name === 'wait', max: max === 0 ? null : max, warnings }
}
