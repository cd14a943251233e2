import fc from 'fast-check'

/** Lines that hit every branch of the grammar, sane and not. */
const lines = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.constantFrom(
      'service echo',
      '{',
      '}',
      '\tport\t\t= 7',
      '\tdisable = yes',
      '\tonly_from += 10.0.0.0/8',
    ),
  },
  {
    weight: 3,
    arbitrary: fc.constantFrom(
      'defaults',
      'include /etc/x',
      'includedir /etc/xinetd.d',
      '# comment',
      '',
      '   ',
      '\tserver_args = -a -b',
      '\tflags = NAMEINARGS',
      '\tlog_on_failure\t+= HOST',
      '\tlog_on_failure -= HOST',
      '\tinterface = 1.2.3.4',
      '\tbind = 1.2.3.4',
      '\tport = 8',
      '\tport += 9',
      'SERVICE X',
      'Defaults',
      '\tPORT = 10',
      '\tInterface = ::1',
    ),
  },
  {
    weight: 1,
    arbitrary: fc.constantFrom(
      'service',
      'include',
      'port=7',
      '\tport = ',
      '\tport',
      '\tport +7',
      '{ }',
      '} #',
      ' \v{\f',
      'service a b c',
      '\0',
      'x = a\0b',
      '\udcff = \udc80',
      'x\t=y z',
      'x =y\r',
      'service\techo # not a comment',
      '\t = 7',
      '==',
      'bind =',
      '\tport = 7 # seven',
      '服务 = 值',
    ),
  },
  { weight: 1, arbitrary: fc.string({ unit: 'binary', maxLength: 12 }) },
)

const ends = fc.oneof(
  { weight: 8, arbitrary: fc.constant('\n') },
  { weight: 1, arbitrary: fc.constantFrom('\r\n', '\r\r\n', '\r', '') },
)

/** Text that looks like a configuration of xinetd, more or less. */
export const xinetdText: fc.Arbitrary<string> = fc
  .array(fc.tuple(lines, ends), { maxLength: 30 })
  .map((pairs) => pairs.map(([line, end]) => line + end).join(''))

/** Any JS string at all, lone surrogates among them. */
export const anyText: fc.Arbitrary<string> = fc.oneof(
  xinetdText,
  fc
    .array(fc.integer({ min: 0, max: 0xffff }), { maxLength: 60 })
    .map((units) => String.fromCharCode(...units)),
)

export const word: fc.Arbitrary<string> = fc.oneof(
  fc.constantFrom('7', 'yes', 'no', '10.0.0.0/8', '=', '+=', '#', '{', '}', '-a', '/bin/cat', '值', '\udcff'),
  fc.string({ unit: 'binary', minLength: 1, maxLength: 6 }).filter((text) => /^[^ \t\n\r\0]+$/.test(text)),
)

export const attributeName: fc.Arbitrary<string> = fc.constantFrom(
  'port',
  'bind',
  'interface',
  'only_from',
  'log_on_failure',
  'flags',
  'server_args',
  'disable',
  'unheard_of',
)
