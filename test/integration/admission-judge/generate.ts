import fc from 'fast-check'

const WORDS = [
  '0.0.0.0',
  '10.0.0.0',
  '10.0.0.0/8',
  '10.1.0.0',
  '10.1.2.3',
  '10.1.2.0/24',
  '10.{1,9}',
  '10.1.2.{3,7}',
  '10.2.0.0/15',
  '10.2.0.7/33',
  '10.200.0.0',
  '127.0.0.0',
  '127.0.0.1',
  '127.3.0.9/10',
  '192.168.7.9',
  '192.168.0.0/17',
  '192.{168,169}',
  '0.0.0.0/0',
  '128.0.0.0/1',
  '::1',
  '::',
  '::/0',
  '::/1',
  '::ffff:0:0/96',
  '::ffff:10.1.2.3',
  '::ffff:127.0.0.0/105',
  'fd00:1::5',
  'fd00:1::/64',
  'fd00::/8',
  'fc00::/7',
  'fd00:1::4/127',
  '2001:db8::7',
  '2001:db8::/32',
  '2001:db8::7/128',
  'localhost',
  'alpha.example.org',
  '.example.org',
  'nowhere.example.org',
  'link-local',
  '300.1.1.1',
  '999',
] as const

const list = (attribute: string): fc.Arbitrary<string> =>
  fc
    .tuple(fc.constantFrom('=', '=', '=', '+='), fc.array(fc.constantFrom(...WORDS), { maxLength: 3 }))
    .map(([operator, words]) => [attribute, operator, ...words].join(' '))

const sometimes = (...lines: readonly string[]): fc.Arbitrary<readonly string[]> =>
  fc.oneof(
    { weight: 5, arbitrary: fc.constant([]) },
    { weight: 1, arbitrary: fc.constantFrom(...lines.map((line) => [line])) },
  )

/** Lines of services, the same for the same seed. */
export function generate(count: number, seed: number): readonly (readonly string[])[] {
  const lines = fc
    .tuple(
      fc.oneof(fc.constant([]), fc.tuple(list('only_from')), fc.tuple(list('only_from'), list('no_access'))),
      fc.oneof(fc.constant([]), fc.tuple(list('no_access'))),
      sometimes('flags = IPv4', 'flags = IPv6'),
      sometimes('v6only = yes', 'v6only = no'),
      sometimes('libwrap = some', 'libwrap = closed', 'libwrap = masked', 'libwrap = six'),
      sometimes('max_load = 2', 'max_load = 3'),
      sometimes('instances = 0', 'instances = 9'),
      sometimes('per_source = 0', 'per_source = 9'),
    )
    .map((parts) => parts.flat())
  return fc.sample(lines, { numRuns: count, seed })
}
