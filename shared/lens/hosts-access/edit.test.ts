import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { splitLines } from '../line'
import { accessText } from './arbitrary.test-support'
import type { Edited, HostsAccessDocument, List, Option, RuleText } from './index'
import { addRule, changeRule, disableRule, enableRule, hostsAccess, removeRule, swapRules } from './index'

const { parse, print } = hostsAccess

const item = fc.constantFrom(
  'ALL',
  'sshd',
  '10.',
  '.example.org',
  '[fe80::]/10',
  '[::1]',
  'a@b',
  '10.0.0.0/8',
  'größe',
  '\udcff',
)
const { list } = fc.letrec<{ list: List }>((tie) => ({
  list: fc.record({
    items: fc.array(item, { minLength: 1, maxLength: 3 }),
    except: fc.option(tie('list'), { depthSize: 'small', maxDepth: 3 }),
  }),
}))
const option: fc.Arbitrary<Option> = fc.record({
  name: fc.constantFrom('spawn', 'allow', 'DENY', 'nice', 'bogus'),
  value: fc.option(fc.constantFrom('5', '(echo a:b | mail x) &', 'a\\:b', 'x = y', '[:')),
})
const rule: fc.Arbitrary<RuleText> = fc.record({
  daemons: list,
  clients: list,
  options: fc.array(option, { maxLength: 3 }),
})
const change = fc
  .tuple(rule, fc.subarray(['daemons', 'clients', 'options'] as const))
  .map(([whole, fields]): Partial<RuleText> =>
    Object.fromEntries(Object.entries(whole).filter(([field]) => fields.some((one) => one === field))),
  )
const target = fc.tuple(accessText, fc.nat()).map(([text, pick]) => {
  const document = parse(`first: ALL\n${text}`)
  const places = document.nodes.flatMap((node, at) => (node.kind === 'rule' ? [at] : []))
  return { document, at: places[pick % places.length] ?? 0 }
})

function documentOf(edited: Edited): HostsAccessDocument {
  if (edited.kind === 'refused') throw new Error(`refused: ${edited.field} ${edited.value}`)
  return edited.document
}

function ruleAt({ nodes }: HostsAccessDocument, at: number): RuleText {
  const node = nodes[at]
  if (node?.kind !== 'rule') throw new Error('the rule is gone')
  return { daemons: node.daemons, clients: node.clients, options: node.options }
}

