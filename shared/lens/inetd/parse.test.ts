import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { anyText } from './arbitrary.test-support'
import { inetd } from './index'

const linesOf = (text: string) => inetd.parse(text).lines

describe('inetd lens', () => {
  it('gives back every string', () => {
    fc.assert(
      fc.property(anyText, (text) => {
        expect(inetd.print(inetd.parse(text))).toBe(text)
      }),
      { numRuns: 3000 },
    )
  })

  it('reads entries with the places of their fields', () => {
    expect(linesOf('ftp\tstream tcp  nowait root /usr/sbin/ftpd ftpd\n')).toMatchObject([
      {
        kind: 'entry',
        fields: [
          { text: 'ftp', at: 0 },
          { text: 'stream', at: 4 },
          { text: 'tcp', at: 11 },
          { at: 16 },
          {},
          {},
          {},
        ],
      },
    ])
  })

  it('tells the kinds of lines', () => {
    const text = '\n \t\n#x\n#@ in ipsec\n10.0.0.1:\n.include a\n\tmore\nx y\n'
    expect(linesOf(text).map(({ kind }) => kind)).toEqual([
      'blank',
      'blank',
      'comment',
      'policy',
      'address',
      'include',
      'indented',
      'entry',
    ])
  })

  it.each([
    ['#<off># ftp stream tcp nowait root /usr/sbin/ftpd ftpd -l', '#<off># '],
    ['#<off># echo stream', '#<off># '],
    ['#disabled#ftp stream tcp nowait root /usr/sbin/ftpd', '#disabled#'],
    ['## ftp stream tcp nowait root /usr/sbin/ftpd', '## '],
    ['#ftp\tstream\ttcp\tnowait\troot\t/usr/sbin/ftpd\tftpd -l', '#'],
    ['#  time dgram udp4 wait root internal', '#  '],
    ['# 10.0.0.1:a stream,5:f rpc/tcp6,sndbuf=8k nowait/1/2/3 root:wheel/x /x', '# '],
  ])('takes %j for a disabled entry', (text, mark) => {
    expect(linesOf(text)).toMatchObject([{ kind: 'disabled', mark }])
  })

  it.each([
    '# The next stream tcp nowait entries run as root',
    '# <service_name> <sock_type> <proto> <flags> <user> <server_path> <args>',
    '#:STANDARD: These are standard services.',
    '# ftp stream tcp nowait root',
    '# If you want telnet dgram udp wait root internal',
    '# ftp stream over tcp nowait root /usr/sbin/ftpd',
    '# please stream tcp wait for the server',
    '#',
    '#<off># ',
  ])('takes %j for a comment', (text) => {
    expect(linesOf(text)).toMatchObject([{ kind: 'comment' }])
  })

  it('takes no sentence for an entry', () => {
    const words = fc.constantFrom(
      'the',
      'stream',
      'tcp',
      'wait',
      'nowait',
      'root',
      'internal',
      'and',
      'of',
      'service',
      'dgram',
      'udp',
      'unix',
      'A',
      'is',
      'off',
    )
    const sentence = fc.array(words, { minLength: 1, maxLength: 12 }).map((some) => `# ${some.join(' ')}.`)
    fc.assert(
      fc.property(sentence, (text) => {
        expect(linesOf(text)[0]?.kind).toBe('comment')
      }),
      { numRuns: 2000 },
    )
  })

  it('comes to the end of 1 MB, and of a line of 1 MB', () => {
    const block =
      '#<off># ftp stream tcp nowait root /usr/sbin/ftpd ftpd\necho stream tcp nowait root internal\n'
    const text = `${block.repeat(Math.ceil((1024 * 1024) / block.length))}# ${'x'.repeat(1024 * 1024)}\n${' a'.repeat(512 * 1024)}\n#${' '.repeat(1024 * 1024)}\n`
    expect(inetd.print(inetd.parse(text)) === text).toBe(true)
  })
})
