import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { anyText } from './arbitrary.test-support'
import { linesNamed, linesOnPort, serviceByName, serviceByPort, services } from './index'

const nodesOf = (text: string) => services.parse(text).nodes

describe('services lens', () => {
  it('gives back every string', () => {
    fc.assert(
      fc.property(anyText, (text) => {
        expect(services.print(services.parse(text))).toBe(text)
      }),
      { numRuns: 3000 },
    )
  })

  it('reads a service with its aliases and comment, and where they stand', () => {
    expect(nodesOf('http\t\t80/tcp\t\twww w3\t# web\r\n')).toMatchObject([
      {
        kind: 'entry',
        name: 'http',
        port: 80,
        protocol: 'tcp',
        aliases: ['www', 'w3'],
        comment: '# web',
        nameAt: 0,
        portAt: 6,
        portEnd: 8,
        protocolAt: 9,
        aliasesAt: 14,
        aliasesEnd: 20,
        commentAt: 21,
        eol: '\r\n',
      },
    ])
  })

  it('tells blank lines and comments, a service behind a # among them', () => {
    expect(nodesOf('\n \t\n# x\n #http 80/tcp\n\0http 80/tcp\n').map(({ kind }) => kind)).toEqual([
      'blank',
      'blank',
      'comment',
      'comment',
      'blank',
    ])
  })

  it.each([
    ['a 65535/tcp', 65535],
    ['a 65536/tcp', 0],
    ['a -0/tcp', 0],
    ['a 0x50/tcp', 80],
    ['a 0120/tcp', 80],
    ['a 80//tcp', 80],
    ['a +80/tcp', 80],
    ['a 65616/tcp', 80],
    ['a 4294967295/tcp', 65535],
    ['a -18446744073709551615/tcp', 1],
    ['a 80', 80],
    ['a 80/', 80],
  ])('reads the port of %j as glibc does', (line, port) => {
    expect(nodesOf(`${line}\n`)).toMatchObject([{ kind: 'entry', port }])
  })

  it.each([
    ['name', 'portMissing'],
    ['name # 80/tcp', 'portMissing'],
    ['name /tcp', 'portNotANumber'],
    ['name x/tcp', 'portNotANumber'],
    ['name -1/tcp', 'portTooBig'],
    ['name 4294967296/tcp', 'portTooBig'],
    [`name ${'9'.repeat(40)}/tcp`, 'portTooBig'],
    ['name 080/tcp', 'noSlashBehindPort'],
    ['name 0x/tcp', 'noSlashBehindPort'],
    ['name 80 /tcp', 'noSlashBehindPort'],
    ['name 80 # x', 'noSlashBehindPort'],
    ['name 80\r', 'noSlashBehindPort'],
  ])('names why %j is passed over', (line, reason) => {
    expect(nodesOf(`${line}\n`)).toMatchObject([{ kind: 'malformed', reason }])
  })

  it('reads the end of an indented last line twice, as glibc does', () => {
    expect(nodesOf('  http 80/tcp')).toMatchObject([{ kind: 'misread', protocol: 'tcpcp' }])
    expect(nodesOf('  http 80/tcp\n')).toMatchObject([{ kind: 'entry', protocol: 'tcp' }])
    expect(nodesOf('  http 80/tcp # x')).toMatchObject([{ kind: 'entry', protocol: 'tcp' }])
    expect(nodesOf(' http 80/tcp\0\n')).toMatchObject([{ kind: 'misread', protocol: 'tcpp' }])
    expect(nodesOf('       7')).toMatchObject([{ kind: 'misread', name: '7', port: 7 }])
  })

  it('finds what getservbyname and getservbyport find: the first line, be it by an alias', () => {
    const document = services.parse('x 1/tcp http\nhttp 80/tcp www\nhttp 80/udp\nalt 80/tcp\n')
    expect(serviceByName(document, 'http')).toBe(0)
    expect(serviceByName(document, 'http', 'udp')).toBe(2)
    expect(serviceByName(document, 'www', 'udp')).toBeNull()
    expect(serviceByPort(document, 80)).toBe(1)
    expect(serviceByPort(document, 80, 'sctp')).toBeNull()
    expect(linesNamed(document, 'http')).toEqual([0, 1, 2])
    expect(linesOnPort(document, 80, 'tcp')).toEqual([1, 3])
  })

  it('comes to the end of 1 MB, and of a line of 1 MB', () => {
    const block = 'http\t\t80/tcp\t\twww\t\t# WorldWideWeb HTTP\n# x\n\n'
    const text =
      block.repeat(Math.ceil((1024 * 1024) / block.length)) +
      `# ${'x'.repeat(1024 * 1024)}\na 1/tcp${' a'.repeat(512 * 1024)}\nb ${'9'.repeat(1024 * 1024)}/tcp\n` +
      `c 1/tcp${' '.repeat(1024 * 1024)}x\n${' '.repeat(1024 * 1024)}d 1/tcp`
    const printed = services.print(services.parse(text))
    expect(printed === text).toBe(true)
  })
})
