import type { Entry, Outcome, Warning } from '../entry'
import { refused } from '../entry'
import { bare, programOf, socketTypeOf } from './fields'
import { numeral } from './number'

const BUILTINS: Readonly<Record<string, readonly string[]>> = {
  stream: ['echo', 'time', 'daytime', 'chargen', 'tcpmux'],
  dgram: ['echo', 'time', 'daytime', 'chargen'],
}

/**
 * xinetd 2.3.15, src/inet.c, get_next_inet_entry(). It knows no address, no limit and no family: those words are names
 * to it that it does not find.
 */
export function readXinetd(words: readonly string[]): Outcome {
  const [first = '', socketWord, protocolWord, waitWord, userWord, programWord, ...args] = words
  const slash = first.indexOf('/')
  const service = slash === -1 ? first : first.slice(0, slash)
  if (socketWord === undefined) return refused('missingField', 'socketType')
  const socketType = socketTypeOf(socketWord)
  if (socketType === null || socketType === 'rdm') return refused('badSocketType', socketWord)
  // strstr() of a pointer that nothing was put into.
  if (protocolWord === undefined) return refused('missingField', 'protocol', 'crashes')
  let protocol = protocolWord
  let rpc: Entry['rpc'] = null
  if (protocolWord.includes('rpc')) {
    if (slash === -1) return refused('rpcVersionMissing', first)
    rpc = rpcVersions(first.slice(slash + 1))
    if (rpc === null) return refused('rpcVersionBad', first)
    const protocolAt = protocolWord.indexOf('/')
    if (protocolAt === -1) return refused('badProtocol', protocolWord)
    protocol = protocolWord.slice(protocolAt + 1)
  }
  // What /etc/protocols has everywhere; `tcp6` and `unix` are not in it.
  if (protocol !== 'tcp' && protocol !== 'udp') return refused('badProtocol', protocolWord)
  if (waitWord === undefined) return refused('missingField', 'wait')
  const warnings: readonly Warning[] =
    waitWord === 'wait' || waitWord === 'nowait' ? [] : [{ code: 'waitTakenForNowait', value: waitWord }]
  if (userWord === undefined) return refused('missingField', 'user')
  if (programWord === undefined) return refused('missingField', 'program')
  const program = programOf(programWord)
  if (program === 'internal' && !(BUILTINS[socketType] ?? []).includes(service)) {
    return refused('unknownInternal', service)
  }
  const dot = userWord.indexOf('.')
  const entry: Entry = {
    ...bare,
    listens: [{ address: null, family: 'ipv4' }],
    service,
    rpc,
    socketType,
    protocol,
    wait: waitWord === 'wait',
    user: dot === -1 ? userWord : userWord.slice(0, dot),
    group: dot === -1 ? null : userWord.slice(dot + 1),
    program,
    argv: program === 'internal' ? [] : args,
    warnings,
  }
  return { kind: 'entry', entry }
}

function rpcVersions(text: string): Entry['rpc'] {
  const [lowText = '', ...more] = text.split('-')
  const low = numeral(lowText, 10)
  if (!low.isFound || low.rest !== '') return null
  if (more.length === 0) return { low: Number(low.value), high: Number(low.value) }
  const high = numeral(more.join('-'), 10)
  if (!high.isFound || high.rest !== '' || high.value < low.value) return null
  return { low: Number(low.value), high: Number(high.value) }
}
