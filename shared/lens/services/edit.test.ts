import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { splitLines } from '../line'
import { servicesText } from './arbitrary.test-support'
import type { Edited, Service, ServicesDocument } from './index'
import { addService, changeService, isRead, removeService, services } from './index'

const { parse, print } = services

const word = fc.oneof(
  fc.constantFrom('http', 'www', '80', '/', 'tcp', '-x', 'größe', '\udcff', 'a,b'),
  fc.string({ unit: 'binary', minLength: 1, maxLength: 6 }).filter((text) => /^[^\s#\0]+$/.test(text)),
)
const comment = fc.oneof(
  fc.constant(null),
  fc.constantFrom('# web', 'web', '', '#', '#x', ' x ', 'a # b', '注释'),
)
const service: fc.Arbitrary<Service> = fc.record({
  name: word,
  port: fc.oneof(fc.constantFrom(0, 7, 80, 443, 65535), fc.nat({ max: 0xffff })),
  protocol: word.filter((text) => !text.startsWith('/')),
  aliases: fc.array(word, { maxLength: 3 }),
  comment,
})
const change = fc
  .tuple(service, fc.subarray(['name', 'port', 'protocol', 'aliases', 'comment'] as const))
  .map(([whole, fields]): Partial<Service> =>
    Object.fromEntries(Object.entries(whole).filter(([field]) => fields.some((one) => one === field))),
  )

const target = fc.tuple(servicesText, fc.nat()).map(([text, pick]) => {
  const document = parse(`first 1/tcp\n${text}`)
  const places = document.nodes.flatMap((node, at) => (isRead(node) ? [at] : []))
  return { document, at: places[pick % places.length] ?? 0 }
})

function documentOf(edited: Edited): ServicesDocument {
  if (edited.kind === 'refused') throw new Error(`refused: ${edited.field} ${edited.value}`)
  return edited.document
}

function valuesAt({ nodes }: ServicesDocument, at: number): Service {
  const node = nodes[at]
  if (!isRead(node)) throw new Error('the service is gone')
  const { name, port, protocol, aliases } = node
  return { name, port, protocol, aliases, comment: node.kind === 'entry' ? node.comment : null }
}

const kept = (text: string): string => (text === '# ' ? '#' : text)

describe('edits of a services document', () => {
  it('change: put then get gives what was put, the rest stays, twice is once', () => {
    fc.assert(
      fc.property(target, change, ({ document, at }, wanted) => {
        const edited = documentOf(changeService(document, at, wanted))
        const expected = { ...valuesAt(document, at), ...wanted }
        const { comment: found, ...rest } = valuesAt(edited, at)
        const { comment: put, ...others } = expected
        expect(rest).toEqual(others)
        expect(found).toBe(put === null || put.startsWith('#') ? put : kept(`# ${put}`))
        expect(parse(print(edited))).toEqual(edited)
        expect(documentOf(changeService(edited, at, wanted))).toBe(edited)
        const place = (d: ServicesDocument) => d.nodes.filter((_, index) => index !== at)
        expect(place(edited)).toEqual(place(document))
      }),
      { numRuns: 1000 },
    )
  })

  it('changing to what is there changes nothing', () => {
    fc.assert(
      fc.property(target, ({ document, at }) => {
        const { protocol, comment: text, ...values } = valuesAt(document, at)
        const rest = text?.endsWith('\r') === true ? values : { ...values, comment: text }
        const same = protocol === '' ? rest : { ...rest, protocol }
        expect(documentOf(changeService(document, at, same))).toBe(document)
      }),
    )
  })

  it('add: one new line, read back, nothing else touched but a missing line end', () => {
    fc.assert(
      fc.property(servicesText, service, (text, wanted) => {
        const document = parse(text)
        const added = documentOf(addService(document, wanted))
        expect(parse(print(added))).toEqual(added)
        expect(documentOf(addService(added, wanted))).toBe(added)
        if (added === document) return
        const before = splitLines(text)
        const after = splitLines(print(added))
        expect(after.length).toBe(before.length + 1)
        const rest = (whole: string) => whole.replaceAll(/[\r\n]+$/g, '')
        const put = added.nodes.findIndex(
          (node, at) => isRead(node) && (at >= before.length || node.text !== before[at]?.text),
        )
        const without = after.filter((_, at) => at !== put).map((line) => line.text + line.eol)
        expect(rest(without.join(''))).toBe(rest(text))
        expect(valuesAt(added, put)).toMatchObject({ name: wanted.name, port: wanted.port })
      }),
      { numRuns: 1000 },
    )
  })

  it('remove takes the line and no other', () => {
    fc.assert(
      fc.property(target, ({ document, at }) => {
        const removed = removeService(document, at)
        expect(removed.nodes).toEqual(document.nodes.filter((_, index) => index !== at))
      }),
    )
  })

  const add = (text: string, wanted: Partial<Service>) =>
    print(
      documentOf(
        addService(parse(text), {
          name: 'new',
          port: 80,
          protocol: 'tcp',
          aliases: [],
          comment: null,
          ...wanted,
        }),
      ),
    )

  it('places a new service by its port, where ports are in order', () => {
    const sorted = 'a 1/tcp\nb 7/tcp\nb 7/udp\n# c\nc 90/tcp\n'
    expect(add(sorted, { port: 7 })).toBe('a 1/tcp\nb 7/tcp\nb 7/udp\nnew 7/tcp\n# c\nc 90/tcp\n')
    expect(add(sorted, { port: 0 })).toBe(`new 0/tcp\n${sorted}`)
    expect(add(sorted, { port: 90 })).toBe(`${sorted}new 90/tcp\n`)
    const unsorted = 'a 9/tcp\nb 7/tcp\nc 90/tcp\nd 8/tcp\n'
    expect(add(unsorted, { port: 8 })).toBe(`${unsorted}new 8/tcp\n`)
    const sections = `${sorted}# more\nx 5/tcp\ny 6/tcp\nz 300/tcp\nzz 400/tcp\nzzz 500/tcp\n`
    expect(add(sections, { port: 350 })).toContain('z 300/tcp\nnew 350/tcp\nzz')
    expect(add(sections, { port: 3 })).toContain('a 1/tcp\nnew 3/tcp\nb')
  })

  it('lays it out like its neighbours', () => {
    expect(add('http\t\t70/tcp\t\twww\t\t# web\n', { aliases: ['w', 'v'], comment: 'c' })).toContain(
      '\nnew\t\t80/tcp\t\tw v\t\t# c\n',
    )
    expect(add('http            70/tcp    www\n', { aliases: ['w'] })).toContain(
      '\nnew             80/tcp    w\n',
    )
    expect(add('a 1/tcp b # c\r\n', { aliases: ['w'], comment: 'c' })).toBe(
      'a 1/tcp b # c\r\nnew 80/tcp w # c\r\n',
    )
    expect(add('', { aliases: ['w'] })).toBe('new\t\t80/tcp\t\tw\n')
    expect(add('a 1/tcp', {})).toBe('a 1/tcp\nnew 80/tcp\n')
  })

  it('keeps the spacing of the line it changes', () => {
    const changed = (line: string, wanted: Partial<Service>) =>
      print(documentOf(changeService(parse(line), 0, wanted)))
    expect(changed('http   80/tcp\twww  # web\n', { port: 81 })).toBe('http   81/tcp\twww  # web\n')
    expect(changed('http   80/tcp\twww  # web\n', { aliases: [] })).toBe('http   80/tcp  # web\n')
    expect(changed('http   80/tcp\twww  # web\n', { comment: null })).toBe('http   80/tcp\twww\n')
    expect(changed('http 0x50//tcp\n', { name: 'web', aliases: ['w'] })).toBe('web 0x50//tcp w\n')
    expect(changed('bare 80\n', { comment: 'c' })).toBe('bare 80/ # c\n')
    expect(changed('  http 80/tcp', { protocol: 'tcp' })).toBe('http\t\t80/tcp')
  })

  it.each([
    [{ name: '' }, 'name'],
    [{ name: 'a b' }, 'name'],
    [{ name: 'a#b' }, 'name'],
    [{ name: 'a\0' }, 'name'],
    [{ port: 65536 }, 'port'],
    [{ port: -1 }, 'port'],
    [{ port: 1.5 }, 'port'],
    [{ protocol: '' }, 'protocol'],
    [{ protocol: 't\rp' }, 'protocol'],
    [{ protocol: '/tcp' }, 'protocol'],
    [{ aliases: ['a', ''] }, 'aliases'],
    [{ aliases: ['a\nb 1/tcp'] }, 'aliases'],
    [{ comment: 'a\nb' }, 'comment'],
    [{ comment: 'a\0' }, 'comment'],
    [{ comment: 'a\r' }, 'comment'],
  ])('refuses %j', (wanted, field) => {
    expect(changeService(parse('a 1/tcp\n'), 0, wanted)).toMatchObject({ kind: 'refused', field })
  })

  it('throws where no service is', () => {
    expect(() => changeService(parse('# a\n'), 0, { port: 1 })).toThrow(RangeError)
    expect(() => removeService(parse('a\n'), 0)).toThrow(RangeError)
  })
})
