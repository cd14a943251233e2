/** A run of a host's text: as it is, or a name for characters that would not be seen or would mislead. */
export interface Run {
  readonly text: string
  readonly named: boolean
}

/*
 * Control characters, bytes that are no UTF-8 (U+DC80–U+DCFF of shared/codec) and the characters that turn or
 * hide text (bidirectional controls, zero-width ones): a difference that is shown must be the one that is made.
 */
/* eslint-disable no-control-regex -- the point is to find them */
const odd =
  /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\ud800-\udfff]/u

export function visibleRuns(text: string): readonly Run[] {
  const runs: Run[] = []
  let plain = ''
  for (const character of text) {
    if (!odd.test(character)) {
      plain += character
      continue
    }
    if (plain !== '') runs.push({ text: plain, named: false })
    plain = ''
    runs.push({ text: nameOf(character.codePointAt(0) ?? 0), named: true })
  }
  if (plain !== '') runs.push({ text: plain, named: false })
  return runs
}

/** The same in one string, for places that take no more than that. */
export function visibleText(text: string): string {
  return visibleRuns(text)
    .map((run) => run.text)
    .join('')
}

function nameOf(point: number): string {
  if (point >= 0xdc80 && point <= 0xdcff) return `\\x${(point - 0xdc00).toString(16)}`
  if (point < 0x20) return `^${String.fromCharCode(point + 0x40)}`
  if (point === 0x7f) return '^?'
  return `U+${point.toString(16).toUpperCase().padStart(4, '0')}`
}
