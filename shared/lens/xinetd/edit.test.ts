import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { splitLines } from '../line'
import { attributeName, word, xinetdText } from './arbitrary.test-support'
import type { Operator, XinetdDocument } from './document'
import { isBlock } from './document'
import {
  addService,
  assignmentsOf,
  commentOf,
  putAttribute,
  removeAttribute,
  removeService,
  renameService,
  setAttribute,
  setComment,
  withoutCarriageReturns,
  xinetd,
} from './index'

const { parse, print } = xinetd

const assignments = fc.array(
  fc.record({
    operator: fc.constantFrom<Operator>('=', '+=', '-='),
    values: fc.array(word, { maxLength: 3 }),
  }),
  { maxLength: 3 },
)

function blocksOf(document: XinetdDocument): readonly number[] {
  return document.nodes.flatMap((node, at) => (isBlock(node) ? [at] : []))
}

/** A document with a block, and the place of one. */
const target = fc
  .tuple(xinetdText, fc.nat())
  .map(([text, pick]) => ({ document: parse(`service first\n{\n\tport = 1\n}\n${text}`), pick }))
  .map(({ document, pick }) => {
    const blocks = blocksOf(document)
    return { document, at: blocks[pick % blocks.length] ?? 0 }
  })

function ownOf(document: XinetdDocument, at: number, name: string) {
  const node = document.nodes[at]
  if (!isBlock(node)) throw new Error('the block is gone')
  return assignmentsOf(node, name).map(({ operator, values }) => ({ operator, values }))
}

/**
 * Lines of `before` that are not in `after`, as multisets in order (an edit moves no line). The last one may gain the
 * end that it lacks: what is put after it must begin a line of its own.
 */
function lost(before: string, after: string): number {
  const rest = splitLines(after).map(({ text, eol }) => text + eol)
  let at = 0
  let missing = 0
  for (const { text, eol } of splitLines(before)) {
    const isSame = (line: string) =>
      line === text + eol || (!eol.endsWith('\n') && (line === `${text}\n` || line === `${text}\r\n`))
    const found = rest.findIndex((line, index) => index >= at && isSame(line))
    if (found === -1) missing += 1
    else at = found + 1
  }
  return missing
}

