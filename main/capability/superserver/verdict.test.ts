import { describe, expect, it } from 'vitest'
import { superserverProofSchema, type SuperserverState, type Watch } from '../../../shared/model/superserver'
import { hostWith, image, xinetdState } from '../../../shared/model/superserver/fixtures.test-support'
import { judge } from './verdict'

const text = 'service a\n{\n}\n'
const a = {
  name: 'a',
  id: 'a',
  state: 'Active',
  protocol: 'tcp',
  port: 9001,
  attributes: { Instances: '5', wait: 'no' },
  running: 0,
}
const dump = {
  version: '2.3.15.3',
  time: '',
  defaults: { Instances: '7' },
  services: [a],
  servers: [],
  configuration: null,
}
const holder = { program: 'xinetd', pid: 812, fd: 5 }
const socket = { protocol: 'tcp', address: '*', device: null, port: 9001, holders: [holder] } as const
const state: SuperserverState = {
  ...hostWith(xinetdState('', { a: text }, { dump })),
  sockets: [socket, { ...socket, port: 22, holders: [{ program: 'sshd', pid: 3, fd: 3 }] }],
}
const proof = superserverProofSchema.parse({
  files: [{ path: '/etc/xinetd.d/a', digest: image(text).digest }],
  xinetd: {
    daemon: { pid: 812, startTime: '4711' },
    defaults: { Instances: '7' },
    running: [{ id: 'a', protocol: 'tcp', port: 9001, attributes: { Instances: '5' } }],
    absent: ['b'],
    listening: [{ protocol: 'tcp', port: 9001 }],
    silent: [{ protocol: 'tcp', port: 9002 }],
  },
  inetd: null,
})
const wanting = (more: Partial<NonNullable<typeof proof.xinetd>>): typeof proof => ({
  ...proof,
  xinetd: proof.xinetd === null ? null : { ...proof.xinetd, ...more },
})
const xinetd = (more: Partial<NonNullable<SuperserverState['xinetd']>>): SuperserverState => ({
  ...state,
  xinetd: state.xinetd === null ? null : { ...state.xinetd, ...more },
})
const daemon = { pid: 900, startTime: '5000', argv: [], pidfile: null }

