const maxChars = 120

/**
 * Characters that a title must not bring into the window: controls, and those that turn the reading direction or
 * have no width, with which a program could make its tab read as another host's.
 */
const unwanted = /[\p{Cc}\p{Cf}\p{Co}\p{Cs}\p{Zl}\p{Zp}]/gu

/**
 * The tab's title: the host's name, which the user chose, always comes first; then what the program in the
 * terminal calls itself. `user@name: dir`, as shells say it, is cut to its directory.
 */
export function tabTitle(hostName: string, programTitle: string): string {
  const cleaned = [...programTitle.replace(unwanted, '').trim()].slice(0, maxChars).join('')
  const own = /^[^\s@]+@[^\s:]+:\s*(?<rest>\S.*)$/.exec(cleaned)?.groups?.['rest'] ?? cleaned
  return own === '' || own === hostName ? hostName : `${hostName}: ${own}`
}
