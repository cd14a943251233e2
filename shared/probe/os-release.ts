/*
 * os-release(5): shell assignments, values bare or in single or double quotes.
 *
 *   PRETTY_NAME="Debian GNU/Linux 12 (bookworm)"
 *   VERSION_ID="12"
 *   ID=debian
 */
export function parseOsRelease(text: string): Readonly<Record<string, string>> {
  const values: Record<string, string> = {}
  for (const line of text.split('\n')) {
    const [, name, value] = /^([A-Z][A-Z0-9_]*)=(.*)$/.exec(line.trim()) ?? []
    if (name !== undefined && value !== undefined) values[name] = unquote(value)
  }
  return values
}

function unquote(value: string): string {
  const [, single, double] = /^(?:'([^']*)'|"((?:[^"\\]|\\.)*)")$/.exec(value) ?? []
  return single ?? double?.replace(/\\(["\\$`])/g, '$1') ?? value
}
