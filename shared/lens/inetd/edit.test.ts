import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { DIALECTS, inetdText, value } from './arbitrary.test-support'
import type { Dialect, InetdDocument, InetdLine } from './document'
import type { Edited } from './edited'
import { addEntry, disable, enable, inetd, readEntries, removeEntry, setArguments, setField } from './index'

const { parse, print } = inetd

const dialects = fc.constantFrom(...DIALECTS)

/** A document, a dialect and the place of a line of one of these kinds. */
const target = (kinds: readonly InetdLine['kind'][], first: string) =>
  fc.tuple(inetdText, inetdText, dialects, fc.nat()).map(([above, below, dialect, pick]) => {
    const document = parse(`${above === '' || above.endsWith('\n') ? above : `${above}\n`}${first}\n${below}`)
    const places = document.lines.flatMap(({ kind }, at) => (kinds.includes(kind) ? [at] : []))
    return { document, dialect, at: places[pick % places.length] ?? 0 }
  })

const ENTRY = 'pop3\tstream\ttcp\tnowait\troot\t/usr/sbin/popd\tpopd'
const enabled = target(['entry'], ENTRY)
const commented = target(['disabled'], `#${ENTRY}`)
const either = target(['entry', 'disabled'], ENTRY)

const done = (edited: Edited): InetdDocument => {
  if (edited.kind === 'refused') throw new Error(JSON.stringify(edited.refusal))
  return edited.document
}

/** The text says the same as the document, but for the marks that lines wore. */
function expectSound(document: InetdDocument): void {
  const bare = document.lines.map((line) => (line.kind === 'entry' ? { ...line, wore: null } : line))
  expect(parse(print(document)).lines).toEqual(bare)
}

const outcomes = (document: InetdDocument, dialect: Dialect) =>
  readEntries(document, dialect).map(({ outcome }) => JSON.stringify(outcome))

