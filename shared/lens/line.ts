/** One line of a file: its text without the line end, and the line end as it stands: '\n', '\r\n', or at the end of the file '' or '\r'. */
export type Line = { readonly text: string; readonly eol: string }

/** Splits at every '\n'. A carriage return before it belongs to the line end. */
export function splitLines(text: string): readonly Line[] {
  const lines: Line[] = []
  let at = 0
  while (at < text.length) {
    const newline = text.indexOf('\n', at)
    const end = newline === -1 ? text.length : newline
    const hasReturn = end > at && text.charCodeAt(end - 1) === 13
    const textEnd = hasReturn ? end - 1 : end
    const eol = (hasReturn ? '\r' : '') + (newline === -1 ? '' : '\n')
    lines.push({ text: text.slice(at, textEnd), eol })
    at = newline === -1 ? end : end + 1
  }
  return lines
}

export function printLines(lines: readonly Line[]): string {
  let text = ''
  for (const line of lines) text += line.text + line.eol
  return text
}

/** The same line, ended so that another can follow it. */
export function endLine<L extends Line>(line: L, eol: string): L {
  return line.eol.endsWith('\n') ? line : { ...line, eol: line.eol === '\r' ? '\r\n' : eol }
}
