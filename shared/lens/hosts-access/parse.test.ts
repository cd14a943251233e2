import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { anyText } from './arbitrary.test-support'
import { hostsAccess } from './index'

const nodesOf = (text: string) => hostsAccess.parse(text).nodes
const kindsOf = (text: string) => nodesOf(text).map(({ kind }) => kind)

describe('hosts access lens', () => {
  it('gives back every string', () => {
    fc.assert(
      fc.property(anyText, (text) => {
        expect(hostsAccess.print(hostsAccess.parse(text))).toBe(text)
      }),
      { numRuns: 3000 },
    )
  })

  it('reads lists with nested exceptions, and options', () => {
    expect(
      nodesOf('sshd, in.ftpd : ALL except .org EXCEPT a.org : spawn echo a\\:b : nice=5 : DENY\n'),
    ).toMatchObject([
      {
        kind: 'rule',
        daemons: { items: ['sshd', 'in.ftpd'], except: null },
        clients: {
          items: ['ALL'],
          except: { items: ['.org'], except: { items: ['a.org'], except: null } },
        },
        options: [
          { name: 'spawn', value: 'echo a:b' },
          { name: 'nice', value: '5' },
          { name: 'DENY', value: null },
        ],
      },
    ])
  })

  it('leaves colons inside brackets to the address, and takes an odd bracket for one that hides all', () => {
    expect(nodesOf('sshd: [fe80::1] [::]/0: deny\n')).toMatchObject([
      { clients: { items: ['[fe80::1]', '[::]/0'] }, options: [{ name: 'deny' }] },
    ])
    expect(kindsOf('sshd]: ALL\n')).toEqual(['malformed'])
    expect(nodesOf('sshd: [ALL: deny\n')).toMatchObject([{ optionsColon: null, options: [] }])
  })

  it('joins lines over a backslash, comments too, but not over one before a carriage return', () => {
    expect(nodesOf('sshd: \\\n ALL\n')).toMatchObject([
      { kind: 'rule', logical: 'sshd:  ALL', lines: [{}, {}] },
    ])
    expect(kindsOf('# a \\\nsshd: ALL\nsshd: ALL\n')).toEqual(['comment', 'rule'])
    expect(kindsOf('# a \\\r\nsshd: ALL\r\n')).toEqual(['comment', 'rule'])
    expect(kindsOf(' # a: b\n')).toEqual(['rule'])
  })

  it('drops what follows a NUL, and joins the next line', () => {
    expect(nodesOf('sshd\0: x\n: ALL\n')).toMatchObject([{ kind: 'rule', logical: 'sshd: ALL' }])
  })

  it('reads no further than a line without its newline, or of more than 2046 bytes', () => {
    expect(nodesOf('ALL: ALL')).toMatchObject([{ kind: 'unread', reason: 'newlineMissing' }])
    expect(kindsOf('#')).toEqual(['unread'])
    expect(kindsOf(`#${'x'.repeat(2045)}\nALL: ALL\n`)).toEqual(['comment', 'rule'])
    expect(nodesOf(`#${'x'.repeat(2046)}\nALL: ALL\n`)).toMatchObject([
      { kind: 'unread', reason: 'lineTooLong', lines: [{}, {}] },
    ])
    expect(kindsOf(`#${'é'.repeat(1022)}\n`)).toEqual(['comment'])
    expect(kindsOf(`#${'é'.repeat(1023)}\n`)).toEqual(['unread'])
    expect(kindsOf('\\\n')).toEqual(['blank'])
  })

  it('sees an empty option behind a colon at the end', () => {
    expect(nodesOf('ALL: ALL :\n')).toMatchObject([{ options: [{ name: '', value: null }] }])
  })

  it('comes to the end of 1 MB, and of a line of 1 MB', () => {
    const block = 'sshd, in.ftpd : ALL EXCEPT .example.org \\\n [fe80::]/10 : deny\n# x\n\n'
    const rules = block.repeat(Math.ceil((1024 * 1024) / block.length))
    for (const text of [
      rules,
      `${block}# ${'x'.repeat(1024 * 1024)}\n${rules}`,
      '\\\n'.repeat(512 * 1024),
      '\0\n'.repeat(512 * 1024),
    ]) {
      const printed = hostsAccess.print(hostsAccess.parse(text))
      expect(printed === text).toBe(true)
    }
  })
})
