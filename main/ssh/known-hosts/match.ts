import { createHmac, timingSafeEqual } from 'node:crypto'
import type { HostPattern } from './line'

/** sshd(8): the port stands in the name only when it is not 22. */
export function knownHostName(host: string, port: number): string {
  const name = host.toLowerCase()
  return port === 22 ? name : `[${name}]:${port}`
}

/** `*` any run of characters, `?` exactly one; ssh_config(5) PATTERNS. Linear enough for hostile patterns. */
export function matchPattern(pattern: string, text: string): boolean {
  let p = 0
  let t = 0
  let star = -1
  let resume = 0
  while (t < text.length) {
    const c = pattern[p]
    if (c === '*') {
      star = p++
      resume = t
    } else if (c !== undefined && (c === '?' || c === text[t])) {
      p++
      t++
    } else if (star >= 0) {
      p = star + 1
      t = ++resume
    } else {
      return false
    }
  }
  while (pattern[p] === '*') p++
  return p === pattern.length
}

/** A negated pattern that matches wins over all others. */
export function matchPatternList(patterns: readonly string[], text: string): boolean {
  let found = false
  for (const pattern of patterns) {
    if (pattern.startsWith('!')) {
      if (matchPattern(pattern.slice(1), text)) return false
    } else if (matchPattern(pattern, text)) {
      found = true
    }
  }
  return found
}

export function matchesHost(hosts: HostPattern, name: string): boolean {
  if (hosts.kind === 'patterns') {
    return matchPatternList(
      hosts.patterns.map((pattern) => pattern.toLowerCase()),
      name,
    )
  }
  const digest = createHmac('sha1', hosts.salt).update(name).digest()
  return digest.length === hosts.digest.length && timingSafeEqual(digest, hosts.digest)
}
