import type { Option } from '../../../lens/hosts-access'
import type { Need } from './request'

/** What the options of the rule that fits make of it; `none`: nothing. */
export type Outcome =
  | { readonly kind: 'none' | 'allow' | 'deny' | 'twist' }
  /** An error in them: the library refuses, whichever file it stands in (options.c, tcpd_jump). */
  | { readonly kind: 'bad'; readonly option: string }
  | { readonly kind: 'unjudged'; readonly needs: readonly Need[] }

type Shape = {
  readonly argument: 'needed' | 'optional' | 'none'
  readonly last?: true
  readonly isBad?: (value: string) => boolean
  readonly needs?: Need
}

const FACILITIES = /^(kern|user|mail|daemon|auth|lpr|news|uucp|cron|local[0-7])$/i
const LEVELS = /^(emerg|alert|crit|err|warning|notice|info|debug)$/i

/** options.c, option_table, as Debian builds it. */
const SHAPES: Readonly<Record<string, Shape>> = {
  user: { argument: 'needed', needs: 'account' },
  group: { argument: 'needed', needs: 'account' },
  umask: { argument: 'needed', isBad: isBadUmask },
  linger: { argument: 'needed', isBad: (value) => (intOf(value) ?? -1) < 0 },
  keepalive: { argument: 'none' },
  aclexec: { argument: 'needed', needs: 'program' },
  spawn: { argument: 'needed' },
  twist: { argument: 'needed', last: true },
  rfc931: { argument: 'optional', isBad: (value) => (intOf(value) ?? 0) <= 0 },
  setenv: { argument: 'needed' },
  nice: { argument: 'optional', isBad: (value) => intOf(value) === null },
  severity: { argument: 'needed', isBad: isBadSeverity },
  allow: { argument: 'none', last: true },
  deny: { argument: 'none', last: true },
  banners: { argument: 'needed' },
}

/** options.c, process_options: one after another, up to the first that settles it. */
export function outcomeOf(options: readonly Option[]): Outcome {
  for (const [index, { name, value }] of options.entries()) {
    const key = name.toLowerCase()
    const shape = Object.hasOwn(SHAPES, key) ? SHAPES[key] : undefined
    const isLast = index === options.length - 1
    if (shape === undefined || isMisplaced(shape, value, isLast)) return { kind: 'bad', option: name }
    if (value !== null && shape.isBad?.(value) === true) return { kind: 'bad', option: name }
    if (shape.needs !== undefined) return { kind: 'unjudged', needs: [shape.needs] }
    if (key === 'allow' || key === 'deny' || key === 'twist') return { kind: key }
  }
  return { kind: 'none' }
}

function isMisplaced({ argument, last }: Shape, value: string | null, isLast: boolean): boolean {
  if (value === null ? argument === 'needed' : argument === 'none') return true
  return last === true && !isLast
}

/** sscanf(3) of `%d%c`, which must find no more than the number. */
function intOf(value: string): number | null {
  if (!/^[+-]?[0-9]+$/.test(value)) return null
  const most = 2n ** 63n
  const whole = value.length > 25 ? most : BigInt(value.replace('+', ''))
  const clamped = whole >= most ? most - 1n : whole < -most ? -most : whole
  return Number(BigInt.asIntN(32, clamped))
}

/** sscanf(3) of `%o%c`. */
function isBadUmask(value: string): boolean {
  return !/^\+?0*[0-7]{1,3}$/.test(value)
}

function isBadSeverity(value: string): boolean {
  const dot = value.indexOf('.')
  if (dot === -1) return !LEVELS.test(value)
  return !FACILITIES.test(value.slice(0, dot)) || !LEVELS.test(value.slice(dot + 1))
}
