import type { Entry, Outcome } from '../entry'
import { refused } from '../entry'
import { bare, programOf } from './fields'
import type { Head } from './netbsd'
import { isBuiltIn, listensFor, MAXARGV, socketOf, targetOf } from './netbsd'
import type { Option } from './netbsd-options'
import { numeral } from './number'

/** How many values an option takes (the handlers of parse_v2.c). */
const VALUES: Readonly<Record<string, readonly [least: number, most: number]>> = {
  bind: [1, 1],
  socktype: [1, 1],
  acceptfilter: [1, 2],
  protocol: [1, 1],
  sndbuf: [1, 1],
  recvbuf: [1, 1],
  wait: [1, 1],
  service_max: [1, 1],
  user: [1, 1],
  group: [1, 1],
  exec: [1, 1],
  args: [0, MAXARGV],
  ip_max: [1, 1],
  accept_max: [1, 1],
  ipsec: [0, 1],
}
/** A second one of these spoils the statement ("already specified"); of the others the last counts. */
const ONCE: readonly string[] = [
  'bind',
  'wait',
  'service_max',
  'user',
  'args',
  'ip_max',
  'accept_max',
  'ipsec',
]
const BARE_PROTOCOLS: readonly string[] = ['tcp', 'udp', 'rpc/tcp', 'rpc/udp']

/** `svc on key = value, …;`: parse_v2.c, the handlers and fill_default_values(). */
export function readStatement(head: Head, options: readonly Option[], defaultAddress: string): Outcome {
  const given = new Map<string, readonly string[]>()
  for (const { key, values } of options) {
    const [least, most] = (Object.hasOwn(VALUES, key) ? VALUES[key] : undefined) ?? [1, 0]
    if (values.length < least || values.length > most || (ONCE.includes(key) && given.has(key))) {
      return refused('badOption', key)
    }
    given.set(key, values)
  }
  const one = (key: string): string | null => given.get(key)?.[0] ?? null

  const protocolWord = one('protocol')
  if (protocolWord === null) return refused('missingField', 'protocol')
  const protocol = protocolWord.replace(/^faith\//, '')
  const target = targetOf(protocol, head.service)
  if ('reason' in target) return refused(target.reason, target.value)
  const inferred = protocol.startsWith('udp') ? 'dgram' : protocol.startsWith('tcp') ? 'stream' : null
  const socketWord = one('socktype') ?? inferred
  if (socketWord === null) return refused('missingField', 'socketType')
  const socket = socketOf(socketWord)
  if (socket === null) return refused('badSocketType', socketWord)
  const programWord = one('exec') ?? 'internal'
  const program = programOf(programWord)
  if (program === 'internal' && !isBuiltIn(socket.type, target.service)) {
    return refused('unknownInternal', target.service)
  }
  const waitWord = one('wait')
  if (waitWord !== null && waitWord !== 'yes' && waitWord !== 'no') return refused('badWait', waitWord)
  if (waitWord === null && program !== 'internal') return refused('missingField', 'wait')
  if (head.tcpmux !== null && (!protocol.startsWith('tcp') || socket.type !== 'stream')) {
    return refused('badTcpmux', socketWord)
  }
  const user = one('user')
  if (user === null) return refused('missingField', 'user')
  const sizes = { sendBuffer: sizeOf(one('sndbuf')), receiveBuffer: sizeOf(one('recvbuf')) }
  const counts = {
    max: countOf(one('service_max')),
    perIp: countOf(one('ip_max')),
    accept: countOf(one('accept_max')),
  }
  if ([sizes.sendBuffer, sizes.receiveBuffer].includes('bad')) return refused('badBufferSize', 'sndbuf')
  if ([counts.max, counts.perIp, counts.accept].includes('bad')) return refused('badMax', 'service_max')
  const host = one('bind') ?? head.host ?? defaultAddress
  // infer_protocol_ip_version(): without 4 or 6 the address must say which.
  const isNumeric = host.includes(':') || /^[0-9]+(?:\.[0-9]+){3}$/.test(host)
  if (BARE_PROTOCOLS.includes(protocol) && !isNumeric) return refused('badProtocol', protocol)
  const listens =
    host.includes(':') && BARE_PROTOCOLS.includes(protocol)
      ? [{ address: host, family: 'ipv6' as const }]
      : listensFor(head.tcpmux, protocol, host)
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
      wait: waitWord === 'yes' && program !== 'internal' && head.tcpmux === null,
      max: numberOf(counts.max),
      maxPerAddress: numberOf(counts.perIp),
      acceptMax: numberOf(counts.accept),
      acceptFilter: given.get('acceptfilter')?.join(',') ?? null,
      sendBuffer: numberOf(sizes.sendBuffer),
      receiveBuffer: numberOf(sizes.receiveBuffer),
      user,
      group: one('group'),
      program,
      argv: given.get('args') ?? [],
      warnings: [],
    } satisfies Entry,
  }
}

function numberOf(value: number | 'bad' | null): number | null {
  return value === 'bad' ? null : value
}

function countOf(text: string | null): number | 'bad' | null {
  if (text === null) return null
  const { value, rest, isFound } = numeral(text, 10, 'strtoul')
  return isFound && rest === '' && value >= 0n && value <= 0x7fffffffn ? Number(value) : 'bad'
}

/** size_to_bytes(): k and m multiply; nothing else may follow. */
function sizeOf(text: string | null): number | 'bad' | null {
  if (text === null) return null
  const { value, rest, isFound } = numeral(text, 10)
  const factor = rest === '' ? 1n : rest.startsWith('k') ? 1024n : rest.startsWith('m') ? 1024n * 1024n : 0n
  const bytes = value * factor
  return isFound && value >= 0n && factor !== 0n && bytes <= 0x7fffffffn ? Number(bytes) : 'bad'
}
