import type { InetdDocument } from '../document'
import type { Outcome, Reading } from '../entry'
import { refused } from '../entry'
import type { Cursor } from './cursor'
import { chunksOf, cursorOver } from './cursor'
import { readFreebsd } from './freebsd'
import { begin, readPositional } from './netbsd'
import { readOptions } from './netbsd-options'
import { readStatement } from './netbsd-statement'
import type { Pass } from './openbsd'
import { passOf, together } from './openbsd'
import { wordsAcrossLines, wordsIn } from './words'

/** `char line[1024]` of OpenBSD, `char line[LINE_MAX]` of the others, less the NUL: longer lines fall into pieces. */
const OPENBSD_LINE = 1023
const LINE_MAX = 2047

/** openbsd-inetd reads a line whose protocol ends in no digit twice: for IPv4, then, out of a copy of its first line, for IPv6. */
export function readOpenbsdFile(document: InetdDocument): readonly Reading[] {
  const cursor = cursorOver(chunksOf(document, OPENBSD_LINE))
  const readings: Reading[] = []
  let address = '*'
  for (let chunk = cursor.nextLine(); chunk !== null; chunk = cursor.nextLine()) {
    if (chunk.text.startsWith('#')) continue
    const from = chunk.line
    const pass = passOf(wordsAcrossLines(chunk.text, cursor, 'none'), address, false)
    if (pass.kind === 'address') address = pass.address
    if (pass.kind !== 'outcome') continue
    const tell = (outcomes: readonly Outcome[]): void => {
      for (const outcome of outcomes) readings.push({ from, to: cursor.lineAfter(), outcome })
    }
    if (!pass.again) {
      tell([pass.outcome])
      continue
    }
    const second = secondPass(chunk.text, cursor, address)
    if (second === null) {
      tell(pass.outcome.kind === 'entry' ? [pass.outcome] : [])
      tell([refused('missingField', 'protocol', 'hangs')])
      break
    }
    tell(together(pass.outcome, second.outcome))
  }
  return readings
}

type Second = Extract<Pass, { readonly kind: 'outcome' }>

/**
 * Words that the copy of the line lacks are looked for on the lines below. Where they are not there either, the daemon
 * starts over with the copy, of which its own NULs have left the first word, for ever: null.
 */
function secondPass(text: string, cursor: Cursor, address: string): Second | null {
  const [first = ''] = wordsIn(text, 'openbsd')
  let copy = text
  for (;;) {
    const before = cursor.position()
    const pass = passOf(wordsAcrossLines(copy, cursor, 'none'), address, true)
    if (pass.kind === 'outcome' && !pass.again) return pass
    if (copy === first && cursor.position() === before) return null
    copy = first
  }
}

export function readBsdFile(document: InetdDocument): readonly Reading[] {
  const cursor = cursorOver(chunksOf(document, LINE_MAX))
  const readings: Reading[] = []
  for (let chunk = cursor.nextLine(); chunk !== null; chunk = cursor.nextLine()) {
    if (chunk.text === '' || chunk.text.startsWith('#')) continue
    const outcome = readFreebsd(wordsAcrossLines(chunk.text, cursor, 'whole'))
    if (outcome === null) continue
    readings.push({ from: chunk.line, to: cursor.lineAfter(), outcome })
    if (outcome.kind === 'refused' && outcome.refusal.effect !== 'skipped') break
  }
  return readings
}

/** Several statements may stand on one line; `text` is what is left of it. */
export function readNetbsdFile(document: InetdDocument): readonly Reading[] {
  const cursor = cursorOver(chunksOf(document, LINE_MAX))
  const readings: Reading[] = []
  let address = '*'
  const nextText = (): string | null => cursor.nextLine()?.text ?? null
  for (let text = nextText(); text !== null;) {
    const from = cursor.lineAfter() - 1
    const tell = (outcome: Outcome): void => {
      readings.push({ from, to: cursor.lineAfter(), outcome })
    }
    if (text.startsWith('#')) {
      text = nextText()
      continue
    }
    const words = wordsAcrossLines(text, cursor, 'shell')
    if (text.trimStart().startsWith('.')) {
      const directive = words.next()
      const pattern = words.next()
      if (directive === '.include' && pattern === null) {
        tell(refused('missingField', 'include', 'stopsReading'))
        break
      }
      if (directive !== '.include') tell(refused('unknownDirective', directive ?? ''))
      text = nextText()
      continue
    }
    const begun = begin(words)
    if (begun.kind === 'address') address = begun.address
    if (begun.kind === 'outcome') tell(begun.outcome)
    const state = begun.kind === 'begun' ? switchOf(begun.word) : null
    if (begun.kind !== 'begun' || state === null) {
      if (begun.kind === 'begun') tell(readPositional(begun.head, begun.word, words, address))
      text = nextText()
      continue
    }
    const statement = readOptions(state.hasComment ? (nextText() ?? '') : words.rest(), cursor)
    if (statement === null) {
      tell(refused('badOption', begun.head.service, 'stopsReading'))
      break
    }
    const outcome = state.isOn
      ? readStatement(begun.head, statement.options, address)
      : refused('switchedOff', begun.head.service)
    tell(outcome)
    const behind = statement.rest === '' ? nextText() : statement.rest
    if (outcome.kind === 'entry') {
      text = behind
      continue
    }
    // `*current_pos = cp; goto more;`: what was to be read next is overwritten by the line after it.
    if (behind !== null && behind.trim() !== '' && !behind.startsWith('#')) {
      const line = cursor.lineAfter()
      readings.push({ from: line - 1, to: line, outcome: refused('lostBehindAnother', behind) })
    }
    text = nextText()
  }
  return readings
}

function switchOf(word: string): { readonly isOn: boolean; readonly hasComment: boolean } | null {
  if (word === 'on' || word.startsWith('on#')) return { isOn: true, hasComment: word !== 'on' }
  if (word === 'off' || word.startsWith('off#')) return { isOn: false, hasComment: word !== 'off' }
  return null
}
