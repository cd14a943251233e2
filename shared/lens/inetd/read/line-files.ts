import type { Dialect, InetdDocument } from '../document'
import type { Outcome, Reading } from '../entry'
import { refused } from '../entry'
import { MAXARGV, readBusybox } from './busybox'
import { chunksOf } from './cursor'
import { readInetutils } from './inetutils'
import { argcvWords, wordsIn } from './words'
import { readXinetd } from './xinetd'

type LineDialect = Extract<Dialect, 'inetutils' | 'busybox' | 'xinetd'>

/** Files of daemons that take each line for itself. */
export function readLines(document: InetdDocument, dialect: LineDialect): readonly Reading[] {
  const readings: Reading[] = []
  let address = '*'
  // GNU's `*:` frees the default address and goes on using it: what stands there then is no host's name.
  let isFreed = false
  for (const { text, from, to } of linesFor(document, dialect)) {
    const words = wordsOfLine(text, dialect)
    const [only] = words
    if (only === undefined) continue
    if (dialect !== 'xinetd' && words.length === 1 && only.endsWith(':')) {
      const wanted = only.slice(0, -1)
      isFreed = dialect === 'inetutils' && wanted === '*' && (address !== '*' || isFreed)
      address = wanted
      continue
    }
    const outcome =
      isFreed && !only.includes(':') ? refused('noAddress', '*') : outcomeOf(words, dialect, address)
    readings.push({ from, to, outcome })
    if (outcome.kind === 'refused' && outcome.refusal.effect !== 'skipped') break
  }
  return readings
}

function outcomeOf(words: readonly string[], dialect: LineDialect, address: string): Outcome {
  switch (dialect) {
    case 'inetutils':
      return readInetutils(words, address)
    case 'busybox':
      return readBusybox(words, address)
    case 'xinetd':
      return readXinetd(words)
  }
}

function wordsOfLine(text: string, dialect: LineDialect): readonly string[] {
  switch (dialect) {
    case 'inetutils':
      return text.startsWith('#') ? [] : argcvWords(text)
    case 'busybox':
      return busyboxWords(text)
    case 'xinetd':
      // next_line() of parsesup.c passes over comments and blank lines, indented or not.
      return /^[ \t\v\f\r]*(?:#|$)/.test(text) ? [] : wordsIn(text, dialect)
  }
}

/** config_read() of libbb/parse_config.c with PARSE_NORMAL: `#` ends a line wherever it stands, and the last word takes all that is left. */
function busyboxWords(text: string): readonly string[] {
  const words = wordsIn(text, 'busybox')
  const most = 6 + MAXARGV
  if (words.length <= most) return words
  let at = 0
  for (const word of words.slice(0, most - 1)) at = text.indexOf(word, at) + word.length
  const hash = text.indexOf('#')
  const rest = text.slice(at, hash === -1 ? undefined : hash).replace(/^[ \t]+/, '')
  return [...words.slice(0, most - 1), rest.slice(0, lengthWithoutBlanks(rest))]
}

function lengthWithoutBlanks(text: string): number {
  let length = text.length
  while (text[length - 1] === ' ' || text[length - 1] === '\t') length -= 1
  return length
}

type Whole = { readonly text: string; readonly from: number; readonly to: number }

/** Lines; for busybox such as a backslash at the end joins (get_line_with_continuation()). */
function linesFor(document: InetdDocument, dialect: LineDialect): readonly Whole[] {
  const chunks = chunksOf(document, null)
  if (dialect !== 'busybox') return chunks.map(({ text, line }) => ({ text, from: line, to: line + 1 }))
  const wholes: Whole[] = []
  for (let at = 0; at < chunks.length;) {
    const from = at
    const parts: string[] = []
    for (let isJoined = true; isJoined && at < chunks.length; at++) {
      const text = chunks[at]?.text ?? ''
      isJoined = text.endsWith('\\')
      parts.push(isJoined ? text.slice(0, -1) : text)
    }
    wholes.push({ text: parts.join(''), from, to: at })
  }
  return wholes
}
