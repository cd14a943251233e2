import ipaddr from 'ipaddr.js'
import type { HostNames } from '../state'
import { words } from './attributes'
import { siteKind } from './sites'

/** Whether the daemon's parser of the attribute (parsers.c) takes the values. What the host has not told counts as fine. */
export function acceptsValues(
  name: string,
  values: readonly string[],
  operator: string,
  names: HostNames,
): boolean {
  const [first = '', second = ''] = values
  switch (name) {
    case 'socket_type':
      return isOneOf(words.socket_type, first)
    case 'protocol':
      return names.protocols === null || names.protocols.includes(first)
    case 'wait':
    case 'disable':
    case 'groups':
    case 'v6only':
      return isOneOf(['yes', 'no'], first)
    case 'user':
      return isDigits(first) || names.users === null || names.users.includes(first)
    case 'group':
      return isDigits(first) || names.groups === null || names.groups.includes(first)
    case 'server':
      return isExecutable(first, names)
    case 'server_args':
      return values.length > 0
    case 'instances':
    case 'per_source':
      return isOneOf(['UNLIMITED'], first) || isInteger(first, 0, INT_MAX)
    case 'type':
      return values.length > 0 && values.every((value) => isOneOf(words.type, value))
    case 'flags':
      return values.length > 0 && values.every((value) => isOneOf(words.flags, value))
    case 'log_type':
      return isLogType(values)
    case 'log_on_success':
      return values.every((value) => isOneOf(words.log_on_success, value))
    case 'log_on_failure':
      return values.every((value) => isOneOf(words.log_on_failure, value))
    case 'only_from':
    case 'no_access':
      return values.every((value) => siteKind(value) !== 'wrong')
    case 'env':
      return operator !== '-=' && values.every((value) => value.includes('='))
    case 'access_times':
      return values.length > 0 && values.every(isInterval)
    case 'cps':
      return isUnsigned(first) && isUnsigned(second)
    case 'port':
      return isInteger(first, 0, 65535)
    case 'nice':
    case 'rpc_number':
      return isInteger(first, INT_MIN, INT_MAX)
    case 'umask':
      return /^[+-]?[0-7]+[\v\f\r]*$/.test(first) && isOctal(first)
    case 'max_load':
      return /^[+-]?(\d+\.?\d*|\.\d+)/.test(first) && Number.parseFloat(first) !== 0
    case 'bind':
      return isAddress(first)
    case 'redirect':
      return isInteger(second, 1, 65535) || isServiceName(second, names)
    case 'deny_time':
      return isOneOf(['FOREVER', 'NEVER'], first) || isInteger(first, INT_MIN, INT_MAX)
    case 'rlimit_as':
    case 'rlimit_data':
    case 'rlimit_rss':
    case 'rlimit_stack':
    case 'rlimit_files':
      return isOneOf(['UNLIMITED'], first) || isSize(first)
    case 'rlimit_cpu':
      return isOneOf(['UNLIMITED'], first) || isUnsigned(first)
    case 'rpc_version':
      return isVersionRange(first)
    default:
      return true
  }
}

const INT_MAX = 2 ** 31 - 1
const INT_MIN = -(2 ** 31)

/** The daemon compares words without their case. */
function isOneOf(known: readonly string[], word: string): boolean {
  return known.some((candidate) => candidate.toLowerCase() === word.toLowerCase())
}

/** As the daemon names what was written in whichever case. */
export function canonicalWords(name: string, values: readonly string[]): readonly string[] {
  if (YES_NO.has(name)) return values.map((value) => value.toLowerCase())
  if (UNLIMITED.has(name)) return values.map((value) => (isOneOf(['UNLIMITED'], value) ? 'UNLIMITED' : value))
  if (!isWordList(name)) return values
  return values.map(
    (value) => words[name].find((known) => known.toLowerCase() === value.toLowerCase()) ?? value,
  )
}

const YES_NO = new Set(['wait', 'disable', 'groups', 'v6only'])
const UNLIMITED = new Set(['instances', 'per_source'])

