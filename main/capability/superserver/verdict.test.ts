import { describe, expect, it } from 'vitest'
import { superserverProofSchema, type SuperserverState } from '../../../shared/model/superserver'
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
const dump = { version: '2.3.15.3', time: '', services: [a], servers: [], configuration: null }
const holder = { program: 'xinetd', pid: 812, fd: 5 }
const socket = { protocol: 'tcp', address: '*', device: null, port: 9001, holders: [holder] } as const
const state: SuperserverState = {
  ...hostWith(xinetdState('', { a: text }, { dump })),
  sockets: [socket, { ...socket, port: 22, holders: [{ program: 'sshd', pid: 3, fd: 3 }] }],
}
const proof = superserverProofSchema.parse({
  files: [{ path: '/etc/xinetd.d/a', digest: image(text).digest }],
  daemon: { pid: 812, startTime: '4711' },
  running: [{ id: 'a', protocol: 'tcp', port: 9001, attributes: { Instances: '5' } }],
  absent: ['b'],
  listening: [{ protocol: 'tcp', port: 9001 }],
  silent: [{ protocol: 'tcp', port: 9002 }],
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
    expect(verdict.evidence.length).toBe(6)
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
      /not read/,
    ],
    ['no daemon', proof, xinetd({ daemon: null }), /does not run/],
    ['another daemon', proof, xinetd({ daemon }), /pid 900/],
    ['the same number, another process', proof, xinetd({ daemon: { ...daemon, pid: 812 } }), /tick 5000/],
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
      { ...proof, running: [{ id: 'a', protocol: 'tcp', port: 9001, attributes: { Instances: '6' } }] },
      state,
      /Instances = 5 instead of 6/,
    ],
    ['a service that should be gone', { ...proof, absent: ['a'] }, state, /a: still Active/],
    [
      'a port of nobody',
      { ...proof, listening: [{ protocol: 'tcp' as const, port: 9003 }] },
      state,
      /tcp port 9003: not held/,
    ],
    [
      'a port of somebody else',
      { ...proof, listening: [{ protocol: 'tcp' as const, port: 22 }] },
      state,
      /tcp port 22: not held/,
    ],
    [
      'a port that should be free',
      { ...proof, silent: [{ protocol: 'tcp' as const, port: 9001 }] },
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

  it('asks for the files alone where xinetd did not run', () => {
    expect(judge({ ...proof, daemon: null }, xinetd({ daemon: null, dump: null }), 'applied').holds).toBe(
      true,
    )
  })
})
