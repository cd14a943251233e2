import fc from 'fast-check'

const lines = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.constantFrom(
      'tcpmux\t\t1/tcp\t\t\t\t# TCP port service multiplexer',
      'echo\t\t7/tcp',
      'echo\t\t7/udp',
      'discard\t\t9/tcp\t\tsink null',
      'systat\t\t11/tcp\t\tusers',
      'ftp             21/tcp',
      'http            80/tcp          www             # WorldWideWeb HTTP',
      'https 443/tcp # secure',
    ),
  },
  {
    weight: 2,
    arbitrary: fc.constantFrom('# comment', '', '   ', '#http 80/tcp', '  # x', '\t', '\v\f', '#', '\r'),
  },
  {
    weight: 3,
    arbitrary: fc.constantFrom(
      'zero 0/tcp',
      'high 65535/tcp',
      'over 65536/tcp',
      'minus -1/tcp',
      'wrap -18446744073709551615/tcp',
      'far 4294967295/tcp',
      'farther 4294967296/tcp',
      'huge 99999999999999999999999/tcp',
      'octal 080/tcp',
      'hex 0x50/tcp',
      'octal 0120/tcp',
      'hex 0x/tcp',
      'minus -0x1/tcp',
      'plus +80/tcp',
      'bare 80',
      'bare 80#x',
      'bare 80 # x',
      'slash 80/',
      'slash 80/ alias',
      'slash 80//tcp',
      'gap 80 /tcp',
      'gap 80/ tcp',
      '/tcp',
      'name /tcp',
      'name',
      'name#80/tcp',
      'name 80/tcp#alias',
      '\tname\t80/tcp\ta\tb',
      'a\v80/tcp\fb\rc',
      'self 80/tcp self self',
      'www 81/tcp http',
      '80 82/tcp 443',
      '  late 83/tcp',
      '       7',
      ' x 8',
      'nul 84/tcp\0 alias',
      ' nul 84/tcp\0',
      '\0nul 84/tcp',
      'na\0me 84/tcp',
      'größe 85/tcp é',
      '\udcff\udc80 86/tcp \udcfe',
      'name 87/tcp 88/udp',
      'name 87/t\u00a0p a\u2003b',
    ),
  },
  {
    weight: 1,
    arbitrary: fc
      .array(fc.constantFrom('a', 'b', '8', '0', '/', '#', ' ', '\t', '-', '+', '\r', '\0', '\v', '\udc81'), {
        maxLength: 14,
      })
      .map((parts) => parts.join('')),
  },
)

const ends = fc.oneof(
  { weight: 10, arbitrary: fc.constant('\n') },
  { weight: 1, arbitrary: fc.constantFrom('\r\n', '\r\r\n', '') },
)

/** Text that looks like /etc/services, more or less; all of it the bytes of some file. */
export const servicesText: fc.Arbitrary<string> = fc
  .array(fc.tuple(lines, ends), { maxLength: 16 })
  .map((pairs) => pairs.map(([line, end]) => line + end).join(''))

/** Any JS string at all, lone surrogates among them. */
export const anyText: fc.Arbitrary<string> = fc.oneof(
  servicesText,
  fc
    .array(fc.integer({ min: 0, max: 0xffff }), { maxLength: 60 })
    .map((units) => String.fromCharCode(...units)),
  fc.string({ unit: 'binary', maxLength: 40 }),
)
