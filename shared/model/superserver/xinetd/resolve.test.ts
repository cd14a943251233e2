import { describe, expect, it } from 'vitest'
import { xinetdState } from '../fixtures.test-support'
import { resolve } from './resolve'

const telnet = (...lines: readonly string[]) =>
  `service telnet\n{\n${['socket_type = stream', 'wait = no', 'user = root', 'server = /bin/cat', ...lines].map((line) => `\t${line}\n`).join('')}}\n`

const only = (text: string, defaults = '') => {
  const resolution = resolve(xinetdState(`${defaults}${text}`))
  const [service] = resolution.services
  if (service === undefined) throw new Error('no service')
  return { ...service, exits: resolution.exits, codes: service.diagnostics.map(({ code }) => code) }
}

describe('what xinetd makes of a configuration', () => {
  it('fills in what a service does not say', () => {
    const service = only(
      telnet('only_from += 10.0.0.0/8'),
      'defaults\n{\n\tonly_from = 192.168.0.0/16\n\tinstances = 60\n}\n',
    )
    expect(service).toMatchObject({
      id: 'telnet',
      state: 'enabled',
      protocol: 'tcp',
      port: 23,
      path: '/etc/xinetd.conf',
      line: 6,
    })
    expect(service.settings).toMatchObject({
      only_from: { values: ['192.168.0.0/16', '10.0.0.0/8'], origin: 'own', at: { line: 12 } },
      instances: { values: ['60'], origin: 'defaults', at: { line: 4 } },
      cps: { values: ['50', '10'], origin: 'builtin', at: null },
      server: { values: ['/bin/cat'], origin: 'own' },
    })
  })

  it.each([
    ['unheard_of = 1', 'enabled', 'unknownAttribute'],
    ['user = nobody', 'enabled', 'alreadySet'],
    ['port += 23', 'enabled', 'operatorNotAllowed'],
    ['bind = 10.0.0.1 10.0.0.2', 'enabled', 'wrongCount'],
    ['nice = 5 # gently', 'enabled', 'inlineComment'],
    ['instances = many', 'refused', 'badValue'],
    ['flags = DISABLE', 'refused', 'badValue'],
    ['group = staff', 'refused', 'badValue'],
    ['access_times = 22:00-06:00', 'refused', 'badValue'],
    ['only_from = 10.0.0.1,10.0.0.2', 'refused', 'badValue'],
    ['nice=5', 'refused', 'malformedLine'],
    ['nice', 'refused', 'malformedLine'],
    ['port = 24', 'refused', 'portDiffers'],
    ['log_on_success = TRAFFIC', 'refused', 'trafficWithoutRedirect'],
    ['flags = NAMEINARGS', 'refused', 'nameInArgsWithoutArgs'],
    ['type = INTERNAL', 'refused', 'unknownInternal'],
  ])('%s: %s, %s', (line, state, code) => {
    const service = only(telnet(line))
    expect(service.state).toBe(state)
    expect(service.codes).toEqual([code])
    expect(service.diagnostics[0]?.effect).toBe(state === 'refused' ? 'serviceRefused' : 'lineIgnored')
  })

  it('names line and column of a mistake', () => {
    const [diagnostic] = only(telnet('instances = many')).diagnostics
    expect(diagnostic).toMatchObject({
      path: '/etc/xinetd.conf',
      line: 7,
      column: 2,
      params: { attribute: 'instances', value: 'many' },
    })
  })

  it('refuses what lacks a needed attribute', () => {
    expect(only('service telnet\n{\n\tsocket_type = stream\n\twait = no\n\tuser = root\n}\n').codes).toEqual([
      'missingAttribute',
    ])
    expect(
      only('service unheard\n{\n\tsocket_type = stream\n\twait = no\n\tuser = root\n\tserver = /bin/cat\n}\n')
        .codes,
    ).toEqual(['portUnknown'])
  })

  it('knows disable, and the lists of defaults', () => {
    expect(only(telnet('disable = yes', 'instances = many', 'id = old'))).toMatchObject({
      id: 'old',
      state: 'disabled',
      codes: ['badValue'],
    })
    expect(only(telnet(), 'defaults\n{\n\tdisabled = telnet\n}\n')).toMatchObject({
      state: 'disabled',
      codes: ['disabledByDefaults'],
    })
    expect(only(telnet(), 'defaults\n{\n\tenabled = echo\n}\n')).toMatchObject({
      state: 'disabled',
      codes: ['notInEnabled'],
    })
    expect(only(telnet(), 'defaults\n{\n\tenabled = echo telnet\n}\n')).toMatchObject({
      state: 'enabled',
      codes: [],
    })
  })

  it('says that a bad value in defaults ends the daemon', () => {
    expect(only(telnet(), 'defaults\n{\n\tinstances = many\n}\n').exits).toBe(true)
    expect(only(telnet(), 'defaults\n{\n\tnice = 1\n}\n').exits).toBe(false)
  })

  it('says that a carriage return spoils the last value', () => {
    const service = only(telnet().replaceAll('\n', '\r\n'))
    expect(service.state).toBe('refused')
    expect(new Set(service.codes)).toEqual(new Set(['carriageReturn']))
  })

  it('reads a directory by strcmp and leaves out names with a dot or a tilde', () => {
    const state = xinetdState('includedir /etc/xinetd.d\n', {
      zeta: telnet('id = z'),
      Alpha: telnet('id = A'),
      'old.rpmsave': telnet('id = dot'),
      'backup~': telnet('id = tilde'),
    })
    const resolution = resolve(state)
    expect(resolution.services.map(({ id }) => id)).toEqual(['A', 'z'])
    expect(resolution.diagnostics.map(({ code, path }) => [code, path])).toEqual([
      ['fileNameSkipped', '/etc/xinetd.d/backup~'],
      ['fileNameSkipped', '/etc/xinetd.d/old.rpmsave'],
    ])
  })

  it('gives a block its place among those of one id', () => {
    const services = resolve(xinetdState(telnet('disable = yes') + telnet())).services
    expect(services.map(({ id, occurrence, line, state }) => [id, occurrence, line, state])).toEqual([
      ['telnet', 0, 1, 'disabled'],
      ['telnet', 1, 9, 'enabled'],
    ])
  })

  it('survives a file that includes itself', () => {
    const resolution = resolve(xinetdState('include /etc/xinetd.conf\ninclude /etc/xinetd.conf\n'))
    expect(resolution.exits).toBe(true)
    expect(resolution.diagnostics.some(({ code }) => code === 'includeLoop')).toBe(true)
  })
})
