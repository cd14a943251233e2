import { describe, expect, it } from 'vitest'
import { visibleRuns } from './visible'

const shown = (text: string) =>
  visibleRuns(text)
    .map((run) => (run.named ? `<${run.text}>` : run.text))
    .join('')

describe('visibleRuns', () => {
  it('leaves text alone, tabs, Chinese and emoji included', () => {
    expect(visibleRuns('\tsocket_type = stream 码头 🚢')).toEqual([
      { text: '\tsocket_type = stream 码头 🚢', named: false },
    ])
  })

  it('names control characters, invalid bytes and what turns text around', () => {
    expect(shown('a\u001b[31mb')).toBe('a<^[>[31mb')
    expect(shown('\u007f')).toBe('<^?>')
    expect(shown('x\udce9y')).toBe('x<\\xe9>y')
    expect(shown('user\u202Enimda')).toBe('user<U+202E>nimda')
    expect(shown('line\r')).toBe('line<^M>')
  })
})
