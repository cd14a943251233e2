import { describe, expect, it } from 'vitest'
import { connectionSteps } from './connection-steps'
import { nothingElse, serviceOf, telnet } from './services.test-support'

const kinds = (service: ReturnType<typeof telnet>) =>
  connectionSteps(service, nothingElse).map(({ by, kind }) => `${by} ${kind}`)

describe('what happens on a connection', () => {
  it('with all that a service can say, in the order of the daemon', () => {
    const service = telnet(
      'flags = NODELAY KEEPALIVE',
      'group = tty',
      'groups = yes',
      'umask = 077',
      'nice = -3',
      'banner = /b',
      'banner_success = /s',
      'banner_fail = /f',
      'rlimit_as = 500M',
      'rlimit_cpu = UNLIMITED',
      'rlimit_data = 0',
      'only_from = 127.0.0.1',
      'no_access = 10.0.0.1',
      'access_times = 0:00-23:59',
      'max_load = 2.5',
      'instances = 9',
      'per_source = 2',
      'env = A=b',
      'log_on_success = PID HOST USERID',
      'log_on_failure = HOST',
    )
    // As strace(1) of the real daemon shows it.
    expect(kinds(service)).toEqual([
      'start socket',
      'start bind',
      'start listen',
      'daemon select',
      'daemon accept',
      'daemon banner',
      'daemon cps',
      'daemon max_load',
      'daemon access_times',
      'daemon instances',
      'daemon per_source',
      'daemon fork',
      'daemon log',
      'child setgid',
      'child groups',
      'child setuid',
      'child umask',
      'child nice',
      'child banned',
      'child no_access',
      'child only_from',
      'child libwrap',
      'child banner',
      'child identity',
      'child environment',
      'child dup2',
      'child rlimits',
      'child setsid',
      'child exec',
      'child refuse',
    ])
    const steps = connectionSteps(service, nothingElse)
    const step = (kind: string) => steps.find((one) => one.kind === kind)
    expect(step('socket')).toMatchObject({ family: 6, v6only: false, noDelay: true, keepAlive: true })
    expect(step('bind')).toMatchObject({ address: null, port: 23 })
    expect(step('cps')).toMatchObject({ rate: 50, pause: 10, from: { cps: { origin: 'builtin' } } })
    expect(step('groups')).toMatchObject({ initgroups: true })
    expect(step('nice')).toMatchObject({ value: -3, works: false })
    expect(step('rlimits')).toMatchObject({
      limits: [
        { resource: 'as', value: 500 * 1024 * 1024 },
        { resource: 'cpu', value: null },
      ],
    })
    expect(step('environment')).toMatchObject({ base: 'all', added: ['A=b'] })
    expect(step('exec')).toMatchObject({ path: '/bin/cat', argv: ['cat'] })
    expect(step('refuse')).toMatchObject({ log: ['HOST'], banner: '/f' })
  })

  it.each([
    [telnet(), 'cat', ['cat']],
    [
      telnet('flags = NAMEINARGS', 'server_args = /usr/sbin/in.telnetd -h'),
      'in.telnetd',
      ['/usr/sbin/in.telnetd', '-h'],
    ],
    [telnet('server_args = -u'), 'cat', ['cat', '-u']],
    [telnet('libwrap = other'), 'other', ['cat']],
    [telnet('redirect = 127.0.0.1 24'), 'telnet', null],
  ])('what libwrap and the server are called', (service, daemon, argv) => {
    const steps = connectionSteps(service, nothingElse)
    expect(steps.find(({ kind }) => kind === 'libwrap')).toMatchObject({ daemon })
    const exec = steps.find((step) => step.kind === 'exec')
    expect(exec?.kind === 'exec' ? exec.argv : null).toEqual(argv)
  })

  it('a short answer needs no process, and a sensor has none', () => {
    const daytime = ['type = INTERNAL', 'socket_type = stream', 'wait = no', 'user = root']
    expect(kinds(serviceOf('daytime', ...daytime, 'flags = NOLIBWRAP'))).toEqual([
      'start socket',
      'start bind',
      'start listen',
      'daemon select',
      'daemon accept',
      'daemon cps',
      'daemon banned',
      'daemon internal',
      'daemon refuse',
    ])
    expect(kinds(telnet('flags = SENSOR')).slice(-2)).toEqual(['daemon sensor', 'daemon refuse'])
    expect(kinds(serviceOf('echo', ...daytime))).toContain('daemon fork')
  })

  it('without libwrap compiled in it is not asked', () => {
    const build = { version: '2.3.15', options: ['loadavg'] }
    const steps = connectionSteps(telnet(), { ...nothingElse, build })
    expect(steps.map(({ kind }) => kind)).not.toContain('libwrap')
  })
})
