import { describe, expect, it } from 'vitest'
import { rulesOf, withoutRule, withRule, withSwapped, withSwitched, withWords, type RuleRow } from './rules'

const TEXT = `# Example: ALL: LOCAL
#in.ftpd: 192.0.2.9
sshd, vsftpd:  192.0.2.  EXCEPT 192.0.2.66 : severity auth.info
not a rule
ALL: LOCAL
`
const row = (line: number): RuleRow => {
  const found = rulesOf(TEXT).find((one) => one.line === line)
  if (found === undefined) throw new Error(`no row on line ${line}`)
  return found
}

describe('rules of hosts.allow in a table', () => {
  it('are what is asked, what is commented out, and what is passed over; prose is none', () => {
    expect(rulesOf(TEXT).map(({ line, kind, words }) => [line, kind, ...Object.values(words)])).toEqual([
      [2, 'off', 'in.ftpd', '192.0.2.9', ''],
      [3, 'rule', 'sshd, vsftpd', '192.0.2.  EXCEPT 192.0.2.66', 'severity auth.info'],
      [4, 'malformed', 'not a rule', '', ''],
      [5, 'rule', 'ALL', 'LOCAL', ''],
    ])
    expect(rulesOf('ALL: ALL').map(({ kind }) => kind)).toEqual(['unread'])
  })

  it('change field by field, and what is not touched keeps its spelling', () => {
    expect(withWords(TEXT, row(3), { ...row(3).words, daemons: 'sshd' })).toBe(
      TEXT.replace('sshd, vsftpd', 'sshd'),
    )
    expect(withWords(TEXT, row(3), { ...row(3).words, options: 'deny' })).toBe(
      TEXT.replace('severity auth.info', 'deny'),
    )
  })

  it('come, go, change places, and are commented out and in', () => {
    const words = { daemons: 'ALL', clients: '198.51.100.0/24', options: '' }
    expect(withRule(TEXT, words)).toMatch(/ALL: LOCAL\nALL: +198\.51\.100\.0\/24\n$/)
    expect(withRule('', words)).toBe('ALL: 198.51.100.0/24\n')
    expect(withoutRule(TEXT, row(5).at)).toBe(TEXT.slice(0, -'ALL: LOCAL\n'.length))
    const [three = '', five = ''] = [TEXT.split('\n')[2], TEXT.split('\n')[4]]
    expect(withSwapped(TEXT, row(3).at, row(5).at)?.split('\n').slice(2, 5)).toEqual([
      five,
      'not a rule',
      three,
    ])
    expect(withSwitched(TEXT, row(2))).toBe(TEXT.replace('#in.ftpd', 'in.ftpd'))
    expect(withSwitched(TEXT, row(5))).toBe(TEXT.replace('\nALL: LOCAL', '\n#ALL: LOCAL'))
  })

  it.each([
    { daemons: 'sshd: ALL', clients: '192.0.2.1', options: '' },
    { daemons: '# sshd', clients: '192.0.2.1', options: '' },
    { daemons: '', clients: '192.0.2.1', options: '' },
    { daemons: 'sshd', clients: 'a\nb: c', options: '' },
  ])('are refused where they would be read otherwise: %j', (words) => {
    expect(withRule(TEXT, words)).toBeNull()
  })
})
