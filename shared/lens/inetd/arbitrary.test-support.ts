import fc from 'fast-check'
import type { Dialect } from './document'

export const DIALECTS: readonly Dialect[] = ['freebsd', 'netbsd', 'openbsd', 'inetutils', 'busybox', 'xinetd']

const lines = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.constantFrom(
      'ftp\tstream\ttcp\tnowait\troot\t/usr/sbin/ftpd\tftpd -l',
      'echo stream tcp nowait root internal',
      'tftp dgram udp wait nobody /usr/sbin/tcpd tcpd /srv/tftp',
      '#<off># time\tdgram\tudp\twait\troot\tinternal',
      '#daytime stream tcp nowait root internal',
      '#   chargen stream tcp nowait root internal',
      '## finger stream tcp nowait nobody /usr/sbin/fingerd fingerd',
      '# comment',
      '',
    ),
  },
  {
    weight: 3,
    arbitrary: fc.constantFrom(
      '\t-v -x',
      ' # an indented comment',
      '  ',
      '#<off># \t-v',
      '#<off># odd words',
      '127.0.0.1:',
      '*:',
      '.include /etc/inetd.d/*',
      '#@ in ipsec ah/require',
      '#@',
      'svc on protocol = tcp4, user = root,',
      '  wait = no, exec = "/bin/my cat";',
      'svc off protocol = tcp4;',
      'a stream tcp6 nowait.5 root:wheel /bin/x x \\',
      'b stream tcp nowait/3/4/5 root:wheel/daemon "/bin/x y" x',
      'mountd/1-3 dgram rpc/udp wait root /sbin/mountd mountd',
      'svc stream tcp',
      'svc',
      'svc\n tcp',
      '#:INTERNAL: Internal services',
      '# <service_name> <sock_type> <proto> <flags> <user> <server_path> <args>',
    ),
  },
  {
    weight: 1,
    arbitrary: fc.constantFrom('\0', 'a\0 b', '\udcff \udc80', '#', '##', ':', '"', "a 'b", '#<off># '),
  },
  { weight: 1, arbitrary: fc.string({ unit: 'binary', maxLength: 12 }) },
)

const ends = fc.oneof(
  { weight: 8, arbitrary: fc.constant('\n') },
  { weight: 1, arbitrary: fc.constantFrom('\r\n', '\r\r\n', '\r', '') },
)

/** Text that looks like an inetd.conf, more or less. */
export const inetdText: fc.Arbitrary<string> = fc
  .array(fc.tuple(lines, ends), { maxLength: 16 })
  .map((pairs) => pairs.map(([line, end]) => line + end).join(''))

/** Any JS string at all, lone surrogates among them. */
export const anyText: fc.Arbitrary<string> = fc.oneof(
  inetdText,
  fc
    .array(fc.integer({ min: 0, max: 0xffff }), { maxLength: 60 })
    .map((units) => String.fromCharCode(...units)),
)

/** Values that a hand might put into a field, and some that no field holds. */
export const value: fc.Arbitrary<string> = fc.oneof(
  fc.constantFrom(
    'root',
    'tcp6',
    'nowait.5',
    'dgram',
    'stream',
    '/bin/x',
    'a b',
    '',
    '#',
    'a#b',
    'a\nb',
    "it's",
    '"',
    '\0',
    'x\r',
    'a:',
    'x\\',
    '.include',
    'on',
  ),
  fc.string({ unit: 'binary', maxLength: 6 }),
)
