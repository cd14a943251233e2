/** Where a redirection may lead: `redirect = HOST PORT`. */
export type Target = { readonly host: string; readonly port: string }

/** In the comment above the service, so that whoever reads the file sees them, and nothing else has to be kept. */
const LINE = /^#?\s*candidates:\s*(.*)$/i

export function isSameTarget(a: Target, b: Target): boolean {
  return a.host === b.host && a.port === b.port
}

/** "HOST PORT", or "HOST:PORT" where the host has no colon of its own; null: neither. Ports are numbers or names. */
export function targetOf(text: string): Target | null {
  const words = text.trim().split(/\s+/)
  const [host = '', port = ''] = words.length === 1 ? splitColon(words[0] ?? '') : words
  if (words.length > 2 || !/^[\w.:-]+$/.test(host) || !/^[\w-]+$/.test(port)) return null
  return { host, port }
}

function splitColon(word: string): readonly string[] {
  const parts = word.split(':')
  return parts.length === 2 ? parts : []
}

/** The candidates that a service's comment names, in its order. */
export function candidatesIn(comment: readonly string[]): readonly Target[] {
  return comment.flatMap((line) => {
    const [, list] = LINE.exec(line.trim()) ?? []
    return list === undefined ? [] : list.split(',').flatMap((text) => targetOf(text) ?? [])
  })
}

/** The comment with these candidates; its other lines stay as they are. */
export function withCandidates(comment: readonly string[], targets: readonly Target[]): readonly string[] {
  const others = comment.filter((line) => !LINE.test(line.trim()))
  if (targets.length === 0) return others
  return [...others, `# candidates: ${targets.map(({ host, port }) => `${host} ${port}`).join(', ')}`]
}
