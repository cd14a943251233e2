/** Where something stands in the configuration. */
export interface Place {
  readonly file: string
  /** From 1. */
  readonly line: number
  /** Whose file it is, or led to it by Include. */
  readonly owner: 'user' | 'system'
}

/** Why a line cannot be read; `detail` is the system's word for a file that could not be. */
export interface Damage {
  readonly file: string
  readonly line: number
  readonly why: DamagedWhy
  readonly detail?: string
}

export type DamagedWhy = 'noKeyword' | 'openQuote' | 'includeTooDeep' | 'includeUnreadable'

export class DamagedLine extends Error {
  constructor(readonly why: DamagedWhy) {
    super(why)
  }
}

/** One line of ssh_config(5) that says something. */
export interface Directive {
  /** In lower case: keywords are case-insensitive. */
  readonly keyword: string
  /** As it was written, for messages. */
  readonly written: string
  readonly words: readonly string[]
  /** Everything after the keyword, for ProxyCommand and Match, whose quotes are read later. */
  readonly rest: string
  readonly place: Place
  /** For `Include`: the files it names, in order. */
  readonly included: readonly ConfigFile[]
}

export interface ConfigFile {
  readonly path: string
  readonly directives: readonly Directive[]
  /** Lines that could not be read as ssh would refuse them. */
  readonly damaged: readonly Damage[]
}

export interface ParsedLine {
  readonly keyword: string
  readonly written: string
  readonly words: readonly string[]
  readonly rest: string
}

/**
 * Reads a line as process_config_line() of OpenSSH does: keyword, then white space or one `=`, then words.
 * null: nothing stands there. Throws a DamagedLine.
 */
export function parseLine(raw: string): ParsedLine | null {
  const line = raw.replace(/[ \t\r\n\f]+$/, '').replace(/^[ \t\r\f]+/, '')
  if (line === '' || line.startsWith('#')) return null
  const match = /^(?:"([^"]*)"|([^\s="]+))[ \t]*=?[ \t]*(.*)$/.exec(line)
  if (match === null) throw new DamagedLine('noKeyword')
  const written = match[1] ?? match[2] ?? ''
  const rest = match[3] ?? ''
  const keyword = written.toLowerCase()
  // A command is handed to a shell as it stands, and Match has a way of its own with `=`.
  const words = keyword === 'match' || keyword.endsWith('command') ? [] : splitWords(rest)
  return { keyword, written, words, rest }
}

/**
 * argv_split() of OpenSSH with comments: words between blanks; quotes of both kinds may stand anywhere in a
 * word; a backslash protects a quote, a backslash, or outside of quotes a blank; `#` at the start of a word ends the line.
 */
export function splitWords(text: string): readonly string[] {
  const words: string[] = []
  let at = 0
  while (at < text.length) {
    const first = text.charAt(at)
    if (first === ' ' || first === '\t') {
      at++
      continue
    }
    if (first === '#') break
    let word = ''
    let quote = ''
    for (; at < text.length; at++) {
      const c = text.charAt(at)
      const next = text.charAt(at + 1)
      if (c === '\\' && (next === "'" || next === '"' || next === '\\' || (quote === '' && next === ' '))) {
        word += next
        at++
      } else if (quote === '' && (c === ' ' || c === '\t')) {
        break
      } else if (quote === '' && (c === '"' || c === "'")) {
        quote = c
      } else if (quote !== '' && c === quote) {
        quote = ''
      } else {
        word += c
      }
    }
    if (quote !== '') throw new DamagedLine('openQuote')
    words.push(word)
  }
  return words
}
