import { describe, expect, it } from 'vitest'
import { encode } from '../../../shared/codec'
import { readClock, readLog } from './read-log'

const clock = { now: 1_795_456_000, offset: 0, zone: null }
const piece = (name: string, text = '') => ({ name, bytes: encode(text) })
const start = (id: string, second: number) =>
  `26/11/23@17:${String(Math.floor(second / 60)).padStart(2, '0')}:${String(second % 60).padStart(2, '0')}: START: ${id}`

describe('the log that a script told', () => {
  it('is none where the script was not asked', () => {
    expect(readLog([piece('configuration', '/etc/xinetd.conf')], clock)).toBeNull()
  })

  it('tells of each place what became of it', () => {
    const log = readLog(
      [
        piece('log', 'journal '),
        piece('logPermission'),
        piece('log', 'syslog /var/log/syslog'),
        piece('logNotices'),
        piece('logLines'),
        piece('log', 'file /var/log/a b'),
        piece('logMissing'),
        piece('log', 'file /dev'),
        piece('logNotRegular'),
        // Its end never came.
        piece('log', 'file /var/log/c'),
        piece('logNotices'),
      ],
      clock,
    )
    expect(log?.places).toEqual([
      { kind: 'journal', path: '', status: 'permission' },
      { kind: 'syslog', path: '/var/log/syslog', status: 'read' },
      { kind: 'file', path: '/var/log/a b', status: 'missing' },
      { kind: 'file', path: '/dev', status: 'notRegular' },
      { kind: 'file', path: '/var/log/c', status: 'failed' },
    ])
  })

  it('keeps what a quiet service did last beside a busy one', () => {
    const lines = [
      start('quiet', 1),
      ...Array.from({ length: 2000 }, (_, at) => start('busy', 2 + (at % 3000))),
    ]
    const log = readLog([piece('log', 'file /x'), piece('logLines', lines.join('\n'))], clock)
    expect(log?.entries.filter(({ id }) => id === 'quiet')).toHaveLength(1)
    expect(log?.entries.filter(({ id }) => id === 'busy')).toHaveLength(60)
    expect(log?.entries.at(-1)?.at).toBe(Date.parse('2026-11-23T17:33:21Z') / 1000)
  })

  it('counts a line once that syslogd wrote into two files, and each of two that are alike', () => {
    const line = 'Nov 23 17:00:01 h xinetd[1]: START: a'
    const log = readLog(
      [
        piece('log', 'syslog /var/log/syslog'),
        piece('logLines', `${line}\n${line}\n`),
        piece('log', 'syslog /var/log/daemon.log'),
        piece('logLines', `${line}\n${line}\n`),
      ],
      clock,
    )
    expect(log?.entries).toHaveLength(2)
  })

  it('has messages of the daemon once, by their time, without those of each reload', () => {
    const said = (second: number, text: string) => `179545590${second}.5 h xinetd[49]: ${text}`
    const pause = said(
      5,
      'Deactivating service a due to excessive incoming connections.  Restarting in 9 seconds.',
    )
    const log = readLog(
      [
        piece('log', 'journal '),
        piece(
          'logNotices',
          [said(1, '2.3.15.3 started with libwrap options compiled in.'), pause].join('\n'),
        ),
        piece('logLines', [said(3, 'readjusting service a'), pause, said(6, 'START: a')].join('\n')),
      ],
      clock,
    )
    expect(log?.messages.map(({ text }) => text.split(' ')[0])).toEqual(['2.3.15.3', 'Deactivating'])
    expect(log?.entries).toHaveLength(1)
  })
})

describe('the host’s clock', () => {
  it.each([
    ['1795456000 18:26 +0530\n', '/usr/share/zoneinfo/Asia/Kolkata\n', 19_800, 'Asia/Kolkata'],
    ['1795456000 18:26 -0330\n', 'America/St_Johns\n', -12_600, 'America/St_Johns'],
    ['1795456000 18:26 +0000\n', '/usr/share/zoneinfo/posix/Etc/UTC\n', 0, 'Etc/UTC'],
    ['1795456000 18:26 +0100\n', '', 3600, null],
  ])('%j %j', (said, zone, offset, name) => {
    expect(readClock(said, zone)).toEqual({ now: 1_795_456_000, offset, zone: name })
  })

  it('is not known where date says something else', () => {
    expect(readClock('%s %H:%M %z', '')).toBeNull()
  })
})
