/** What a paste holds, before a byte of it is sent. */
export interface PasteReview {
  /** What will be sent: control characters taken out, line ends as `\n`. */
  readonly text: string
  readonly lines: number
  /** Control characters taken out. They could end bracketed paste and type as if by hand. */
  readonly removed: number
  /** As it came but for its line ends, to be shown with its control characters made visible. */
  readonly original: string
}

/** C0 and C1 controls and DEL, save tab and line feed. Among them is ESC, which starts `ESC [ 201 ~`. */
// eslint-disable-next-line no-control-regex -- they are what is looked for
const controls = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/g

export function reviewPaste(pasted: string): PasteReview {
  const text = pasted.replace(/\r\n?/g, '\n')
  const removed = text.match(controls)?.length ?? 0
  const clean = text.replace(controls, '')
  return { text: clean, lines: countLines(clean), removed, original: text }
}

/** Lines that would be run; an unfinished last one counts, nothing after the last line end does not. */
function countLines(text: string): number {
  if (text === '') return 0
  const breaks = text.split('\n').length
  return text.endsWith('\n') ? breaks - 1 : breaks
}

/** Whether the user has to see it first. `warnAbove`: lines that may be pasted without asking. */
export function needsConsent(review: PasteReview, warnAbove: number): boolean {
  return review.removed > 0 || review.lines > warnAbove
}

/** All on one line, as a shell would take it after a backslash at each line end. */
export function joinLines(text: string): string {
  return text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '')
    .join(' ')
}
