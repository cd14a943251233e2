import { describe, expect, it } from 'vitest'
import { resolve, type DaemonLog, type SuperserverState } from '../../../../shared/model/superserver'
import { hostWith, xinetdState } from '../../../../shared/model/superserver/fixtures.test-support'
import { rowsOf } from './rows'

const service = 'service echo\n{\n\ttype = INTERNAL\n\tsocket_type = stream\n\twait = no\n\tuser = root\n}\n'
const silent: DaemonLog = { places: [], entries: [], messages: [] }
const pause = 'Deactivating service echo due to excessive incoming connections.  Restarting in 30 seconds.'

function rowOf(state: string, log: DaemonLog | null) {
  const xinetd = xinetdState(
    service,
    {},
    {
      log,
      dump: {
        version: '',
        time: '',
        defaults: {},
        configuration: null,
        servers: [],
        services: [{ name: 'echo', id: 'echo', state, protocol: 'tcp', port: 7, attributes: {}, running: 0 }],
      },
    },
  )
  const host: SuperserverState = hostWith(xinetd)
  const [row] = rowsOf(host, resolve(xinetd))
  return row
}

describe('a row of the table', () => {
  it.each([
    ['runs', 'Active', silent, 'yes', null],
    ['is paused, nobody knows how long', 'Disabled', silent, 'paused', null],
    ['is paused, and its log was not read', 'Disabled', null, 'paused', null],
    [
      'is paused until then',
      'Disabled',
      { ...silent, messages: [{ at: 1000.5, writer: 7, text: pause }] },
      'paused',
      1030.5,
    ],
    ['runs again', 'Active', { ...silent, messages: [{ at: 1000, writer: 7, text: pause }] }, 'yes', null],
    [
      'could not be opened again',
      'Disabled',
      { ...silent, messages: [{ at: 1000, writer: 7, text: 'Error activating service echo' }] },
      'differs',
      null,
    ],
  ] as const)('%s', (_, state, log, running, pausedUntil) => {
    expect(rowOf(state, log)).toMatchObject({ running, pausedUntil })
  })

  it('has the last of its connections', () => {
    const start = { kind: 'start', id: 'echo', writer: 7, pid: 0 } as const
    const entries = [
      { ...start, at: 1, from: '::ffff:10.0.0.1' },
      { ...start, at: 2, from: '::ffff:10.0.0.2' },
      { ...start, id: 'other', at: 3, from: null },
    ]
    expect(rowOf('Active', { ...silent, entries })?.last).toMatchObject({ at: 2, from: '10.0.0.2' })
    expect(rowOf('Active', silent)?.last).toBeNull()
  })
})
