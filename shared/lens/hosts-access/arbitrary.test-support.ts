import fc from 'fast-check'

const daemon = fc.oneof(
  { weight: 4, arbitrary: fc.constantFrom('ALL', 'sshd', 'in.telnetd', 'SSHD') },
  {
    weight: 1,
    arbitrary: fc.constantFrom(
      'all',
      '22',
      '+22',
      '022',
      'ss*',
      '?shd',
      '.telnetd',
      'in.',
      'KNOWN',
      'sshd@ALL',
      '#x',
      'sshd@10.0.0.1',
      'sshd@UNKNOWN',
      '4294967318',
      'größe',
      '\udcff',
    ),
  },
)
const client = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.constantFrom(
      'ALL',
      '10.0.0.1',
      '10.',
      '10.0.0.0/255.0.0.0',
      '192.0.2.0/24',
      '.example.org',
      'www.example.org',
      'LOCAL',
      'UNKNOWN',
      '[fe80::]/10',
      '[2001:db8::1]',
    ),
  },
  {
    weight: 1,
    arbitrary: fc.constantFrom(
      'KNOWN',
      'PARANOID',
      '10.0.0.1/8',
      '10.0.0.1/32',
      '10.0.0.1/255.255.255.255',
      '0.0.0.0/0.0.0.0',
      '0.0.0.0/0',
      '10.0.0.0/8x',
      '10.0.0.0/1.2',
      '012.0.0.1/32',
      '10.*',
      '10.0.?.1',
      '**',
      '*',
      '*?',
      'www.*',
      'WWW.EXAMPLE.ORG',
      '[2001:db8::]/32',
      '[2001:db8::]/',
      '[2001:db8::]/129',
      '[2001:DB8:0:0::1]',
      '[::ffff:10.0.0.1]',
      '2001:db8::1',
      '[10.0.0.1]',
      '[2001:db8::1',
      '2001:db8::1]',
      'ALL@ALL',
      'ALL@10.0.0.1',
      'user@',
      '.',
      '..',
      'a@b@c',
      '[',
      'l\vm',
      'unknown',
      '::ffff:10.0.0.1',
    ),
  },
)
const separator = fc.constantFrom(' ', ', ', ',', '\t', ' ,', '\\\n ', ',\r')
const listOf = (item: fc.Arbitrary<string>): fc.Arbitrary<string> =>
  fc
    .array(
      fc.tuple(
        fc.oneof(
          { weight: 6, arbitrary: item },
          { weight: 1, arbitrary: fc.constantFrom('EXCEPT', 'except') },
        ),
        separator,
      ),
      { maxLength: 4 },
    )
    .chain((parts) => item.map((last) => parts.map((part) => part.join('')).join('') + last))
const option = fc.oneof(
  {
    weight: 3,
    arbitrary: fc.constantFrom(
      'allow',
      'deny',
      'ALLOW',
      ' DENY ',
      'spawn echo %a',
      'nice 5',
      'severity mail.info',
      'banners /nowhere',
    ),
  },
  {
    weight: 1,
    arbitrary: fc.constantFrom(
      '',
      ' ',
      'allow x',
      'nice',
      'nice 5x',
      'nice=5',
      'nice = +5',
      'nice 99999999999',
      'umask 022',
      'umask 8',
      'umask 1000',
      'umask -1',
      'umask 00000022',
      'linger 5',
      'linger -1',
      'linger',
      'keepalive',
      'keepalive x',
      'rfc931',
      'rfc931 5',
      'rfc931 0',
      'severity notice',
      'severity x',
      'severity authpriv.info',
      'severity mail.',
      'severity LOCAL7.DEBUG',
      'setenv A b\\:c',
      'bogus',
      'spawn',
      'twist /bin/echo',
      'spawn a\\',
      'allow\v',
      '= x',
    ),
  },
)
const rule = fc
  .tuple(
    listOf(daemon),
    fc.constantFrom(':', ' : ', ': ', ':\t', ': \\\n\t'),
    listOf(client),
    fc.array(option, { maxLength: 3 }).map((options) => options.map((text) => `: ${text}`).join('')),
  )
  .map((parts) => parts.join(''))
const odd = fc.constantFrom(
  '',
  '# comment',
  '#sshd: ALL',
  ' # x: ALL',
  '  \t',
  'no colon',
  '#a \\',
  '\\',
  'sshd\\',
  ':',
  '::',
  'ALL:',
  ': ALL',
  'ALL : ALL :',
  'ALL: AL\0L',
  '\0',
  'sshd: ALL\0: deny',
  ']: ALL',
  'ALL ALL',
  '\r',
  '\v',
  'ALL\\: ALL',
)
const ends = fc.oneof(
  { weight: 12, arbitrary: fc.constant('\n') },
  { weight: 1, arbitrary: fc.constantFrom('\r\n', '', '\\\n', '\\\r\n') },
)

/** Text that looks like a hosts.allow, more or less; all of it the bytes of some file. */
export const accessText: fc.Arbitrary<string> = fc
  .array(fc.tuple(fc.oneof({ weight: 4, arbitrary: rule }, { weight: 1, arbitrary: odd }), ends), {
    maxLength: 6,
  })
  .map((pairs) => pairs.map(([line, end]) => line + end).join(''))

/** Any JS string at all, lone surrogates among them. */
export const anyText: fc.Arbitrary<string> = fc.oneof(
  accessText,
  fc
    .array(fc.integer({ min: 0, max: 0xffff }), { maxLength: 60 })
    .map((units) => String.fromCharCode(...units)),
  fc
    .array(fc.constantFrom('a', ':', '\\', '\n', '\0', '\r', '#', '[', ']', ' ', ',', 'é'.repeat(700)), {
      maxLength: 30,
    })
    .map((parts) => parts.join('')),
)
