const maxChars = 120

/**
 * Characters that a title must not bring into the window: controls, and those that turn the reading direction or
 * have no width, with which a program could make its tab read as another host's.
 */
const unwanted = /[\p{Cc}\p{Cf}\p{Co}\p{Cs}\p{Zl}\p{Zp}]/gu

/**
 * What the program in the terminal calls itself, fit for a tab: the host's name, which the user chose, stands before
 * it. `user@name: dir`, as shells say it, is cut to its directory. Empty: it has no name.
 */
export function programTitle(title: string): string {
  const cleaned = [
    ...title
      .slice(0, maxChars * 10)
      .replace(unwanted, '')
      .trim(),
  ]
    .slice(0, maxChars)
    .join('')
  return /^[^\s@]+@[^\s:]+:\s*(?<rest>\S.*)$/.exec(cleaned)?.groups?.['rest'] ?? cleaned
}
