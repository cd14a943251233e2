import { describe, expect, it } from 'vitest'
import { hostsAccess } from '../../../lens/hosts-access'
import { admit } from './admit'
import type { AdmissionContext } from './request'
import { from, nothingElse, serviceOf, telnet } from './services.test-support'

const outcome = (lines: readonly string[], address: string, more: Partial<AdmissionContext> = {}) => {
  const { verdict, by } = admit(telnet(...lines), from(address), { ...nothingElse, ...more })
  return [verdict, by?.rule ?? null]
}

describe('whether a client gets in', () => {
  it.each([
    [[], '10.1.2.3', 'allowed', null],
    [['only_from = 10.0.0.0/8'], '10.1.2.3', 'allowed', 'only_from'],
    [['only_from = 10.0.0.0/8'], '::ffff:10.1.2.3', 'allowed', 'only_from'],
    [['only_from = 10.0.0.0/8'], '192.0.2.1', 'refused', 'only_from'],
    [['only_from ='], '10.1.2.3', 'refused', 'only_from'],
    [['no_access ='], '10.1.2.3', 'allowed', null],
    [['only_from = 300.1.1.1'], '10.1.2.3', 'refused', 'only_from'],
    // The closer match does not win, whatever xinetd.conf(5) says.
    [['only_from = 10.1.2.3', 'no_access = 10.0.0.0'], '10.1.2.3', 'refused', 'no_access'],
    [['only_from = ::/0'], '10.1.2.3', 'allowed', 'only_from'],
    [['only_from = ::/0', 'flags = IPv4'], '10.1.2.3', 'refused', 'only_from'],
    [['only_from = ::'], 'fd00::1', 'refused', 'only_from'],
    [['only_from = fd00::1/128'], 'fd00::1', 'refused', 'only_from'],
    [['flags = IPv4'], 'fd00::1', 'refused', 'socket'],
    [['v6only = no'], '10.1.2.3', 'refused', 'socket'],
    [['bind = 127.0.0.1'], '::1', 'refused', 'socket'],
    [[], 'no address', 'refused', 'socket'],
    [['disable = yes'], '10.1.2.3', 'refused', 'running'],
    [['instances = 0', 'per_source = 0', 'only_from ='], '10.1.2.3', 'refused', 'instances'],
    [['per_source = 0', 'access_times = 8:00-11:59'], '10.1.2.3', 'refused', 'access_times'],
    [['access_times = 8:00-9:00 11:00-12:00'], '10.1.2.3', 'allowed', null],
    [['flags = SENSOR', 'deny_time = 5'], '10.1.2.3', 'refused', 'sensor'],
    [['flags = IDONLY', 'log_on_success = USERID'], '10.1.2.3', 'unknown', 'identity'],
    [['flags = IDONLY'], '10.1.2.3', 'allowed', null],
  ] as const)('%j from %s: %s by %s', (lines, address, verdict, rule) => {
    expect(outcome(lines, address)).toEqual([verdict, rule])
  })

  it.each([
    [{ pause: { until: 9 } }, 'pause'],
    [{ load: 2 }, 'max_load'],
    [{ running: { service: 3, address: 0 } }, 'instances'],
    [{ running: { service: 2, address: 2 } }, 'per_source'],
    [{ processes: { running: 9, limit: 9 } }, 'processes'],
    [{ banned: ['::ffff:10.1.2.3'] }, 'banned'],
    [{ banned: ['10.1.2.0'] }, 'banned'],
  ] as const)('%j refuses by %s', (more, rule) => {
    const lines = ['max_load = 2', 'instances = 3', 'per_source = 2']
    expect(outcome(lines, '10.1.2.3', { load: 1, ...more })).toEqual(['refused', rule])
  })

  it('does not guess', () => {
    const service = telnet('only_from = .example.org 10.0.0.1')
    const judged = admit(service, from('192.0.2.1', null), nothingElse)
    expect(judged.verdict).toBe('unknown')
    expect(judged.by?.outcome).toMatchObject({ needs: ['hostName'], words: ['.example.org'] })
    expect(admit(service, from('10.0.0.1', null), nothingElse).verdict).toBe('allowed')
    expect(admit(service, from('192.0.2.1', 'a.example.org'), nothingElse).verdict).toBe('allowed')
    expect(outcome(['max_load = 2'], '10.1.2.3', { load: null })).toEqual(['unknown', 'max_load'])
    expect(outcome(['max_load = 2'], '10.1.2.3', { load: 3, build: null })).toEqual(['unknown', 'max_load'])
    expect(outcome([], '10.1.2.3', { wrappers: null })).toEqual(['unknown', 'libwrap'])
  })

  it('a later refusal is certain, whatever is open before', () => {
    const deny = hostsAccess.parse('cat: ALL\n')
    const wrappers = { allow: hostsAccess.parse(''), deny }
    const judged = admit(telnet('only_from = .org'), from('192.0.2.1', null), { ...nothingElse, wrappers })
    expect([judged.verdict, judged.by?.rule]).toEqual(['refused', 'libwrap'])
    expect(judged.by?.outcome).toMatchObject({ place: { file: 'deny', line: 1 } })
  })

  it('asks whether a name in the list resolved', () => {
    const judge = (resolved: AdmissionContext['resolved'], networks = {}) =>
      admit(telnet('only_from = www.example.org'), from('127.0.0.0', 'WWW.example.org'), {
        ...nothingElse,
        resolved,
        networks,
      }).verdict
    expect(judge({})).toBe('unknown')
    expect(judge({ 'www.example.org': true })).toBe('allowed')
    expect(judge({ 'www.example.org': false })).toBe('refused')
    expect(judge({ 'www.example.org': false }, { 'www.example.org': '127' })).toBe('allowed')
  })

  it('names the word and its line, and what was not reached', () => {
    const { by, checks } = admit(
      telnet('no_access = 192.0.2.1 10.0.0.0', 'only_from = 10.0.0.0'),
      from('10.1.2.3'),
      nothingElse,
    )
    expect(by).toMatchObject({
      rule: 'no_access',
      outcome: { word: '10.0.0.0' },
      setting: { origin: 'own', at: { line: 7 } },
    })
    expect(checks.map(({ rule, outcome }) => `${rule} ${outcome.kind}`)).toEqual([
      'running passed',
      'socket passed',
      'cps passed',
      'no_access refused',
      'only_from notReached',
      'libwrap notReached',
    ])
  })

  it('a server that accepts by itself is started for nobody known', () => {
    const waiting = (...lines: readonly string[]) =>
      serviceOf('telnet', 'socket_type = stream', 'wait = yes', 'user = root', 'server = /bin/cat', ...lines)
    const rule = (service: ReturnType<typeof waiting>, more: Partial<AdmissionContext> = {}) => {
      const { verdict, by } = admit(service, from('10.1.2.3'), { ...nothingElse, ...more })
      return [verdict, by?.rule ?? null]
    }
    expect(rule(waiting('no_access = 0.0.0.0'))).toEqual(['allowed', null])
    expect(rule(waiting('only_from = 0.0.0.0'))).toEqual(['refused', 'only_from'])
    expect(rule(waiting(), { running: { service: 1, address: 0 } })).toEqual(['unknown', 'wait'])
    expect(rule(waiting('flags = INTERCEPT'))).toEqual(['refused', 'intercept'])
  })

  it('a client of tcpmux has passed the daemon already', () => {
    const service = serviceOf(
      'game',
      'type = TCPMUX UNLISTED',
      'socket_type = stream',
      'protocol = tcp',
      'wait = no',
      'user = root',
      'server = /bin/cat',
      'instances = 0',
    )
    expect(admit(service, from('10.1.2.3'), nothingElse).checks.map(({ rule }) => rule)).toEqual([
      'running',
      'libwrap',
    ])
  })
})
