import type { Target } from '../xinetd/redirect'

/** What a script last wrote of its rounds, in /run: gone with a boot. Times in seconds since 1970, by the host's clock. */
export type FailoverReport = {
  readonly roundAt: number
  readonly active: Target | null
  /** In how many rounds on end the active target did not answer. */
  readonly failed: number
  /** Earlier candidates that answer, and in how many rounds on end. */
  readonly good: readonly { readonly target: Target; readonly rounds: number }[]
  readonly switched: { readonly at: number; readonly from: Target; readonly to: Target } | null
  /** file: it is no longer what the script can read. write: it could not be written. */
  readonly trouble: 'file' | 'write' | null
}

/**
 * Lines of a key and a value; targets are HOST/PORT.
 *
 *   round 1795430400
 *   active 192.0.2.7/8080
 *   failed 0
 *   good 192.0.2.6/8080=2
 *   switched 1795430100 192.0.2.6/8080 192.0.2.7/8080
 *   trouble
 */
export function parseReport(text: string): FailoverReport | null {
  const said = new Map(
    text.split('\n').map((line) => {
      const [key = '', ...words] = line.split(' ').filter(Boolean)
      return [key, words] as const
    }),
  )
  const first = (key: string): string => said.get(key)?.[0] ?? ''
  if (!/^\d{1,12}$/.test(first('round'))) return null
  const [at = '', from = '', to = ''] = said.get('switched') ?? []
  const [left, taken] = [targetIn(from), targetIn(to)]
  const trouble = first('trouble')
  return {
    roundAt: Number(first('round')),
    active: targetIn(first('active')),
    failed: countIn(first('failed')),
    good: (said.get('good') ?? []).flatMap((word) => {
      const [name = '', rounds = ''] = word.split('=')
      const target = targetIn(name)
      return target === null || countIn(rounds) === 0 ? [] : [{ target, rounds: countIn(rounds) }]
    }),
    switched: left === null || taken === null ? null : { at: countIn(at), from: left, to: taken },
    trouble: trouble === 'file' || trouble === 'write' ? trouble : null,
  }
}

function targetIn(word: string): Target | null {
  const [, host, port] = /^([\w.:-]+)\/([\w-]+)$/.exec(word) ?? []
  return host === undefined || port === undefined ? null : { host, port }
}

const countIn = (word: string): number => (/^\d{1,12}$/.test(word) ? Number(word) : 0)
