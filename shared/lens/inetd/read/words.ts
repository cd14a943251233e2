import type { Dialect } from '../document'
import type { Cursor } from './cursor'

/** Words one after another; null: there are no more. */
export type WordSource = { readonly next: () => string | null }

/** The same out of a file: `rest` is what the line that was reached last has behind the word. */
export type LineWords = WordSource & { readonly rest: () => string }

/** A word as the daemon takes it, its place in the text with its quotes, and where the next is looked for. */
export type Word = {
  readonly word: string
  readonly from: number
  readonly to: number
  readonly next: number
}

/** How quotes are read: not at all; around a whole word; anywhere in one, as in a shell; as GNU's argcv does. */
export type Quoting = 'none' | 'whole' | 'shell'

export function sourceOf(words: readonly string[]): WordSource {
  let at = 0
  return { next: () => words[at++] ?? null }
}

/**
 * skip() of BSD's inetd.c: at the end of a line it looks whether the next begins with a blank or a tab, and goes on
 * there if so. Thus a comment that is indented belongs to the entry above it.
 */
export function wordsAcrossLines(text: string, cursor: Cursor, quoting: Quoting): LineWords {
  let line = text
  let at = 0
  let isOver = false
  const next = (): string | null => {
    while (!isOver) {
      const word = wordAt(line, at, quoting)
      if (word !== null) {
        at = word.next
        return word.word
      }
      const below = cursor.isNextIndented() ? cursor.nextLine() : null
      if (below === null) isOver = true
      else {
        line = below.text
        at = 0
      }
    }
    return null
  }
  return { next, rest: () => line.slice(at) }
}

export function wordAt(text: string, from: number, quoting: Quoting): Word | null {
  const start = skipBlanks(text, from)
  if (start >= text.length) return null
  if (quoting === 'shell') return shellWord(text, start)
  const quote = quoting === 'whole' && isQuote(text[start]) ? text[start] : undefined
  if (quote !== undefined) {
    const close = text.indexOf(quote, start + 1)
    const end = close === -1 ? text.length : close
    const to = Math.min(end + 1, text.length)
    return { word: text.slice(start + 1, end), from: start, to, next: to }
  }
  const end = endOfWord(text, start)
  return { word: text.slice(start, end), from: start, to: end, next: end + 1 }
}

/** NetBSD's skip(): quotes are taken out wherever they stand; an open one lasts to the end of the line. */
function shellWord(text: string, start: number): Word {
  const parts: string[] = []
  let at = start
  while (at < text.length && !isBlank(text, at)) {
    const quote = isQuote(text[at]) ? text[at] : undefined
    const from = quote === undefined ? at : at + 1
    let end = from
    if (quote === undefined) {
      while (end < text.length && !isBlank(text, end) && !isQuote(text[end])) end += 1
    } else {
      const close = text.indexOf(quote, from)
      end = close === -1 ? text.length : close
    }
    parts.push(text.slice(from, end))
    at = quote === undefined ? end : end + 1
  }
  const to = Math.min(at, text.length)
  return { word: parts.join(''), from: start, to, next: to + 1 }
}

/** argcv_get of libinetutils/argcv.c: a double quote ends the word before it, a single one does not. */
export function argcvWords(line: string): readonly string[] {
  const length = line.replace(/[ \t\v\f\r]+$/, '').length
  const words: string[] = []
  for (let at = 0; at < length;) {
    const start = skipBlanks(line, at)
    const first = line[start]
    const close = isQuote(first) ? line.indexOf(first, start + 1) : -1
    if (close !== -1 && close < length) {
      words.push(line.slice(start + 1, close))
      at = close + 1
    } else if (isQuote(first) || first === undefined) {
      // An open quote takes the rest, and one character more: white space, where the line ends in some.
      words.push(line.slice(start, length + 1))
      at = length + 1
    } else {
      let end = start + 1
      while (end < length && !isBlank(line, end) && line[end] !== '"') end += 1
      words.push(line.slice(start, end))
      at = end
    }
  }
  return words
}

/** The words of one line as a dialect cuts it, for the first line of an entry. */
export function wordsIn(text: string, dialect: Dialect): readonly string[] {
  switch (dialect) {
    case 'inetutils':
      return argcvWords(text)
    case 'busybox':
      return cutAll(text.slice(0, text.includes('#') ? text.indexOf('#') : undefined), 'none')
    case 'openbsd':
    case 'xinetd':
      return cutAll(text, 'none')
    case 'freebsd':
      return cutAll(text, 'whole')
    case 'netbsd':
      return cutAll(text, 'shell')
  }
}

function cutAll(text: string, quoting: Quoting): readonly string[] {
  const words: string[] = []
  for (let word = wordAt(text, 0, quoting); word !== null; word = wordAt(text, word.next, quoting)) {
    words.push(word.word)
  }
  return words
}

function endOfWord(text: string, start: number): number {
  let end = start
  while (end < text.length && !isBlank(text, end)) end += 1
  return end
}

function skipBlanks(text: string, from: number): number {
  let at = from
  while (at < text.length && isBlank(text, at)) at += 1
  return at
}

function isBlank(text: string, at: number): boolean {
  const code = text.charCodeAt(at)
  return code === 32 || code === 9
}

function isQuote(character: string | undefined): character is '"' | "'" {
  return character === '"' || character === "'"
}
