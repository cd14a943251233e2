import { describe, expect, it } from 'vitest'
import { logEntryOf, parseLogLines, type LogLine } from '../../../probe/xinetd-log'
import { connectionsOf } from './connections'

const clock = { now: 1_795_456_000, offset: 0, zone: null }
/** As the log stands there: what is of connections, and the rest. */
function told(text: string) {
  const lines = parseLogLines(text, clock)
  const entries = lines.flatMap((line) => logEntryOf(line) ?? [])
  const messages: readonly LogLine[] = lines.filter((line) => logEntryOf(line) === null)
  return connectionsOf({ places: [], entries, messages })
}
const file = (...lines: readonly string[]) => lines.map((line) => `26/11/23@17:42:${line}`).join('\n')
const journal = (...lines: readonly string[]) =>
  lines.map((line) => `1795455760.5 h xinetd${line}`).join('\n')

describe('a connection', () => {
  it('that was let in, and its end', () => {
    const [only, ...others] = told(
      file('41: START: a pid=71 from=::ffff:127.0.0.1', '44: EXIT: a status=0 pid=71 duration=3(sec)'),
    )
    expect(others).toEqual([])
    expect(only).toMatchObject({
      at: Date.parse('2026-11-23T17:42:41Z') / 1000,
      from: '127.0.0.1',
      outcome: { kind: 'ended', status: 0, signal: null },
      seconds: 3,
    })
  })

  it.each([
    ['of a file', file('41: START: a pid=67 from=::1', '41: FAIL: a address from=::1', '41: EXIT: a pid=67')],
    [
      'of a file in which it wrote first',
      file('41: FAIL: a address from=::1', '41: START: a pid=67 from=::1', '41: EXIT: a status=0 pid=67'),
    ],
    [
      'of syslog, where it wrote first',
      journal('[67]: FAIL: a address from=::1', '[49]: START: a pid=67 from=::1', '[49]: EXIT: a pid=67'),
    ],
    ['of a file without pids', file('41: START: a', '42: FAIL: a address', '42: EXIT: a duration=1(sec)')],
    [
      'of syslog, whatever else came from there',
      journal(
        '[49]: START: a pid=66 from=::1',
        '[49]: START: a pid=67 from=::1',
        '[67]: FAIL: a address from=::1',
        '[49]: EXIT: a status=0 pid=67',
      ),
    ],
  ])('that a child refused is one, %s', (_, text) => {
    const refused = told(text).filter(({ outcome }) => outcome.kind === 'refused')
    expect(refused).toHaveLength(1)
    expect(refused[0]).toMatchObject({ outcome: { reason: 'address' }, seconds: null })
    expect(told(text).filter(({ outcome }) => outcome.kind === 'ended')).toEqual([])
  })

  it('that the daemon refused has no server, and takes nothing of another', () => {
    const all = told(
      file(
        '41: START: a from=10.0.0.1',
        '42: FAIL: a service_limit from=10.0.0.1',
        '50: EXIT: a duration=9(sec)',
      ),
    )
    expect(all.map(({ outcome }) => outcome.kind)).toEqual(['ended', 'refused'])
  })

  it('whose end is not told from another’s stays without', () => {
    const all = told(file('41: START: a', '42: START: a', '43: EXIT: a duration=1(sec)'))
    expect(all.map(({ outcome }) => outcome.kind)).toEqual(['letIn', 'letIn'])
  })

  it('that xinetd answered by itself has no end to wait for', () => {
    const all = told(file('41: START: a pid=0 from=::1', '42: START: a pid=0 from=::1'))
    expect(all.map(({ pid, outcome }) => [pid, outcome.kind])).toEqual([
      [0, 'letIn'],
      [0, 'letIn'],
    ])
  })

  it('has what its child said, who the user is, and what went through', () => {
    const [one, two] = told(
      journal(
        '[49]: START: a pid=91 from=::1',
        '[91]: USERID: a UNIX :li',
        '[91]: execv( /etc/hostname ) failed: Exec format error (errno = 8)',
        '[49]: START: b pid=92 from=::1',
        '[92]: TRAFFIC: b in=5(bytes) out=3(bytes)',
        '[49]: EXIT: b status=0 pid=92',
        '[49]: Started working: 10 available services',
      ),
    )
    expect(one).toMatchObject({
      outcome: { kind: 'notStarted' },
      user: 'UNIX :li',
      notes: ['execv( /etc/hostname ) failed: Exec format error (errno = 8)'],
    })
    expect(two).toMatchObject({ traffic: { received: 5, sent: 3 }, notes: [] })
  })

  it('whose host would not say who it is, is refused', () => {
    const [only] = told(journal('[49]: START: a pid=91 from=::1', '[91]: NOID: a ::1 timeout'))
    expect(only?.outcome).toEqual({ kind: 'refused', reason: 'identity' })
  })
})