describe('edits of a hosts access document', () => {
  it('change: put then get gives what was put, the rest stays, twice is once', () => {
    fc.assert(
      fc.property(target, change, ({ document, at }, wanted) => {
        const answer = changeRule(document, at, wanted)
        if (answer.kind === 'refused') {
          // A bracket without its partner, or a backslash, in what stays.
          expect(answer.field).toBe('rule')
          expect(answer.value).toMatch(/\[[^\]]*$|\[[^\]]*:|^[^[]*\]|\\/)
          return
        }
        const edited = answer.document
        expect(ruleAt(edited, at)).toEqual({ ...ruleAt(document, at), ...wanted })
        expect(parse(print(edited))).toEqual(edited)
        expect(documentOf(changeRule(edited, at, wanted))).toBe(edited)
        const others = (d: HostsAccessDocument) => d.nodes.filter((_, index) => index !== at)
        expect(others(edited)).toEqual(others(document))
      }),
      { numRuns: 800 },
    )
  })

  it('add: read back where it was put, every other line as it was', () => {
    fc.assert(
      fc.property(accessText, rule, fc.option(fc.nat(), { nil: undefined }), (text, wanted, pick) => {
        const document = parse(text)
        const place = pick === undefined ? undefined : pick % (document.nodes.length + 1)
        const edited = addRule(document, wanted, place)
        if (edited.kind === 'refused') {
          expect(place).toBe(document.nodes.length)
          return
        }
        const at = edited.document.nodes.findIndex((node, index) => node !== document.nodes[index])
        expect(ruleAt(edited.document, at)).toEqual(wanted)
        expect(parse(print(edited.document))).toEqual(edited.document)
        expect(print(removeRule(edited.document, at))).toBe(text)
      }),
      { numRuns: 500 },
    )
  })

  it('disabled and enabled again, the file is what it was; disabled, it differs in one line', () => {
    fc.assert(
      fc.property(target, ({ document, at }) => {
        const disabled = documentOf(disableRule(document, at))
        expect(disabled.nodes[at]?.kind).toBe('comment')
        expect(parse(print(disabled))).toEqual(disabled)
        const [before, after] = [splitLines(print(document)), splitLines(print(disabled))]
        expect(after.filter(({ text }, index) => text !== before[index]?.text)).toHaveLength(1)
        expect(documentOf(enableRule(disabled, at))).toEqual(document)
      }),
    )
  })

  const changed = (text: string, wanted: Partial<RuleText>) =>
    print(documentOf(changeRule(parse(text), 0, wanted)))
  const items = (...words: readonly string[]): List => ({ items: words, except: null })

  it('keeps the spacing and the line ends that it need not touch', () => {
    const text = 'sshd ,ftpd:\\\n  10. ,\\\n  .org : nice 5\\\n : allow\r\n'
    expect(changed(text, { daemons: items('ftpd', 'sshd') })).toBe(
      'ftpd ,sshd:\\\n  10. ,\\\n  .org : nice 5\\\n : allow\r\n',
    )
    expect(changed(text, { clients: items('ALL') })).toBe('sshd ,ftpd:\\\n  ALL : nice 5\\\n : allow\r\n')
    expect(changed(text, { options: [] })).toBe('sshd ,ftpd:\\\n  10. ,\\\n  .org\r\n')
    expect(changed('a: b  \n', { options: [{ name: 'deny', value: null }] })).toBe('a: b: deny  \n')
  })

  it('lays a new rule out like the last one, before what is not read', () => {
    const wanted = { daemons: items('a', 'b'), clients: items('c'), options: [{ name: 'deny', value: null }] }
    const added = (text: string) => print(documentOf(addRule(parse(text), wanted)))
    expect(added('')).toBe('a, b: c: deny\n')
    expect(added('x y : z\r\n')).toBe('x y : z\r\na b : c : deny\r\n')
    expect(added('ALL: ALL')).toBe('a, b: c: deny\nALL: ALL')
    expect(addRule(parse('ALL: ALL'), wanted, 1)).toMatchObject({ kind: 'refused', field: 'rule' })
  })

  it.each<[Partial<RuleText>, string]>([
    [{ daemons: items() }, 'daemons'],
    [{ daemons: items('a b') }, 'daemons'],
    [{ daemons: items('#a') }, 'daemons'],
    [{ daemons: items('EXCEPT') }, 'daemons'],
    [{ daemons: items('a\nb') }, 'daemons'],
    [{ clients: items('a:b') }, 'clients'],
    [{ clients: items('[a') }, 'clients'],
    [{ clients: items('a,b') }, 'clients'],
    [{ clients: items('a\\') }, 'clients'],
    [{ clients: { items: ['a'], except: items('') } }, 'clients'],
    [{ options: [{ name: '', value: null }] }, 'options'],
    [{ options: [{ name: 'a b', value: null }] }, 'options'],
    [{ options: [{ name: 'spawn', value: '' }] }, 'options'],
    [{ options: [{ name: 'spawn', value: '=x' }] }, 'options'],
    [{ options: [{ name: 'spawn', value: 'a\\' }] }, 'options'],
    [{ options: [{ name: 'spawn', value: 'a\nALL: ALL' }] }, 'options'],
    [{ clients: items('x'.repeat(2046)) }, 'rule'],
  ])('refuses %j', (wanted, field) => {
    expect(changeRule(parse('a: b\n'), 0, wanted)).toMatchObject({ kind: 'refused', field })
  })

  it('refuses to make a rule of a comment that holds none', () => {
    expect(enableRule(parse('# prose\n'), 0)).toMatchObject({ kind: 'refused', field: 'rule' })
    expect(() => disableRule(parse('# a: b\n'), 0)).toThrow(RangeError)
    expect(() => removeRule(parse(''), 0)).toThrow(RangeError)
  })

  it('puts two rules in each other’s places, with all their lines, and twice is never', () => {
    const text = 'a: 10.\n# b\nb: \\\n 11.\nc: 12.\n'
    const document = parse(text)
    const swapped = swapRules(document, 0, 2)
    expect(print(swapped)).toBe('b: \\\n 11.\n# b\na: 10.\nc: 12.\n')
    expect(print(swapRules(swapped, 0, 2))).toBe(text)
    expect(() => swapRules(document, 0, 1)).toThrow(RangeError)
  })
})
