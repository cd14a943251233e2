import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { decode } from '../codec'
import type { HostClock } from './log-stamp'
import { logEntryOf, parseLogLines } from './xinetd-log'

const at = (iso: string): number => Date.parse(iso) / 1000
const clock: HostClock = { now: at('2026-11-23T17:45:00Z'), offset: 3600, zone: 'Europe/Paris' }
const said = at('2026-11-23T17:42:45Z')
const entryOf = (text: string) => logEntryOf({ at: 1, writer: 7, text })

describe('lines of the log', () => {
  it.each([
    ['26/11/23@18:42:45: START: busy pid=99', { at: said, writer: null, text: 'START: busy pid=99' }],
    // Months and days stand without a nought, and this one in summer time.
    ['26/7/4@18:42:45: x', { at: at('2026-07-04T16:42:45Z'), writer: null, text: 'x' }],
    ['26/11/23@18:42:45 xinetd[49]: ERROR: x', { at: said, writer: 49, text: 'ERROR: x' }],
    ['1795455765.659498 looker xinetd[49]: x', { at: said, writer: 49, text: 'x' }],
    ['2026-11-23T18:42:45+0100 looker xinetd[49]: x', { at: said, writer: 49, text: 'x' }],
    ['2026-11-23T18:42:45.123456+01:00 looker xinetd[49]: x', { at: said, writer: 49, text: 'x' }],
    ['Nov 23 18:42:45 looker xinetd[49]: x', { at: said, writer: 49, text: 'x' }],
    ['Jul  4 18:42:45 looker xinetd: x', { at: at('2026-07-04T16:42:45Z'), writer: null, text: 'x' }],
    // After now, so of last year.
    ['Dec 24 18:42:45 looker xinetd[49]: x', { at: at('2025-12-24T17:42:45Z'), writer: 49, text: 'x' }],
  ])('%s', (text, line) => {
    expect(parseLogLines(text, clock)).toEqual([line])
  })

  it.each([
    '',
    'pid=99 from=::ffff:127.0.0.1',
    'Nov 23 18:42:45 looker sshd[49]: xinetd[49]: START: x',
    'Nom 23 18:42:45 looker xinetd[49]: x',
    '26/11/23@99:99:99: START: x',
    '2026-13-41T99:99:99Z looker xinetd[1]: x',
    `26/11/23@18:42:45: ${'x'.repeat(5000)}`,
    '-- Logs begin at Mon 2026-11-23 --',
  ])('%j is none', (text) => {
    expect(parseLogLines(text, clock)).toEqual([])
  })
})

describe('what a line says of a connection', () => {
  it.each([
    ['START: busy', { kind: 'start', id: 'busy', pid: null, from: null }],
    [
      'START: busy pid=99 from=::ffff:127.0.0.1',
      { kind: 'start', id: 'busy', pid: 99, from: '::ffff:127.0.0.1' },
    ],
    ['START: udp pid=3 from=<no address>', { kind: 'start', id: 'udp', pid: 3, from: null }],
    ['START: v6 from=fe80::1%eth0', { kind: 'start', id: 'v6', pid: null, from: 'fe80::1%eth0' }],
    [
      'EXIT: busy status=1 pid=99 duration=62(sec)',
      { kind: 'exit', id: 'busy', status: 1, signal: null, pid: 99, seconds: 62 },
    ],
    ['EXIT: a signal=9', { kind: 'exit', id: 'a', status: null, signal: 9, pid: null, seconds: null }],
    ['EXIT: a duration=-1(sec)', { kind: 'exit', id: 'a', seconds: -1 }],
    ['FAIL: a address from=10.0.0.1', { kind: 'fail', id: 'a', reason: 'address', from: '10.0.0.1' }],
    ['FAIL: a address', { kind: 'fail', id: 'a', reason: 'address', from: null }],
    [
      'FAIL: a connections per second from=10.0.0.1',
      { kind: 'fail', id: 'a', reason: 'connections per second', from: '10.0.0.1' },
    ],
    ['FAIL: a moonshine from=10.0.0.1', { kind: 'fail', id: 'a', reason: 'other', from: '10.0.0.1' }],
    ['USERID: a UNIX :root', { kind: 'userId', id: 'a', text: 'UNIX :root' }],
    // What the client's host says is no line of the daemon's.
    ['USERID: a UNIX :START: b pid=1', { kind: 'userId', id: 'a', text: 'UNIX :START: b pid=1' }],
    ['NOID: a 10.0.0.1 timeout', { kind: 'noId', id: 'a', from: '10.0.0.1', text: 'timeout' }],
    ['TRAFFIC: r in=0(bytes) out=3(bytes)', { kind: 'traffic', id: 'r', received: 0, sent: 3 }],
    ['DATA: login root', { kind: 'data', id: 'login', text: 'root' }],
  ])('%s', (text, entry) => {
    expect(entryOf(text)).toMatchObject({ at: 1, writer: 7, ...entry })
  })

  it.each([
    'Started working: 10 available services',
    'START:',
    'EXIT: ',
    'FAIL: a',
    'start: a',
    'START: a b c',
  ])('%j says nothing of one', (text) => {
    expect(entryOf(text)).toBeNull()
  })

  it('whatever bytes there are, a line is one line at most, and its text is what stood there', () => {
    const hostile = fc.uint8Array({ maxLength: 200 }).map((bytes) => decode(bytes))
    fc.assert(
      fc.property(hostile, (text) => {
        const lines = parseLogLines(`26/11/23@18:42:45: ${text}`, { ...clock, zone: null })
        expect(lines[0]?.text).toBe(text.split('\n')[0])
        for (const line of lines) logEntryOf(line)
      }),
    )
  })
})
