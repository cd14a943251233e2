import type { Entry, Outcome } from '../entry'
import { refused } from '../entry'
import { bare, programOf, socketTypeOf, tcpmuxOf } from './fields'
import { numeral, toInt } from './number'
import type { WordSource } from './words'

const MAXARGV = 20
const MAX_MAXCHLD = 32767
/** The built-in services, with the other names that /etc/services gives them (matchservent()). */
const BUILTINS: Readonly<Record<string, readonly string[]>> = {
  stream: [
    'echo',
    'discard',
    'sink',
    'null',
    'time',
    'timserver',
    'daytime',
    'chargen',
    'ttytst',
    'source',
    'auth',
    'ident',
    'tap',
    'tcpmux',
  ],
  dgram: ['echo', 'discard', 'sink', 'null', 'time', 'timserver', 'daytime', 'chargen', 'ttytst', 'source'],
}

/**
 * FreeBSD's inetd.c, getconfigent(). A field too few ends the daemon: sskip() exits with EX_DATAERR. null: a blank line.
 */
export function readFreebsd(words: WordSource): Outcome | null {
  const first = words.next()
  if (first === null) return null
  const owned = ownerOf(first)
  if (owned === null) return refused('badOwner', first)
  const mux = tcpmuxOf(owned.service)
  let { service } = mux
  const missing = (field: string): Outcome => refused('missingField', field, 'exits')

  const socketWord = words.next()
  if (socketWord === null) return missing('socketType')
  const socketType = socketTypeOf(socketWord)
  const protocolWord = words.next()
  if (protocolWord === null) return missing('protocol')
  // `tcp/ttcp` and `tcp/faith`: what follows the slash is a type of old releases.
  let protocol = protocolWord.startsWith('tcp')
    ? (protocolWord.split('/', 1)[0] ?? '')
    : protocolWord.replace(/^faith\//, '')
  let rpc: Entry['rpc'] = null
  if (protocol.startsWith('rpc/')) {
    protocol = protocol.slice('rpc/'.length)
    const slash = service.lastIndexOf('/')
    rpc = slash === -1 ? { low: 1, high: 1 } : rpcVersions(service.slice(slash + 1))
    if (rpc === null) return refused('rpcVersionBad', service)
    if (slash !== -1) service = service.slice(0, slash)
  }
  const versions = /[0-9]*$/.exec(protocol)?.[0] ?? ''
  const plain = protocol.slice(0, protocol.length - versions.length)
  if (plain === '' || /[^46]/.test(versions)) return refused('badProtocol', protocolWord)

  const waitWord = words.next()
  if (waitWord === null) return missing('wait')
  const limits = limitsOf(waitWord)
  if ('reason' in limits) return refused(limits.reason, waitWord)
  if (mux.tcpmux !== null && (plain !== 'tcp' || socketType !== 'stream')) {
    return refused('badTcpmux', plain === 'tcp' ? socketWord : protocolWord)
  }
  const userWord = words.next()
  if (userWord === null) return missing('user')
  const programWord = words.next()
  if (programWord === null) return missing('program')
  const program = programOf(programWord)
  if (program === 'internal' && !(BUILTINS[socketType ?? ''] ?? []).includes(service)) {
    return refused('unknownInternal', service)
  }
  const argv: string[] = []
  for (let word = words.next(); word !== null; word = words.next()) argv.push(word)
  if (argv.length > MAXARGV) return refused('tooManyArguments', String(argv.length))
  // The socket of type -1 is never made (setup(): socket: Protocol not supported).
  if (socketType === null) return refused('badSocketType', socketWord)

  const classAt = userWord.lastIndexOf('/')
  const account = classAt === -1 ? userWord : userWord.slice(0, classAt)
  const groupAt = account.lastIndexOf(':')
  const isTcpmux = mux.tcpmux !== null
  return {
    kind: 'entry',
    entry: {
      ...bare,
      ...mux,
      listens: isTcpmux ? [] : [{ address: null, family: plain === 'unix' ? 'unix' : familyOf(versions) }],
      service,
      rpc,
      socketType,
      protocol: plain,
      wait: limits.wait && !isTcpmux && program !== 'internal',
      max: limits.max,
      perAddressPerMinute: limits.perAddressPerMinute,
      maxPerAddress: limits.maxPerAddress,
      user: groupAt === -1 ? account : account.slice(0, groupAt),
      group: groupAt === -1 ? null : account.slice(groupAt + 1),
      loginClass: classAt === -1 ? null : userWord.slice(classAt + 1),
      owner: owned.owner,
      program,
      argv,
      warnings: [],
    },
  }
}

function familyOf(versions: string): 'ipv4' | 'ipv6' | 'dual' {
  if (!versions.includes('6')) return 'ipv4'
  return versions.includes('4') ? 'dual' : 'ipv6'
}

/** `:user:group:mode:/path`. */
function ownerOf(word: string): (Pick<Entry, 'owner'> & { readonly service: string }) | null {
  if (!word.startsWith(':')) return { owner: null, service: word }
  const groupAt = word.indexOf(':', 1)
  const modeAt = groupAt === -1 ? -1 : word.indexOf(':', groupAt + 1)
  if (modeAt === -1) return null
  const { value, rest } = numeral(word.slice(modeAt + 1), 8)
  if (!rest.startsWith(':')) return null
  const owner = { user: word.slice(1, groupAt), group: word.slice(groupAt + 1, modeAt), mode: toInt(value) }
  return { owner, service: rest.slice(1) }
}

type Limits = Pick<Entry, 'wait' | 'max' | 'perAddressPerMinute' | 'maxPerAddress'>

/** `nowait/10/60/5`. The words are compared as far as they are long, and what follows the numbers is not looked at. */
function limitsOf(word: string): Limits | { readonly reason: 'badWait' | 'badMax' } {
  if (!word.startsWith('wait') && !word.startsWith('nowait')) return { reason: 'badWait' }
  const none = { wait: word.startsWith('wait'), max: null, perAddressPerMinute: null, maxPerAddress: null }
  const slash = word.indexOf('/')
  if (slash === -1) return none
  const max = numeral(word.slice(slash + 1), 10, 'strtoul')
  if (!max.isFound || max.value < 0n || max.value > MAX_MAXCHLD) return { reason: 'badMax' }
  const limits = { ...none, max: toInt(max.value) }
  if (!max.rest.startsWith('/')) return limits
  const perMinute = numeral(max.rest.slice(1), 10)
  const withRate = { ...limits, perAddressPerMinute: given(perMinute.value) }
  const rest = perMinute.isFound ? perMinute.rest : max.rest.slice(1)
  if (!rest.startsWith('/')) return withRate
  return { ...withRate, maxPerAddress: given(numeral(rest.slice(1), 10).value) }
}

/** A negative number is no limit of the entry's own. */
function given(value: bigint): number | null {
  const int = toInt(value)
  return int < 0 ? null : int
}

/** sscanf(versp, "%u-%u"): what follows is not looked at. */
function rpcVersions(text: string): Entry['rpc'] {
  const low = numeral(text, 10, 'strtoul')
  if (!low.isFound) return null
  const high = low.rest.startsWith('-') ? numeral(low.rest.slice(1), 10, 'strtoul') : low
  return { low: Number(low.value), high: Number(high.isFound ? high.value : low.value) }
}
