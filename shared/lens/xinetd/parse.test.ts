import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { anyText } from './arbitrary.test-support'
import type { Node } from './document'
import { xinetd } from './index'

const nodesOf = (text: string): readonly Node[] => xinetd.parse(text).nodes

describe('xinetd lens', () => {
  it('gives back every string', () => {
    fc.assert(
      fc.property(anyText, (text) => {
        expect(xinetd.print(xinetd.parse(text))).toBe(text)
      }),
      { numRuns: 3000 },
    )
  })

  it('reads a service with its attributes', () => {
    const [service] = nodesOf('service echo\n{\n\tdisable\t\t= yes\n\tonly_from += 10.0.0.0/8 .lab\n}\n')
    expect(service).toMatchObject({
      kind: 'service',
      name: 'echo',
      body: [
        {
          kind: 'attribute',
          name: 'disable',
          operator: '=',
          values: ['yes'],
          nameAt: 1,
          operatorAt: 10,
          valuesAt: 11,
        },
        { kind: 'attribute', name: 'only_from', operator: '+=', values: ['10.0.0.0/8', '.lab'] },
      ],
      close: { text: '}', eol: '\n' },
    })
  })

  it('keeps comments and blank lines between the header and the brace', () => {
    const [service] = nodesOf('service x\n\n# why\n  {\n}\n')
    expect(service).toMatchObject({
      kind: 'service',
      gap: [{ kind: 'blank' }, { kind: 'comment' }],
      open: { text: '  {' },
    })
  })

  it('keeps CRLF out of the values and in the line', () => {
    const [service] = nodesOf('service echo\r\n{\r\n\tport = 7\r\n}\r\n')
    expect(service).toMatchObject({ name: 'echo', body: [{ values: ['7'], eol: '\r\n' }] })
  })

  it('takes a file without its last newline or brace', () => {
    expect(nodesOf('service a\n{\n\tport = 7')).toMatchObject([
      { kind: 'service', close: null, body: [{ values: ['7'], eol: '' }] },
    ])
    expect(nodesOf('service a\n{\n}')).toMatchObject([{ kind: 'service', close: { text: '}', eol: '' } }])
  })

  it.each([
    ['port=7', 'noSpaceBeforeOperator'],
    ['port', 'nothingAfterName'],
    ['port +7', 'badOperator'],
    ['service b', 'badOperator'],
    ['{', 'nothingAfterName'],
    ['port ++= 7', 'badOperator'],
  ])('names why %j is malformed', (text, reason) => {
    const [service] = nodesOf(`service a\n{\n${text}\n}\n`)
    expect(service).toMatchObject({ kind: 'service', body: [{ kind: 'malformed', reason }] })
  })

  it('skips from what it does not understand to the next closing brace, as the daemon does', () => {
    expect(nodesOf('junk\nservice lost\n{\n}\nservice found\n{\n}\n')).toMatchObject([
      {
        kind: 'skipped',
        reason: 'unknownKeyword',
        closed: true,
        lines: [{ text: 'junk' }, { text: 'service lost' }, {}, {}],
      },
      { kind: 'service', name: 'found' },
    ])
    expect(nodesOf('service a\nport = 7\n}\n')).toMatchObject([
      { kind: 'skipped', reason: 'braceMissing', closed: true },
    ])
    expect(nodesOf('service\n')).toMatchObject([{ kind: 'skipped', reason: 'nameMissing', closed: false }])
  })

  it('takes the first word after include and includedir', () => {
    expect(nodesOf('includedir /etc/xinetd.d # all\n  include\t/etc/x\n')).toMatchObject([
      { kind: 'includedir', path: '/etc/xinetd.d' },
      { kind: 'include', path: '/etc/x' },
    ])
  })

  it('ends a line at a NUL, as C does', () => {
    expect(nodesOf('service a\n{\n\tport = 7\0 8\n}\n')).toMatchObject([{ body: [{ values: ['7'] }] }])
  })

  it('comes to the end of 1 MB, and of a line of 1 MB', () => {
    const block = 'service echo\n{\n\tdisable\t\t= no\n\tonly_from\t= 10.0.0.0/8\n\tport = 7\n}\n\n'
    const text =
      block.repeat(Math.ceil((1024 * 1024) / block.length)) +
      `# ${'x'.repeat(1024 * 1024)}\n${' a'.repeat(512 * 1024)}\n`
    expect(xinetd.print(xinetd.parse(text)) === text).toBe(true)
  })
})
