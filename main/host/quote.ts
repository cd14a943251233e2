/**
 * One word for a POSIX shell, whatever it holds: XCU 2.2.2, within single quotes every character stands for
 * itself. The only way by which anything not written in our source gets into a script.
 * Strings are those of the codec, so bytes that are not UTF-8 pass unchanged.
 * @throws RangeError for NUL, which no argument can hold.
 */
export function quote(word: string): string {
  if (word.includes('\0')) throw new RangeError('An argument cannot hold a NUL')
  return `'${word.replaceAll("'", `'\\''`)}'`
}

/** A simple command of a script. */
export const command = (argv: readonly string[]): string => argv.map(quote).join(' ')

/** Short enough for every shell's line buffer and for ARG_MAX where printf is not built in. */
const bytesPerPrintf = 2000

/**
 * Commands that print exactly these bytes, NUL and all. Octal escapes of the format operand are POSIX
 * (XCU printf); base64 and `printf %b` are not the same everywhere.
 */
export function printBytes(bytes: Uint8Array): string {
  const lines: string[] = []
  for (let at = 0; at < bytes.length; at += bytesPerPrintf)
    lines.push(`printf '${printfFormat(bytes.subarray(at, at + bytesPerPrintf))}'`)
  return lines.length === 0 ? ':' : lines.join('\n')
}

function printfFormat(bytes: Uint8Array): string {
  let format = ''
  for (const byte of bytes) {
    if (byte === 0x25) format += '%%'
    else if (byte === 0x0a) format += '\\n'
    // Each other byte that is special to printf, to quotes or to a terminal goes by its number. A leading
    // dash would be taken for an option.
    else if (byte < 0x20 || byte > 0x7e || byte === 0x27 || byte === 0x5c || (byte === 0x2d && format === ''))
      format += '\\' + byte.toString(8).padStart(3, '0')
    else format += String.fromCharCode(byte)
  }
  return format
}
