import type { Target } from '../xinetd/redirect'

/** What the script reads in a service's file. */
export type RedirectFile = { readonly active: Target; readonly candidates: readonly Target[] }

/** As `look` of round.sh reads it, line by line; null: it would touch nothing there. The two are held against each other in a test. */
export function redirectIn(text: string): RedirectFile | null {
  const candidates: Target[] = []
  let active: Target | null = null
  let blocks = 0
  let redirects = 0
  for (const whole of text.split('\n')) {
    const line = whole.replace(/^[ \t]+/, '')
    if (line.startsWith('#')) {
      const [, listed] = /^#[ \t]*[Cc]andidates:(.*)$/s.exec(line) ?? []
      if (blocks === 0 && listed !== undefined) candidates.push(...listed.split(',').flatMap(listedTarget))
    } else if (/^(?:service[ \t]|defaults|include)/.test(line)) blocks += 1
    else if (line.startsWith('redirect')) {
      redirects += 1
      const [, words] = /^redirect[ \t]*=(.*)$/s.exec(line) ?? []
      active = words === undefined ? active : (targetIn(wordsOf(words)) ?? active)
    }
  }
  return blocks === 1 && redirects === 1 && active !== null ? { active, candidates } : null
}

function listedTarget(item: string): readonly Target[] {
  const words = wordsOf(item)
  const [only = ''] = words
  const parts = words.length === 1 ? only.split(':') : words
  return parts.length === 2 ? [targetIn(parts)].flatMap((target) => target ?? []) : []
}

/** Words that are safe in any command of the script. */
function targetIn(words: readonly string[]): Target | null {
  const [host = '', port = ''] = words
  if (words.length !== 2 || !/^[A-Za-z0-9_.:][A-Za-z0-9_.:-]*$/.test(host)) return null
  if (!/^[A-Za-z0-9_][A-Za-z0-9_-]*$/.test(port)) return null
  const isNumber = /^\d+$/.test(port)
  return isNumber && (port.length > 5 || Number(port) < 1 || Number(port) > 65_535) ? null : { host, port }
}

const wordsOf = (text: string): readonly string[] => text.split(/[ \t]+/).filter(Boolean)