describe('edits of an inetd document', { timeout: 30_000 }, () => {
  it('enabling, then disabling gives back the very bytes', () => {
    fc.assert(
      fc.property(commented, ({ document, dialect, at }) => {
        const on = enable(document, dialect, at)
        fc.pre(on.kind === 'edited')
        expectSound(done(on))
        expect(
          readEntries(done(on), dialect).some(
            ({ from, outcome }) => from === at && outcome.kind === 'refused',
          ),
        ).toBe(false)
        expect(print(done(disable(done(on), dialect, at)))).toBe(print(document))
      }),
      { numRuns: 400 },
    )
  })

  it('disabling, then enabling gives back the very bytes, and the daemon loses that entry alone', () => {
    fc.assert(
      fc.property(enabled, ({ document, dialect, at }) => {
        const off = disable(document, dialect, at)
        fc.pre(off.kind === 'edited')
        expectSound(done(off))
        expect(done(off).lines[at]?.kind).toBe('disabled')
        const inside = readEntries(document, dialect).filter(({ from }) => from === at).length
        expect(outcomes(done(off), dialect).length).toBe(outcomes(document, dialect).length - inside)
        const on = enable(done(off), dialect, at)
        if (on.kind === 'edited') expect(print(on.document)).toBe(print(document))
        else expect(on.refusal.reason).not.toBe('notAnEntry')
      }),
      { numRuns: 400 },
    )
  })

  it('a field that was put is got, twice is once, and no other line is touched', () => {
    const fields = fc.constantFrom('service', 'socketType', 'protocol', 'wait', 'user', 'program')
    fc.assert(
      fc.property(either, fields, value, ({ document, dialect, at }, field, wanted) => {
        const edited = setField(document, dialect, at, field, wanted)
        fc.pre(edited.kind === 'edited')
        const next = done(edited)
        expectSound(next)
        expect(print(done(setField(next, dialect, at, field, wanted)))).toBe(print(next))
        expect(next.lines.filter((_, place) => place !== at)).toEqual(
          document.lines.filter((_, place) => place !== at),
        )
        expect(next.lines[at]?.text).toContain(wanted)
      }),
      { numRuns: 500 },
    )
  })

  it('arguments that were put are got', () => {
    fc.assert(
      fc.property(enabled, fc.array(value, { maxLength: 3 }), ({ document, dialect, at }, wanted) => {
        const edited = setArguments(document, dialect, at, ['prog', ...wanted])
        fc.pre(edited.kind === 'edited')
        expectSound(done(edited))
        const reading = readEntries(done(edited), dialect).find(({ from }) => from === at)
        if (reading?.outcome.kind === 'entry' && reading.outcome.entry.program !== 'internal') {
          expect(reading.outcome.entry.argv).toEqual(['prog', ...wanted])
        }
      }),
      { numRuns: 400 },
    )
  })

  it('leaves the carriage returns of a comment behind the arguments', () => {
    const line = 'ftp stream tcp nowait root /usr/sbin/ftpd ftpd -l\r # noted\r\r\n'
    const edited = setArguments(parse(line), 'busybox', 0, ['prog'])
    expectSound(done(edited))
    expect(print(done(edited))).toBe('ftp stream tcp nowait root /usr/sbin/ftpd prog # noted\r\r\n')
  })

  it('disables the lines below an entry that its daemon never reaches', () => {
    // FreeBSD's inetd ends at the second line.
    const text =
      '#pop3 stream tcp nowait root /usr/sbin/popd popd\n\t-v -x\n#<off># time dgram udp wait root internal\n#<off># \t-v\n'
    const on = enable(parse(text), 'freebsd', 2)
    expect(print(done(disable(done(on), 'freebsd', 2)))).toBe(text)
  })

  it('leaves a line alone in which C sees an end', () => {
    const line = 'echo stream tcp nowait root internal\r\0\n'
    expect(setArguments(parse(line), 'freebsd', 0, ['prog'])).toEqual({
      kind: 'refused',
      refusal: { reason: 'outOfReach' },
    })
  })

  it('adds an entry that the daemon takes, and takes it out again', () => {
    fc.assert(
      fc.property(either, fc.array(value, { maxLength: 2 }), ({ document, dialect, at }, more) => {
        const words = ['7009', 'stream', 'tcp', 'nowait', 'root', '/bin/cat', 'cat', ...more]
        const edited = addEntry(document, dialect, at, words)
        fc.pre(edited.kind === 'edited')
        expectSound(done(edited))
        const reading = readEntries(done(edited), dialect).find(({ from }) => from === at)
        expect(reading?.outcome).toMatchObject({
          kind: 'entry',
          entry: { service: '7009', argv: ['cat', ...more] },
        })
        expect(done(edited).lines.length).toBe(document.lines.length + 1)
        expect(print(done(removeEntry(done(edited), dialect, at)))).toBe(print(document))
      }),
      { numRuns: 400 },
    )
  })

  it('follows the style of the file', () => {
    const off = parse(`#<off># ${ENTRY}\n${ENTRY}\n`)
    expect(print(done(disable(off, 'openbsd', 1)))).toBe(`#<off># ${ENTRY}\n#<off># ${ENTRY}\n`)
    expect(print(done(disable(parse(`${ENTRY}\n`), 'openbsd', 0)))).toBe(`#${ENTRY}\n`)
    const spaces = parse('echo      stream  tcp   nowait  root  /bin/e   e\r\n')
    expect(
      print(
        done(addEntry(spaces, 'openbsd', 1, ['ftp', 'stream', 'tcp', 'nowait', 'root', '/bin/f', 'f', '-l'])),
      ),
    ).toBe(
      'echo      stream  tcp   nowait  root  /bin/e   e\r\nftp       stream  tcp   nowait  root  /bin/f   f -l\n',
    )
  })

  it('marks the lines on which an entry goes on', () => {
    const text = `${ENTRY}\n\t-v\n -x\necho stream tcp nowait root internal\n`
    const off = done(disable(parse(text), 'openbsd', 0))
    expect(print(off)).toBe(
      `#<off># ${ENTRY}\n#<off># \t-v\n#<off>#  -x\necho stream tcp nowait root internal\n`,
    )
    expect(print(done(enable(parse(print(off)), 'openbsd', 0)))).toBe(text)
  })

  it('refuses what would be read as something else', () => {
    const document = parse(`${ENTRY}\n`)
    const reason = (edited: Edited) => (edited.kind === 'refused' ? edited.refusal.reason : null)
    expect(reason(setField(document, 'openbsd', 0, 'user', 'a b'))).toBe('cannotStand')
    expect(reason(setField(document, 'openbsd', 0, 'user', ''))).toBe('cannotStand')
    expect(reason(setField(document, 'openbsd', 0, 'user', 'a\nb'))).toBe('cannotStand')
    expect(reason(setField(document, 'openbsd', 0, 'service', '#x'))).toBe('cannotStand')
    expect(reason(setField(document, 'busybox', 0, 'user', 'a#b'))).toBe('cannotStand')
    expect(reason(setField(document, 'openbsd', 0, 'wait', 'Wait'))).toBe('takenOtherwise')
    expect(reason(setField(document, 'freebsd', 0, 'wait', 'Wait'))).toBe('daemonRefuses')
    expect(reason(setField(document, 'xinetd', 0, 'protocol', 'tcp6'))).toBe('daemonRefuses')
    expect(print(done(setField(document, 'freebsd', 0, 'program', '/bin/my cat')))).toContain('"/bin/my cat"')
    expect(reason(enable(parse(`#${ENTRY}\n # indented\n`), 'openbsd', 0))).toBe('changesOthers')
    expect(reason(disable(document, 'openbsd', 3))).toBe('notAnEntry')
  })
})
