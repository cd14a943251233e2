import type { HostNames } from '../state'
import { words } from './attributes'

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
      return first === 'yes' || first === 'no'
    case 'user':
      return isDigits(first) || names.users === null || names.users.includes(first)
    case 'group':
      return isDigits(first) || names.groups === null || names.groups.includes(first)
    case 'server':
      return !Object.hasOwn(names.programs, first) || names.programs[first] !== false
    case 'server_args':
      return values.length > 0
    case 'instances':
    case 'per_source':
      return first === 'UNLIMITED' || isInteger(first, 0, INT_MAX)
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
      return values.every((value) => !value.includes(',') || value.includes('{'))
    case 'env':
      return operator !== '-=' && values.every((value) => value.includes('='))
    case 'access_times':
      return values.length > 0 && values.every(isInterval)
    case 'cps':
      return isInteger(first, 0, UINT_MAX) && isInteger(second, 0, UINT_MAX)
    case 'port':
      return isInteger(first, 0, 65535)
    case 'nice':
    case 'rpc_number':
      return isInteger(first, INT_MIN, INT_MAX)
    case 'umask':
      return /^0*[0-7]{1,3}$/.test(first)
    case 'max_load':
      return /^[+-]?(\d+\.?\d*|\.\d+)/.test(first) && Number.parseFloat(first) !== 0
    case 'redirect':
      return isInteger(second, 1, 65535) || isServiceName(second, names)
    case 'deny_time':
      return first === 'FOREVER' || first === 'NEVER' || isInteger(first, INT_MIN, INT_MAX)
    case 'rlimit_as':
    case 'rlimit_data':
    case 'rlimit_rss':
    case 'rlimit_stack':
    case 'rlimit_files':
      return first === 'UNLIMITED' || isSize(first)
    case 'rlimit_cpu':
      return first === 'UNLIMITED' || isDigits(first)
    case 'rpc_version':
      return isVersionRange(first)
    default:
      return true
  }
}

const INT_MAX = 2 ** 31 - 1
const INT_MIN = -(2 ** 31)
const UINT_MAX = 2 ** 32 - 1

function isOneOf(known: readonly string[], word: string): boolean {
  return known.includes(word)
}

function isDigits(text: string): boolean {
  return /^\d+$/.test(text)
}

function isInteger(text: string, least: number, most: number): boolean {
  return /^[+-]?\d+$/.test(text) && Number(text) >= least && Number(text) <= most
}

function isSize(text: string): boolean {
  return /^\d+[kKmM]?$/.test(text)
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
function isLogType([kind, ...rest]: readonly string[]): boolean {
  const [first = '', second, third] = rest
  if (kind === 'SYSLOG') {
    if (rest.length < 1 || rest.length > 2) return false
    return isOneOf(words.facility, first) && (second === undefined || isOneOf(words.level, second))
  }
  if (kind !== 'FILE' || rest.length < 1 || rest.length > 3) return false
  if (second !== undefined && !isSize(second)) return false
  return third === undefined || (isSize(third) && bytesOf(third) >= bytesOf(second ?? '0'))
}

function bytesOf(size: string): number {
  const unit = /[kK]$/.test(size) ? 1024 : /[mM]$/.test(size) ? 1024 * 1024 : 1
  return Number.parseInt(size, 10) * unit
}