describe('edits of a xinetd document', () => {
  it('put then get gives what was put, twice is once, and the text says the same as the document', () => {
    fc.assert(
      fc.property(target, attributeName, assignments, ({ document, at }, name, wanted) => {
        const edited = putAttribute(document, at, name, wanted)
        expect(ownOf(edited, at, name)).toEqual(wanted)
        expect(print(putAttribute(edited, at, name, wanted))).toBe(print(edited))
        expect(parse(print(edited))).toEqual(edited)
      }),
      { numRuns: 2000 },
    )
  })

  it('touches no line but those of the attribute', () => {
    fc.assert(
      fc.property(target, attributeName, assignments, ({ document, at }, name, wanted) => {
        const own = ownOf(document, at, name)
        const edited = putAttribute(document, at, name, wanted)
        expect(lost(print(document), print(edited))).toBeLessThanOrEqual(own.length)
        const others = (d: XinetdDocument) => d.nodes.filter((_, place) => place !== at)
        expect(others(edited)).toEqual(others(document))
      }),
      { numRuns: 1000 },
    )
  })

  it('putting what is there changes nothing', () => {
    fc.assert(
      fc.property(target, attributeName, ({ document, at }, name) => {
        expect(putAttribute(document, at, name, ownOf(document, at, name))).toBe(document)
      }),
    )
  })

  it('adds a service that is read back, whatever the file ends with', () => {
    fc.assert(
      fc.property(xinetdText, (text) => {
        const document = parse(text)
        const added = addService(document, 'fresh', [
          { name: 'port', operator: '=', values: ['7'] },
          { name: 'disable', operator: '=', values: ['no'] },
        ])
        const last = added.nodes.at(-1)
        expect(last).toMatchObject({
          kind: 'service',
          name: 'fresh',
          body: [{ values: ['7'] }, { values: ['no'] }],
        })
        expect(parse(print(added))).toEqual(added)
        expect(lost(text, print(added))).toBeLessThanOrEqual(1)
        expect(print(removeService(added, added.nodes.length - 1)).startsWith(text)).toBe(true)
      }),
      { numRuns: 1000 },
    )
  })

  it('renames a service by its header alone', () => {
    fc.assert(
      fc.property(target, word, ({ document, at }, name) => {
        const renamed = renameService(document, at, name)
        const node = renamed.nodes[at]
        const isService = document.nodes[at]?.kind === 'service'
        expect(node).toMatchObject(isService ? { kind: 'service', name } : { kind: 'defaults' })
        expect(parse(print(renamed))).toEqual(renamed)
        expect(lost(print(document), print(renamed))).toBeLessThanOrEqual(1)
        expect(renameService(renamed, at, name)).toBe(renamed)
      }),
      { numRuns: 1000 },
    )
    expect(() => renameService(parse('service a\n{\n}\n'), 0, 'a b')).toThrow(RangeError)
  })

  it('sets a comment and reads it back', () => {
    fc.assert(
      fc.property(
        target,
        fc.array(fc.constantFrom('# a', 'plain', '', '#', '  # deep', '注释'), { maxLength: 3 }),
        ({ document, at }, lines) => {
          const edited = setComment(document, at, lines)
          const moved = at + edited.nodes.length - document.nodes.length
          expect(commentOf(edited, moved).map(({ text }) => text)).toEqual(
            lines.map((line) => (line.trimStart().startsWith('#') ? line : `# ${line}`)),
          )
          expect(edited.nodes[moved]).toBe(document.nodes[at])
          expect(parse(print(edited))).toEqual(edited)
        },
      ),
    )
  })

  it('keeps the layout of the line it changes', () => {
    const document = parse('service a\n{\n\tport\t\t=   7\n  server_args =-x -y\n}\n')
    expect(print(setAttribute(document, 0, 'port', ['8']))).toBe(
      'service a\n{\n\tport\t\t=   8\n  server_args =-x -y\n}\n',
    )
    expect(print(setAttribute(document, 0, 'server_args', ['-z']))).toContain('\n  server_args =-z\n')
  })

  it('lays a new line out like its neighbours', () => {
    const tabs = parse('service a\n{\n\tdisable\t\t= no\n\tsocket_type\t= stream\n}\n')
    expect(print(setAttribute(tabs, 0, 'port', ['7']))).toContain('stream\n\tport\t\t= 7\n}')
    const spaces = parse('service a\n{\n    disable         = no\n    socket_type     = stream\n}\n')
    expect(print(setAttribute(spaces, 0, 'port', ['7']))).toContain('stream\n    port            = 7\n}')
    expect(print(setAttribute(spaces, 0, 'log_on_success', ['PID'], '+='))).toContain(
      '\n    log_on_success  += PID\n',
    )
    const single = parse('service a\n{\n disable = no\n socket_type = stream\n}\n')
    expect(print(setAttribute(single, 0, 'port', ['7']))).toContain('\n port = 7\n')
  })

  it('keeps CRLF in a file of CRLF', () => {
    const document = parse('service a\r\n{\r\n\tport = 7\r\n}\r\n')
    expect(print(setAttribute(document, 0, 'nice', ['5']))).toBe(
      'service a\r\n{\r\n\tport = 7\r\n\tnice = 5\r\n}\r\n',
    )
    expect(print(withoutCarriageReturns(document))).toBe('service a\n{\n\tport = 7\n}\n')
  })

  it('knows bind by its other name', () => {
    const document = parse('service a\n{\n\tinterface = 10.0.0.1\n}\n')
    expect(print(setAttribute(document, 0, 'bind', ['10.0.0.2']))).toBe(
      'service a\n{\n\tinterface = 10.0.0.2\n}\n',
    )
    expect(print(removeAttribute(document, 0, 'bind'))).toBe('service a\n{\n}\n')
  })

  it('puts flags before server_args', () => {
    const document = parse('service a\n{\n\tserver = /bin/cat\n\tserver_args = cat -u\n}\n')
    expect(print(setAttribute(document, 0, 'flags', ['NAMEINARGS']))).toBe(
      'service a\n{\n\tserver = /bin/cat\n\tflags = NAMEINARGS\n\tserver_args = cat -u\n}\n',
    )
  })

  it('refuses what the format cannot hold', () => {
    const document = parse('service a\n{\n}\n')
    expect(() => setAttribute(document, 0, 'port', ['7 8'])).toThrow(RangeError)
    expect(() => setAttribute(document, 0, 'port', ['7\n}'])).toThrow(RangeError)
    expect(() => setAttribute(document, 0, 'po rt', ['7'])).toThrow(RangeError)
    expect(() => setAttribute(document, 1, 'port', ['7'])).toThrow(RangeError)
    expect(() => setComment(document, 0, ['a\nservice b'])).toThrow(RangeError)
    expect(() => addService(document, 'a\n{', [])).toThrow(RangeError)
  })
})
