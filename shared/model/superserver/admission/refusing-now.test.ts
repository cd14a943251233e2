import { describe, expect, it } from 'vitest'
import type { XinetdDump } from '../../../probe/xinetd-dump'
import { bansAt, logEvents, pauseIn } from './log-events'
import type { Evidence, Moment } from './refusing-now'
import { refusingNow } from './refusing-now'
import { telnet } from './services.test-support'
import { isOpenAt, minutesUntilOpen } from './times'

const line = (at: number, text: string) => ({ at, writer: 7, text })
const started = line(1, 'NOTICE: 2.3.15.3 started with libwrap loadavg options compiled in.')
const paused = line(
  100,
  'ERROR: Deactivating service telnet due to excessive incoming connections.  Restarting in 10 seconds.',
)
const banned = line(
  200,
  'CRITICAL: 7 {process_sensor} Adding ::ffff:10.1.2.3 to the global_no_access list for 5 minutes',
)

const dumpOf = (state: string, ...peers: readonly string[]): XinetdDump => ({
  version: '',
  time: '',
  defaults: {},
  configuration: null,
  services: [
    { name: 'telnet', id: 'telnet', state, protocol: 'tcp', port: 23, attributes: {}, running: peers.length },
  ],
  servers: peers.map((address, pid) => ({ id: 'telnet', pid, started: '', peer: { address, port: 1 } })),
})

const listening = [{ protocol: 'tcp', address: '*', device: null, port: 23, holders: [] }] as const
const sound: Evidence = { alive: true, dump: dumpOf('Active'), sockets: listening, log: [] }
const moment: Moment = { build: null, ipv6: true, load: 1, now: 205, minute: 720, address: '10.1.2.3' }

const why = (lines: readonly string[], evidence: Partial<Evidence>, more: Partial<Moment> = {}) =>
  refusingNow(telnet(...lines), { ...sound, ...evidence }, { ...moment, ...more })

describe('why a port refuses right now', () => {
  it('nothing says so', () => {
    expect(why([], {})).toEqual([])
  })

  it.each([
    [[], { alive: false }, [{ kind: 'daemonDown' }]],
    [['disable = yes'], {}, [{ kind: 'disabled' }]],
    [['nice = x'], {}, [{ kind: 'refused' }]],
    [[], { dump: { ...dumpOf('Active'), services: [] } }, [{ kind: 'notLoaded' }]],
    [[], { sockets: [] }, [{ kind: 'nothingListens' }]],
    [[], { dump: dumpOf('Disabled'), log: [paused] }, [{ kind: 'cps', until: 110, seconds: 10 }]],
    [[], { dump: dumpOf('Disabled') }, [{ kind: 'cps', until: null, seconds: 10 }]],
    [
      [],
      { dump: dumpOf('Disabled'), log: [paused, line(110, 'ERROR: Error activating service telnet')] },
      [{ kind: 'resumeFailed', at: 110 }],
    ],
    [[], { dump: dumpOf('Suspended') }, [{ kind: 'stuck' }]],
    [['max_load = 1'], {}, [{ kind: 'max_load', load: 1, limit: 1 }]],
    [['access_times = 8:00-11:00 13:30-14:00'], {}, [{ kind: 'access_times', opensIn: 90 }]],
    [
      ['instances = 2', 'per_source = 2'],
      { dump: dumpOf('Active', '::ffff:10.1.2.3', '10.1.2.3') },
      [
        { kind: 'instances', running: 2, limit: 2 },
        { kind: 'per_source', address: '10.1.2.3', running: 2, limit: 2 },
      ],
    ],
    [['per_source = 1'], { dump: dumpOf('Active', '10.9.9.9') }, []],
    [[], { log: [banned] }, [{ kind: 'banned', address: '::ffff:10.1.2.3', until: 500, atLatest: 560 }]],
    // The list of an IPv6 socket has no address of IPv4.
    [['flags = IPv4'], { log: [banned] }, []],
    [[], { log: [banned, started] }, []],
  ] as const)('%j %#', (lines, evidence, reasons) => {
    expect(why(lines, evidence)).toEqual(reasons)
  })

  it('whoever is refused', () => {
    const dump = dumpOf('Active', '10.9.9.9', '10.1.2.3')
    expect(why(['per_source = 1'], { dump }, { address: null })).toHaveLength(2)
  })
})

describe('the log', () => {
  it('tells the pauses of one service', () => {
    const events = logEvents([started, paused, line(105, 'ERROR: Activating service telnet')])
    expect(pauseIn(events, 'telnet')).toBeNull()
    expect(pauseIn(events.slice(0, 2), 'telnet')).toEqual({ kind: 'cps', until: 110 })
    expect(pauseIn(events.slice(0, 2), 'other')).toBeNull()
  })

  it('does not believe what a client had written into it', () => {
    const said = 'Bad line received from identity server at 10.0.0.9: '
    const lines = [banned, paused].map(({ at, text }) => line(at, `${said}${text}`))
    expect(logEvents(lines)).toEqual([])
  })

  it('tells bans, until the daemon has looked', () => {
    const events = logEvents([banned, line(1, 'Adding 10.0.0.1 to the global_no_access list for -1 minutes')])
    expect(bansAt(events, 559).map(({ until }) => until)).toEqual([500, null])
    expect(bansAt(events, 560).map(({ address }) => address)).toEqual(['10.0.0.1'])
  })
})

describe('access_times', () => {
  it.each([
    [['8:00-9:00'], 480, true, 0],
    [['8:00-9:00'], 540, true, 0],
    [['8:00-9:00'], 541, false, 1379],
    [['8:00-9:00', '10:00-10:30'], 541, false, 59],
    [[], 0, false, null],
  ] as const)('%j at minute %i', (intervals, minute, open, until) => {
    expect(isOpenAt(intervals, minute)).toBe(open)
    expect(minutesUntilOpen(intervals, minute)).toBe(until)
  })
})
