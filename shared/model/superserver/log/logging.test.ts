import { describe, expect, it } from 'vitest'
import { serviceOf, telnet } from '../admission/services.test-support'
import type { DaemonLog, LogPlace } from '../state'
import { loggingToAdd, silenceOf, unloggedOf } from './logging'

const logOf = (...places: readonly LogPlace[]): DaemonLog => ({ places, entries: [], messages: [] })
const journal = (status: LogPlace['status']): LogPlace => ({ kind: 'journal', path: '', status })
const file = (status: LogPlace['status']): LogPlace => ({ kind: 'file', path: '/var/log/t', status })
const syslog = (status: LogPlace['status']): LogPlace => ({
  kind: 'syslog',
  path: '/var/log/messages',
  status,
})
const toFile = ['log_type = FILE /var/log/t', 'log_on_failure = HOST']
const toSyslog = ['log_type = SYSLOG daemon info', 'log_on_failure = HOST']

describe('why nothing is known of connections', () => {
  it.each([
    [[], logOf(journal('read')), { kind: 'noLogType', path: '' }],
    [['log_on_success = HOST'], logOf(), { kind: 'noLogType', path: '' }],
    [['log_type = SYSLOG daemon'], logOf(journal('read')), { kind: 'nothingAsked', path: '' }],
    [toSyslog, null, { kind: 'notRead', path: '' }],
    [toSyslog, logOf(journal('read')), { kind: 'nothingYet', path: '' }],
    [toSyslog, logOf(journal('missing'), syslog('read')), { kind: 'nothingYet', path: '' }],
    [toSyslog, logOf(journal('permission')), { kind: 'permission', path: '' }],
    [toSyslog, logOf(journal('missing'), syslog('permission')), { kind: 'permission', path: '' }],
    [toSyslog, logOf(journal('missing')), { kind: 'noSyslog', path: '' }],
    [toFile, logOf(file('missing')), { kind: 'missing', path: '/var/log/t' }],
    [toFile, logOf(file('read')), { kind: 'nothingYet', path: '' }],
    [toFile, logOf(journal('read')), { kind: 'failed', path: '/var/log/t' }],
  ] as const)('%j', (lines, log, silence) => {
    expect(silenceOf(telnet(...lines), log)).toEqual(silence)
  })
})

describe('what the daemon is not asked to log', () => {
  it.each([
    [[], []],
    [toFile, ['letIn']],
    [
      ['log_type = SYSLOG daemon', 'log_on_success = PID'],
      ['refused', 'address', 'end'],
    ],
    [['log_type = SYSLOG daemon', 'log_on_success = HOST DURATION', 'log_on_failure = HOST'], []],
  ] as const)('%j', (lines, missing) => {
    expect(unloggedOf(telnet(...lines))).toEqual(missing)
  })

  it('is no end where xinetd answers by itself', () => {
    const clock = serviceOf(
      'daytime',
      'type = INTERNAL',
      'socket_type = stream',
      'wait = no',
      'user = root',
      'log_type = SYSLOG daemon',
      'log_on_success = HOST',
      'log_on_failure = HOST',
    )
    expect(unloggedOf(clock)).toEqual([])
    expect(loggingToAdd(clock)).toEqual({ log_on_success: ['HOST', 'PID'] })
  })

  it('is added to what it is', () => {
    expect(loggingToAdd(telnet('log_on_success = HOST USERID'))).toEqual({
      log_type: ['SYSLOG', 'daemon', 'info'],
      log_on_success: ['HOST', 'USERID', 'PID', 'EXIT', 'DURATION'],
      log_on_failure: ['HOST'],
    })
    expect(
      loggingToAdd(
        telnet(
          'log_type = FILE /x',
          'log_on_success = PID HOST EXIT DURATION',
          'log_on_failure = ATTEMPT HOST',
        ),
      ),
    ).toEqual({})
  })
})
