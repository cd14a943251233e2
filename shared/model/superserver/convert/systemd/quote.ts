/*
 * systemd.syntax(7) "Quoting", and systemd.service(5) "Command lines".
 */

/** A value in which nothing but specifiers is looked for. */
export function literal(text: string): string {
  return text.replaceAll('%', '%%')
}

/** One word of a list: a variable of Environment=, or a program's path, where `$` is a letter. */
export function word(text: string): string {
  const specified = literal(text)
  return /^[A-Za-z0-9_@:,./+=%-]+$/.test(text) ? specified : `"${escaped(specified)}"`
}

/** One argument of a command, in which `$NAME` would be a variable. A quoted `;` does not end the command. */
export function argument(text: string): string {
  return word(text).replaceAll('$', '$$$$')
}

/** Control characters, and bytes that are no UTF-8, by their numbers. */
function escaped(text: string): string {
  let whole = ''
  for (const character of text) {
    const code = character.codePointAt(0) ?? 0
    if (character === '"' || character === '\\') whole += `\\${character}`
    else if (code < 32 || code === 127) whole += hex(code)
    else if (code >= 0xdc80 && code <= 0xdcff) whole += hex(code & 0xff)
    else whole += character
  }
  return whole
}

function hex(byte: number): string {
  return `\\x${byte.toString(16).padStart(2, '0')}`
}
