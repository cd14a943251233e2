import { describe, expect, it } from 'vitest'
import type { Change } from '../change'
import { lowestFreeDisplay, obstacleTo, staleObstacles } from './displays'
import { debian, display } from './fixtures.test-support'
import { desktopIntentSchema } from './intent'
import { plan } from './plan'
import { checkProof } from './proof'
import type { DesktopState } from './state'

const start = (more: object = {}) =>
  desktopIntentSchema.parse({
    capability: 'desktop',
    kind: 'start',
    display: null,
    width: 1280,
    height: 800,
    depth: 24,
    ...more,
  })
const stop = (number: number, startTime = '186388') =>
  desktopIntentSchema.parse({
    capability: 'desktop',
    kind: 'stop',
    display: number,
    process: { pid: 1000 + number, startTime },
  })

function changeOf(answer: ReturnType<typeof plan>): Change {
  if (!answer.ok) throw new Error(JSON.stringify(answer.problem))
  return answer.value
}
const words = (change: Change): string => JSON.stringify(change.parts[0]?.steps)
const refusal = (state: DesktopState, intent: ReturnType<typeof start>) => {
  const answer = plan(state, intent)
  return answer.ok ? null : answer.problem
}

describe('a display number', () => {
  it('is free when no lock, socket or port holds it', () => {
    const busy: DesktopState = {
      ...debian,
      displays: [display(1)],
      locks: [
        { display: 1, pid: 1001, program: 'Xtigervnc' },
        { display: 2, pid: 999, program: null },
        { display: 3, pid: 1, program: 'systemd' },
        { display: 7, pid: 70, program: 'Xorg' },
      ],
      sockets: [1, 4],
      ports: [5901, 5905, 6006],
    }
    expect(obstacleTo(busy, 1)).toMatchObject({ kind: 'running', pid: 1001 })
    expect(obstacleTo(busy, 2)).toMatchObject({ kind: 'staleLock', pid: 999 })
    expect(obstacleTo(busy, 3), 'the number was given to another program').toMatchObject({
      kind: 'staleLock',
    })
    expect(obstacleTo(busy, 4)).toEqual({ kind: 'staleSocket', path: '/tmp/.X11-unix/X4' })
    expect(obstacleTo(busy, 5)).toEqual({ kind: 'port', port: 5905 })
    expect(obstacleTo(busy, 6)).toEqual({ kind: 'port', port: 6006 })
    expect(obstacleTo(busy, 7)).toEqual({ kind: 'running', pid: 70, program: 'Xorg' })
    expect(lowestFreeDisplay(busy)).toBe(8)
    expect(staleObstacles(busy).map((one) => one.display)).toEqual([2, 3, 4])
  })
})

describe('a start', () => {
  it('takes the lowest free number, a socket of the login alone, and no root', () => {
    const change = changeOf(plan({ ...debian, displays: [display(1)] }, start()))
    expect(change.intent).toMatchObject({ display: 2 })
    expect(change.parts[0]?.need).toBe('none')
    expect(words(change)).toContain('"-rfbport","-1","-rfbunixpath","/home/desk/.vnc/display-2.sock"')
    expect(change.parts[0]?.proof.expect).toEqual({
      kind: 'running',
      display: 2,
      uid: 1013,
      endpoint: { kind: 'unix', path: '/home/desk/.vnc/display-2.sock' },
    })
  })

  it('goes to a port with a password where the server knows no sockets, and makes one where there is none', () => {
    const old: DesktopState = {
      ...debian,
      software: {
        ...debian.software,
        server: { path: '/usr/bin/Xvnc', product: 'TigerVNC', version: [1, 8, 0] },
        starter: { kind: 'classic', path: '/usr/bin/vncserver' },
      },
    }
    const change = changeOf(plan(old, start()))
    expect(change.parts[0]?.steps).toHaveLength(1)
    expect(words(change)).toContain('"-localhost","-SecurityTypes","VncAuth"')
    const without = { ...old, login: { ...old.login, hasPassword: false } }
    const made = changeOf(plan(without, start()))
    expect(made.parts[0]?.steps.map((step) => 'title' in step && step.title.key)).toEqual([
      'desktop.change.makePassword',
      'desktop.change.start',
    ])
    expect(refusal(old, start({ access: 'private' }))?.code).toBe('desktop.noUnixSocket')
    const tool = { ...without, software: { ...without.software, passwordTool: null } }
    expect(refusal(tool, start())?.code).toBe('desktop.noPasswordTool')
  })

  it('keeps off a socket path that is too long for a socket', () => {
    const folder = `/home/${'x'.repeat(100)}/.vnc`
    const change = changeOf(plan({ ...debian, login: { ...debian.login, folder } }, start()))
    expect(words(change)).not.toContain('-rfbunixpath')
  })

  it('is refused with the reason', () => {
    expect(refusal({ ...debian, displays: [display(5)] }, start({ display: 5 }))).toMatchObject({
      code: 'desktop.displayTaken',
      params: { display: 5, pid: 1005 },
    })
    expect(refusal({ ...debian, ports: [5905] }, start({ display: 5 }))?.code).toBe('desktop.portTaken')
    const bare = { ...debian, software: { server: null, starter: null, passwordTool: null } }
    expect(refusal(bare, start())?.code).toBe('desktop.noServer')
    const full = { ...debian, ports: Array.from({ length: 99 }, (_, at) => 5901 + at) }
    expect(refusal(full, start())?.code).toBe('desktop.noneFree')
  })
})