function isWordList(
  name: string,
): name is 'socket_type' | 'type' | 'flags' | 'log_on_success' | 'log_on_failure' {
  return ['socket_type', 'type', 'flags', 'log_on_success', 'log_on_failure'].includes(name)
}

function isOctal(text: string): boolean {
  const value = Number.parseInt(text, 8)
  return value >= 0 && value <= 0o777
}

function isDigits(text: string): boolean {
  return /^\d+$/.test(text)
}

/** The number that the daemon makes of a word (strtol, then an int of 32 bits); null: it does not take it for one. */
export function intOf(text: string): number | null {
  const match = /^[\v\f\r]*([+-]?)(\d+)[\v\f\r]*$/.exec(text)
  if (match === null) return null
  const [, sign, digits = '0'] = match
  const whole = sign === '-' ? -BigInt(digits) : BigInt(digits)
  const long = whole > LONG_MAX ? LONG_MAX : whole < LONG_MIN ? LONG_MIN : whole
  return Number(BigInt.asIntN(32, long))
}

const LONG_MAX = 2n ** 63n - 1n
const LONG_MIN = -(2n ** 63n)

function isInteger(text: string, least: number, most: number): boolean {
  const value = intOf(text)
  return value !== null && value >= least && value <= most
}

/** strtoul(3) takes a sign, and counts from the top for a minus. */
function isUnsigned(text: string): boolean {
  return intOf(text) !== null
}

function isSize(text: string): boolean {
  return /^[+-]?\d+[kKmM]?[\v\f\r]*$/.test(text)
}

/** What getaddrinfo takes for an address it takes; a name may or may not resolve. */
function isAddress(text: string): boolean {
  if (text.includes(':')) return ipaddr.IPv6.isValid(text)
  return /^[\d.]+$/.test(text) ? ipaddr.IPv4.isValid(text) : true
}

/** The daemon stands in /; what is not named from there is hardly meant. */
function isExecutable(path: string, { programs }: HostNames): boolean {
  if (!path.startsWith('/')) return programs[`/${path}`] === true
  return !Object.hasOwn(programs, path) || programs[path] === true
}

function isServiceName(text: string, names: HostNames): boolean {
  return (
    names.services === null ||
    names.services.some(({ name, protocol }) => name === text && protocol === 'tcp')
  )
}

function isVersionRange(text: string): boolean {
  const match = /^(-?\d+)(?:-(\d+))?$/.exec(text)
  return match !== null && Number(match[1]) <= Number(match[2] ?? match[1])
}

/** `H:MM-H:MM`, the end after the start (time.c). */
function isInterval(text: string): boolean {
  const match = /^(\d{1,2}):(\d{1,2})-(\d{1,2}):(\d{1,2})$/.exec(text)
  if (match === null) return false
  const [fromHour, fromMinute, toHour, toMinute] = match.slice(1).map(Number)
  const isClock = (hour = 99, minute = 99) => hour < 24 && minute < 60
  if (!isClock(fromHour, fromMinute) || !isClock(toHour, toMinute)) return false
  return (fromHour ?? 0) * 60 + (fromMinute ?? 0) < (toHour ?? 0) * 60 + (toMinute ?? 0)
}

/** `SYSLOG facility [level]` or `FILE path [soft [hard]]`. */
function isLogType([kind = '', ...rest]: readonly string[]): boolean {
  const [first = '', second, third] = rest
  if (isOneOf(['SYSLOG'], kind)) {
    if (rest.length < 1 || rest.length > 2) return false
    return isOneOf(words.facility, first) && (second === undefined || isOneOf(words.level, second))
  }
  if (!isOneOf(['FILE'], kind) || rest.length < 1 || rest.length > 3) return false
  if (second !== undefined && !isSize(second)) return false
  return third === undefined || (isSize(third) && bytesOf(third) >= bytesOf(second ?? '0'))
}

function bytesOf(size: string): number {
  const unit = /[kK]$/.test(size) ? 1024 : /[mM]$/.test(size) ? 1024 * 1024 : 1
  return Number.parseInt(size, 10) * unit
}
