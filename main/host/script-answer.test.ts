import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Section } from './script'
import { parseScriptAnswer } from './script-answer'

const nonce = 'ab'.repeat(16)
const sections: readonly Section[] = [
  { name: 'one', body: '', seconds: 5 },
  { name: 'two', body: '', seconds: 3 },
]
const bytes = (text: string): Uint8Array => Buffer.from(text.replaceAll('@', `\n${nonce} `), 'latin1')
const parse = (text: string) => parseScriptAnswer(nonce, sections, bytes(text))
const shown = (text: string) =>
  parse(text).sections.map((answer) =>
    answer.kind === 'missing'
      ? 'missing'
      : [
          answer.kind,
          answer.pieces.map(({ name, bytes: data }) => `${name}=${Buffer.from(data).toString('latin1')}`),
        ],
  )

describe('the answer of a script', () => {
  it('is read through the noise of rc files, before it and after it', () => {
    const answer = parse(
      'Welcome!\nmotd@B 0\nout\n@E 0 3\nerr@X 0\n@B 1\n@P first piece\nx@P second\n@E 1 0\n@X 1\n@Z\nlogout',
    )
    expect(answer).toMatchObject({
      complete: true,
      sections: [
        { kind: 'done', code: 3, stderr: 'err' },
        { kind: 'done', code: 0 },
      ],
    })
    expect(
      shown('@B 0\nout\n@E 0 3\nerr\n@X 0\n@B 1\n@P first piece\nx@P second\n@E 1 0\n\n@X 1\n@Z\n'),
    ).toEqual([
      ['done', ['=out\n']],
      ['done', ['=', 'first piece=x', 'second=']],
    ])
  })

  it('of a section that was given up is late, also when it was ending just then', () => {
    expect(shown('@B 0\nsome@T 0\n@B 1\n@E 1 0\n@X 1\n@Z\n')).toEqual([
      ['late', ['=some']],
      ['done', ['=']],
    ])
    expect(shown('@B 0\nsome@E 0 0\nhalf of@T 0\n@B 1\n@E 1 0\n@X 1\n@Z\n')[0]).toEqual(['late', ['=some']])
  })

  it.each([
    '',
    'no frame',
    '@B 0\nhalf',
    '@B 0\n@E 0 0\nhalf',
    '@B 7\n@E 7 0\n@X 7\n',
    '@B 0\n@B 1\n@E 1 0\n@X 1\n',
    '@',
  ])('that is cut has what is missing marked so (%j)', (text) => {
    const answer = parse(text)
    expect(answer.complete).toBe(false)
    expect(answer.sections[0]).toEqual({ kind: 'missing' })
  })

  it('keeps any bytes of a section exactly, and throws at nothing', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (data) => {
        const whole = Buffer.concat([bytes('@B 0\n'), data, bytes('@E 0 0\n@X 0\n@B 1\n@E 1 0\n@X 1\n@Z\n')])
        const [first] = parseScriptAnswer(nonce, sections, whole).sections
        expect(first?.kind === 'done' ? Buffer.from(first.pieces[0]?.bytes ?? []) : first).toEqual(
          Buffer.from(data),
        )
      }),
    )
    const part = fc.constantFrom(
      '@B 0\n',
      '@B 1\n',
      '@E 0 0\n',
      '@E 1 x\n',
      '@X 0\n',
      '@X',
      '@T 0\n',
      '@P a b\n',
      '@P\n',
      '@Z\n',
      '@@',
      'x',
      '\n',
    )
    fc.assert(
      fc.property(fc.array(part, { maxLength: 12 }), (parts) => {
        expect(parse(parts.join('')).sections.length).toBe(2)
      }),
    )
  })
})
