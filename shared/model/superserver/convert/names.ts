/** Gives names that nobody else has, and remembers them. Two that differ in case alone count as one: xinetd compares ids so. */
export class Names {
  readonly #taken: Set<string>

  constructor(taken: readonly string[]) {
    this.#taken = new Set(taken.map(folded))
  }

  /** The first of the candidates that is free, else the first of all with a number behind it. */
  claim(first: string, ...more: readonly string[]): string {
    const candidates = [first, ...more]
    let name = candidates.find((candidate) => !this.#taken.has(folded(candidate)))
    for (let number = 2; name === undefined; number++) {
      const numbered = `${first}-${number}`
      if (!this.#taken.has(folded(numbered))) name = numbered
    }
    this.#taken.add(folded(name))
    return name
  }
}

function folded(name: string): string {
  return name.toLowerCase()
}

const MOST = 64

/** A name that includedir reads (no dot, no `~` at its end) and that no shell takes for anything else. */
export function fileNameFor(label: string): string {
  const safe = label
    .slice(0, MOST)
    .replace(/[^A-Za-z0-9_+-]+/g, '-')
    .replace(/^[-+]+|-+$/g, '')
  return safe === '' ? 'service' : safe
}
