import { describe, expect, it } from 'vitest'
import { programTitle } from './title'

describe('programTitle', () => {
  it('leaves out what the tab says already', () => {
    expect(programTitle('root@harbor: /etc/xinetd.d')).toBe('/etc/xinetd.d')
    expect(programTitle('pat@harbor:~/src')).toBe('~/src')
    expect(programTitle('vim notes')).toBe('vim notes')
    expect(programTitle('  ')).toBe('')
  })

  it('takes out what could make it read as something else', () => {
    expect(programTitle('a\u202eb\u200bc\u0007d\u2028e')).toBe('abcde')
    expect(programTitle('\u001b]0;x\u0007')).toBe(']0;x')
  })

  it('is bounded, and cuts no character in two', () => {
    expect([...programTitle('🚀'.repeat(5000))]).toHaveLength(120)
    expect(programTitle('🚀'.repeat(5000))).not.toMatch(/\p{Cs}/u)
  })
})
