import type { Dialect } from './document'
import { wordsIn } from './read/words'

/** How a word is written so that the dialect reads that very word: as it is, or within quotes where it knows them. null: it cannot be. */
export function spelled(word: string, dialect: Dialect): string | null {
  if (/[\n\0]/.test(word) || word.endsWith('\r')) return null
  // Busybox joins lines at a backslash; xinetd and busybox take what begins with # for a comment.
  if (word.endsWith('\\') || word.startsWith('#')) return null
  // A line with quotes in it is out of our reach in GNU's reading; see placesIn.
  if (dialect === 'inetutils' && /["']/.test(word)) return null
  const quoted = dialect === 'inetutils' ? [] : [`"${word}"`, `'${word}'`]
  for (const text of [word, ...quoted]) {
    const read = wordsIn(`x ${text} y`, dialect)
    if (read.length === 3 && read[0] === 'x' && read[1] === word && read[2] === 'y') return text
  }
  return null
}
