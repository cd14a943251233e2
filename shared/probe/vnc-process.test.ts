import { describe, expect, it } from 'vitest'
import { parseHostClock, parseProcessStat, startedAt } from './vnc-process'
import { parseConnections } from './vnc-viewers'

const stat = (name: string) =>
  `88 (${name}) S 87 88 88 0 -1 4194560 7792 663 37 1 3 5 0 0 20 0 1 0 186388 245690368 19267 18446744073709551615 1 2`

describe('a process', () => {
  it('is read from its stat line, whatever its name', () => {
    expect(parseProcessStat(stat('Xtigervnc'))).toEqual({
      pid: 88,
      name: 'Xtigervnc',
      parent: 87,
      startTime: '186388',
    })
    expect(parseProcessStat(stat('a) R 1 (b'))).toMatchObject({
      name: 'a) R 1 (b',
      parent: 87,
      startTime: '186388',
    })
    expect(parseProcessStat('')).toBeNull()
  })

  it('started when its ticks say', () => {
    const clock = parseHostClock('1763873003\n100\n')
    expect(clock).toEqual({ boot: 1763873003, ticks: 100 })
    expect(clock === null ? 0 : startedAt(clock, '186388')).toBe(1763874866880)
  })
})

describe('connections', () => {
  it('are read by local port', () => {
    expect(
      parseConnections(
        '0      0          127.0.0.1:5903      127.0.0.1:40412\n0 0 [::1]:5903 [::1]:53330\n\n',
      ),
    ).toEqual([
      { port: 5903, peer: '127.0.0.1:40412' },
      { port: 5903, peer: '[::1]:53330' },
    ])
  })
})
