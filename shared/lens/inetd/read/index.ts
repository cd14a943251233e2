import type { Dialect, InetdDocument } from '../document'
import type { Outcome, Reading } from '../entry'
import { refused } from '../entry'
import { readBusybox } from './busybox'
import { readFreebsd } from './freebsd'
import { readInetutils } from './inetutils'
import { begin, readPositional } from './netbsd'
import { passOf, together } from './openbsd'
import { readBsdFile, readNetbsdFile, readOpenbsdFile } from './bsd-files'
import { readLines } from './line-files'
import { sourceOf } from './words'
import { readXinetd } from './xinetd'

/**
 * What a daemon of the dialect takes from a file, in its order, and what it refuses. After an effect other than
 * `skipped` there is nothing more. Only entries and what should have been one: blank lines, comments and directives
 * are not told.
 */
export function readEntries(document: InetdDocument, dialect: Dialect): readonly Reading[] {
  switch (dialect) {
    case 'openbsd':
      return readOpenbsdFile(document)
    case 'freebsd':
      return readBsdFile(document)
    case 'netbsd':
      return readNetbsdFile(document)
    case 'inetutils':
    case 'busybox':
    case 'xinetd':
      return readLines(document, dialect)
  }
}

/**
 * What a daemon of the dialect makes of one entry's words, as it cuts them. `defaultAddress` is that of an `addr:`
 * line above. NetBSD's `on` and `off` are statements of a file, and not read here.
 */
export function readEntry(fields: readonly string[], dialect: Dialect, defaultAddress = '*'): Outcome {
  const none = refused('missingField', 'service')
  switch (dialect) {
    case 'openbsd': {
      const first = passOf(sourceOf(fields), defaultAddress, false)
      if (first.kind !== 'outcome') return none
      if (!first.again) return first.outcome
      const second = passOf(sourceOf(fields), defaultAddress, true)
      return second.kind === 'outcome'
        ? (together(first.outcome, second.outcome)[0] ?? first.outcome)
        : first.outcome
    }
    case 'freebsd':
      return readFreebsd(sourceOf(fields)) ?? none
    case 'netbsd': {
      const words = sourceOf(fields)
      const begun = begin(words)
      if (begun.kind === 'outcome') return begun.outcome
      return begun.kind === 'begun' ? readPositional(begun.head, begun.word, words, defaultAddress) : none
    }
    case 'inetutils':
      return readInetutils(fields, defaultAddress)
    case 'busybox':
      return readBusybox(fields, defaultAddress)
    case 'xinetd':
      return readXinetd(fields)
  }
}
