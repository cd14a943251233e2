import fc from 'fast-check'
import type { Ask, Case } from './cases'

/** Entries that all run: every column with what stands in real files. */
const PORTS = [7001, 7002, 7003, 7004, 7005, 7006]

const program = fc.constantFrom(
  '/usr/bin/perl perl /mnt/tell.pl',
  '/usr/bin/perl second /mnt/tell.pl x y',
  '/usr/bin/perl x/y /mnt/tell.pl',
  '/usr/sbin/tcpd /usr/bin/perl /mnt/tell.pl',
  '/usr/sbin/tcpd ../bin/perl /mnt/tell.pl a',
  '/bin/echo echo hello',
)

const entry = fc
  .record({
    port: fc.constantFrom(...PORTS),
    host: fc.constantFrom('', '', '', '127.0.0.1:', '127.0.0.2:', '127.0.0.1,127.0.0.2:', '*:', '127.1:'),
    family: fc.constantFrom('', '', '4', '6', '46'),
    isDatagram: fc.nat({ max: 4 }).map((number) => number === 0),
    isWaiting: fc.boolean(),
    limit: fc.constantFrom('', '', '.10'),
    user: fc.constantFrom('nobody', 'root', 'desk', 'nobody.daemon', 'desk:tty', 'root.daemon', 'nosuch'),
    program,
  })
  .map(({ port, host, family, isDatagram, isWaiting, limit, user, program: rest }) => {
    // /bin/echo takes no connection by itself, and tcpd lets no program do so.
    const wait = isDatagram || (isWaiting && rest.startsWith('/usr/bin/perl')) ? 'wait' : 'nowait'
    const kind = isDatagram ? `dgram udp${family.slice(0, 1)}` : `stream tcp${family}`
    const words = isDatagram ? '/usr/bin/perl perl /mnt/tell.pl' : rest
    return `${host}${port} ${kind} ${wait}${limit} ${user} ${words}\n`
  })

const asks: readonly Ask[] = PORTS.flatMap((port) => [
  { protocol: 'tcp', address: '127.0.0.1', port, source: '127.0.0.1' },
  { protocol: 'tcp', address: '127.0.0.1', port, source: '127.0.0.2' },
  { protocol: 'tcp', address: '127.0.0.2', port, source: '127.0.0.1' },
  { protocol: 'tcp', address: '::1', port, source: '::1' },
])

export const cases: fc.Arbitrary<Case> = fc
  .array(entry, { minLength: 3, maxLength: 6 })
  .map((lines) => ({ name: 'generated', dialect: 'openbsd', text: lines.join(''), asks }))