describe('what the daemon says', () => {
  it('holds, with a line for each thing that was looked at', () => {
    const verdict = judge(proof, state, 'applied')
    expect(verdict).toMatchObject({ holds: true, missing: [] })
    expect(verdict.evidence.length).toBe(7)
  })

  it.each([
    [
      'another file',
      { ...proof, files: [{ path: '/etc/xinetd.d/a', digest: 'f'.repeat(64) }] },
      state,
      /SHA-256/,
    ],
    [
      'a file that is gone',
      { ...proof, files: [{ path: '/etc/xinetd.d/x', digest: 'f'.repeat(64) }] },
      state,
      /no such file/,
    ],
    ['no daemon', proof, xinetd({ daemon: null }), /does not run/],
    ['another daemon', proof, xinetd({ daemon }), /pid 900/],
    ['the same number, another process', proof, xinetd({ daemon: { ...daemon, pid: 812 } }), /tick 5000/],
    [
      'other defaults',
      wanting({ defaults: { CPS: 'max conn:9 wait:1' } }),
      state,
      /defaults: CPS = not said/,
    ],
    ['no dump', proof, xinetd({ dump: null }), /no account/],
    [
      'a service that is off',
      proof,
      xinetd({ dump: { ...dump, services: [{ ...a, state: 'Disabled' }] } }),
      /a tcp\/9001: Disabled/,
    ],
    [
      'a service on another port',
      proof,
      xinetd({ dump: { ...dump, services: [{ ...a, port: 1 }] } }),
      /not in the dump/,
    ],
    [
      'another value',
      wanting({
        running: [{ id: 'a', protocol: 'tcp', port: 9001, attributes: { Instances: '6' }, redirect: null }],
      }),
      state,
      /Instances = 5 instead of 6/,
    ],
    ['a service that should be gone', wanting({ absent: ['a'] }), state, /a: still Active/],
    [
      'a port of nobody',
      wanting({ listening: [{ protocol: 'tcp', port: 9003 }] }),
      state,
      /tcp port 9003: not held/,
    ],
    [
      'a port of somebody else',
      wanting({ listening: [{ protocol: 'tcp', port: 22 }] }),
      state,
      /tcp port 22: not held/,
    ],
    [
      'a port that should be free',
      wanting({ silent: [{ protocol: 'tcp', port: 9001 }] }),
      state,
      /still held by pid 812/,
    ],
  ])('does not hold: %s', (_, wanted, found, words) => {
    const verdict = judge(wanted, found, 'applied')
    expect(verdict.holds).toBe(false)
    expect(verdict.missing.join('\n')).toMatch(words)
  })

  it('holds after a rollback with a daemon that had to be started anew', () => {
    const restarted: SuperserverState = {
      ...xinetd({ daemon }),
      sockets: [{ ...socket, holders: [{ ...holder, pid: 900 }] }],
    }
    expect(judge(proof, restarted, 'restored').holds).toBe(true)
    expect(judge(proof, restarted, 'applied').holds).toBe(false)
  })

  it('is what the kernel says, for an inetd that tells nothing of itself', () => {
    const inetd = {
      dialect: 'openbsd' as const,
      daemon: { pid: 640, startTime: '900', argv: ['/usr/sbin/inetd'], pidfile: '/run/inetd.pid' },
      files: { '/etc/inetd.conf': { kind: 'file' as const, ...image('a') } },
      names: { services: null, protocols: null, users: null, groups: null, rpc: null, programs: {} },
      owner: null,
    }
    const held = { ...socket, port: 7, holders: [{ program: 'inetd', pid: 640, fd: 4 }] }
    const of = { ...state, inetd, sockets: [...state.sockets, held] }
    const wanted: typeof proof = {
      files: [{ path: '/etc/inetd.conf', digest: image('a').digest }],
      xinetd: null,
      inetd: {
        daemon: { pid: 640, startTime: '900' },
        listening: [{ protocol: 'tcp', port: 7 }],
        silent: [{ protocol: 'tcp', port: 9001 }],
      },
      systemd: null,
      failover: null,
      control: null,
      boot: null,
    }
    expect(judge(wanted, of, 'applied')).toMatchObject({ holds: true, missing: [] })
    expect(judge(wanted, { ...of, sockets: state.sockets }, 'applied').missing).toEqual([
      'tcp port 7: not held by inetd',
    ])
    const other = { ...inetd, daemon: { ...inetd.daemon, pid: 641 } }
    expect(judge(wanted, { ...of, inetd: other }, 'applied').missing).toContain(
      'inetd: pid 641, started at tick 900',
    )
    expect(judge(wanted, { ...of, inetd: { ...inetd, daemon: null } }, 'restored').missing).toEqual([
      'inetd does not run',
    ])
  })

  it('asks for the files alone where xinetd did not run', () => {
    expect(judge({ ...proof, xinetd: null }, xinetd({ daemon: null, dump: null }), 'applied').holds).toBe(
      true,
    )
  })

  it('is what systemd and the kernel say of a socket', () => {
    const path = '/etc/systemd/system/a.socket'
    const unit = {
      id: 'a.socket',
      description: '',
      active: true,
      fileState: 'enabled',
      accept: true,
      connections: 0,
      triggers: 'a@.service',
      path,
      listens: [{ protocol: 'tcp', address: '0.0.0.0', port: 9003 }],
    } as const
    const held = { ...socket, port: 9003, holders: [{ program: 'systemd', pid: 1, fd: 40 }] }
    const files = { [path]: { kind: 'file' as const, ...image('a') } }
    const of: SuperserverState = {
      ...state,
      units: [unit],
      systemd: { version: 252, names: [], files },
      sockets: [held],
    }
    const wanted: typeof proof = {
      files: [{ path, digest: image('a').digest }],
      xinetd: null,
      inetd: null,
      systemd: {
        held: [{ unit: 'a.socket', path, ports: [{ protocol: 'tcp', port: 9003 }] }],
        gone: ['b.socket'],
      },
      failover: null,
      control: null,
      boot: null,
    }
    expect(judge(wanted, of, 'applied')).toMatchObject({ holds: true, missing: [] })
    const others: readonly (readonly [SuperserverState, RegExp])[] = [
      [{ ...of, units: [] }, /a\.socket: not loaded/],
      [{ ...of, units: [{ ...unit, active: false }] }, /not active/],
      [{ ...of, units: [{ ...unit, fileState: 'disabled' }] }, /disabled/],
      [{ ...of, units: [{ ...unit, path: '/run/systemd/system/a.socket' }] }, /\/run/],
      [{ ...of, units: [{ ...unit, listens: [] }] }, /does not listen/],
      [{ ...of, units: [unit, { ...unit, id: 'b.socket' }] }, /b\.socket: still active/],
      [
        { ...of, sockets: [{ ...held, holders: [{ program: 'xinetd', pid: 812, fd: 5 }] }] },
        /not held by systemd/,
      ],
      [{ ...of, systemd: { version: 252, names: [], files: {} } }, /no such file/],
    ]
    for (const [other, said] of others) {
      const verdict = judge(wanted, other, 'applied')
      expect(verdict.holds).toBe(false)
      expect(verdict.missing.join('\n')).toMatch(said)
    }
  })

  it('of a redirection that changes by itself wants its timer and a round, or no trace of either', () => {
    const name = 'wharfmaster-failover-gate'
    const unit = { id: `${name}.timer`, active: true, fileState: 'enabled', path: '', result: 'success' }
    const report = { roundAt: 9, active: null, failed: 0, good: [], switched: null, trouble: null }
    const watch: Watch = { name, settings: null, timer: unit, service: null, report }
    const of = (...watches: readonly Watch[]): SuperserverState => ({
      ...state,
      failover: { ...state.failover, watches },
    })
    const wanted = (on: boolean, by: 'systemd' | 'cron' = 'systemd'): typeof proof => ({
      files: [],
      xinetd: null,
      inetd: null,
      systemd: null,
      failover: { name, by, on },
      control: null,
      boot: null,
    })
    expect(judge(wanted(true), of(watch), 'applied').missing).toEqual([])
    expect(judge(wanted(false), of(), 'applied').missing).toEqual([])
    const cron = {
      ...of({ ...watch, timer: null }),
      failover: { ...of({ ...watch, timer: null }).failover, cron: true },
    }
    expect(judge(wanted(true, 'cron'), cron, 'applied').missing).toEqual([])
    const others: readonly (readonly [boolean, 'systemd' | 'cron', Watch, RegExp])[] = [
      [true, 'systemd', { ...watch, timer: null }, /not loaded/],
      [true, 'systemd', { ...watch, timer: { ...unit, active: false } }, /not active/],
      [true, 'systemd', { ...watch, timer: { ...unit, fileState: 'disabled' } }, /disabled/],
      [true, 'systemd', { ...watch, report: null }, /no round was made/],
      [true, 'systemd', { ...watch, report: { ...report, trouble: 'file' } }, /cannot read the file/],
      [true, 'cron', watch, /no cron runs/],
      [false, 'systemd', { ...watch, report: null }, /timer: active/],
      [false, 'systemd', { ...watch, timer: null }, /still known/],
    ]
    for (const [on, by, one, told] of others)
      expect(judge(wanted(on, by), of(one), 'applied').missing.join('\n')).toMatch(told)
  })
})
