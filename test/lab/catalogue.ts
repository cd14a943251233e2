/**
 * A message catalogue as msgfmt(1) writes it (GNU gettext manual, "The Format of GNU MO Files"): the lab's base
 * leaves out every package's own translations to stay small.
 * @param messages what a program says, and what it is to say in its place; UTF-8
 */
export function catalogue(messages: Readonly<Record<string, string>>): Uint8Array {
  const header = 'Content-Type: text/plain; charset=UTF-8\n'
  const entries = Object.entries({ '': header, ...messages })
    .map(([said, meant]) => [Buffer.from(said), Buffer.from(meant)] as const)
    .sort(([a], [b]) => Buffer.compare(a, b))
  const head = 28
  const tables = head + entries.length * 16
  const bytes: Buffer[] = []
  let at = tables
  const place = (text: Buffer): readonly [number, number] => {
    const placed = [text.length, at] as const
    bytes.push(text, Buffer.from([0]))
    at += text.length + 1
    return placed
  }
  const said = entries.map(([text]) => place(text))
  const meant = entries.map(([, text]) => place(text))
  const numbers = [0x950412de, 0, entries.length, head, head + entries.length * 8, 0, tables]
  const front = Buffer.alloc(tables)
  for (const [index, number] of [...numbers, ...said.flat(), ...meant.flat()].entries())
    front.writeUInt32LE(number, index * 4)
  return Buffer.concat([front, ...bytes])
}