describe('a stop', () => {
  const one = display(1, { programs: [{ pid: 7, name: 'xterm' }], viewers: ['127.0.0.1:40412'] })
  const running: DesktopState = { ...debian, displays: [one] }

  it('cannot be taken back, and says what ends with it', () => {
    const change = changeOf(plan(running, stop(1)))
    expect(change.parts[0]?.steps.map(({ kind }) => kind)).toEqual(['oneWay'])
    expect(change.parts[0]?.disturbs[0]).toMatchObject({
      degree: 'sessions',
      what: { params: { programs: 'xterm' } },
      sessions: [{ peer: '127.0.0.1:40412' }],
    })
    expect(words(change)).toContain('"1001","186388","/usr/bin/tigervncserver","-kill",":1"')
  })

  it('is for the process that was shown, and its owner', () => {
    expect(refusal(running, stop(1, '999'))?.code).toBe('desktop.gone')
    const theirs = { ...debian, displays: [display(1, { owner: { uid: 7, name: 'pat' } })] }
    expect(refusal(theirs, stop(1))?.code).toBe('desktop.foreign')
    const root = { ...theirs, login: { ...debian.login, uid: 0, name: 'root' } }
    expect(words(changeOf(plan(root, stop(1))))).toContain('"kill","-TERM","1001"')
    const unit = {
      ...debian,
      displays: [display(1, { model: { kind: 'unit', unit: 'vncserver@:1.service' } })],
    }
    expect(refusal(unit, stop(1))?.code).toBe('desktop.unit')
  })
})

describe('a proof', () => {
  const endpoint = { kind: 'tcp', address: '127.0.0.1', port: 5901 } as const
  const up: DesktopState = {
    ...debian,
    displays: [display(1)],
    locks: [{ display: 1, pid: 1001, program: 'Xtigervnc' }],
    ports: [5901],
  }

  it('of a start holds for the login, the lock and the endpoint alone', () => {
    const proof = { kind: 'running', display: 1, uid: 1013, endpoint } as const
    expect(checkProof(up, proof)).toMatchObject({ holds: true, missing: [] })
    expect(checkProof(debian, proof).holds).toBe(false)
    expect(checkProof({ ...up, locks: [] }, proof).missing).toEqual(['/tmp/.X1-lock does not name pid 1001'])
    expect(checkProof(up, { ...proof, uid: 7 }).holds).toBe(false)
    expect(checkProof(up, { ...proof, endpoint: { kind: 'unix', path: '/x' } }).missing).toEqual([
      'does not listen on /x',
    ])
  })

  it('of a stop holds when process, lock and port are gone, or another desktop took the number', () => {
    const proof = { kind: 'gone', display: 1, pid: 1001, startTime: '186388', endpoint } as const
    expect(checkProof(up, proof).holds).toBe(false)
    expect(checkProof(debian, proof)).toMatchObject({ holds: true, missing: [] })
    expect(checkProof({ ...debian, ports: [5901] }, proof).missing).toEqual([
      'something listens on port 5901',
    ])
    const another = { ...up, displays: [display(1, { pid: 2001 })], locks: [] }
    expect(checkProof(another, proof).holds).toBe(true)
    expect(checkProof(debian, { kind: 'absent', display: 1 }).holds).toBe(true)
    expect(checkProof(up, { kind: 'absent', display: 1 }).holds).toBe(false)
  })
})
