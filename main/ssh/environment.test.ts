import { describe, expect, test } from 'vitest'
import {
  agentPlaces,
  defaultIdentityFiles,
  expandTilde,
  globalKnownHostsFiles,
  isAbsolutePath,
  systemConfigFile,
  userConfigFile,
  userKnownHostsFiles,
} from './environment'
import type { Environment } from './environment'

const linux: Environment = {
  platform: 'linux',
  home: '/home/ann',
  user: 'ann',
  hostname: 'pc',
  variables: {},
}
const mac: Environment = { ...linux, platform: 'darwin', home: '/Users/ann' }
const windows: Environment = {
  ...linux,
  platform: 'win32',
  home: 'C:\\Users\\Ann Li',
  variables: { ProgramData: 'D:\\Data' },
}

describe('paths are those that OpenSSH uses on each platform', () => {
  test.each([
    [
      linux,
      '/home/ann/.ssh/config',
      '/etc/ssh/ssh_config',
      '/home/ann/.ssh/known_hosts',
      '/etc/ssh/ssh_known_hosts',
    ],
    [
      mac,
      '/Users/ann/.ssh/config',
      '/etc/ssh/ssh_config',
      '/Users/ann/.ssh/known_hosts',
      '/etc/ssh/ssh_known_hosts',
    ],
    [
      windows,
      'C:\\Users\\Ann Li\\.ssh\\config',
      'D:\\Data\\ssh\\ssh_config',
      'C:\\Users\\Ann Li\\.ssh\\known_hosts',
      'D:\\Data\\ssh\\ssh_known_hosts',
    ],
  ])('$platform', (env, user, system, known, global) => {
    expect(userConfigFile(env)).toBe(user)
    expect(systemConfigFile(env)).toBe(system)
    expect(userKnownHostsFiles(env)[0]).toBe(known)
    expect(globalKnownHostsFiles(env)[0]).toBe(global)
    expect(defaultIdentityFiles(env)[2]?.endsWith('id_ed25519')).toBe(true)
  })

  test('without ProgramData, Windows has its usual place', () => {
    expect(systemConfigFile({ ...windows, variables: {} })).toBe('C:\\ProgramData\\ssh\\ssh_config')
  })

  test('a tilde is this user’s home and nobody else’s', () => {
    expect(expandTilde(linux, '~/.ssh/id')).toBe('/home/ann/.ssh/id')
    expect(expandTilde(linux, '~')).toBe('/home/ann')
    expect(expandTilde(linux, '~bob/id')).toBe('~bob/id')
    expect(expandTilde(linux, '~\\id')).toBe('~\\id')
    expect(expandTilde(windows, '~/.ssh/id')).toBe('C:\\Users\\Ann Li\\.ssh\\id')
    expect(expandTilde(windows, '~\\.ssh\\id')).toBe('C:\\Users\\Ann Li\\.ssh\\id')
  })

  test('absolute is what each platform calls so', () => {
    expect(['/x', 'x', 'C:\\x', '\\x'].map((path) => isAbsolutePath(linux, path))).toEqual([
      true,
      false,
      false,
      false,
    ])
    expect(
      ['/x', 'x', 'C:\\x', 'c:/x', '\\\\host\\x', 'C:x'].map((path) => isAbsolutePath(windows, path)),
    ).toEqual([true, false, true, true, true, false])
  })
})

describe('agents are looked for where each platform has them', () => {
  const pipe = { kind: 'socket', path: '\\\\.\\pipe\\openssh-ssh-agent' }
  const socket = { kind: 'socket', path: '/tmp/agent' }

  test('by SSH_AUTH_SOCK on Linux and Mac, and nowhere without it', () => {
    for (const env of [linux, mac]) {
      expect(agentPlaces(env)).toEqual([])
      expect(agentPlaces({ ...env, variables: { SSH_AUTH_SOCK: '/tmp/agent' } })).toEqual([socket])
      expect(agentPlaces({ ...env, variables: { SSH_AUTH_SOCK: '' } })).toEqual([])
    }
  })

  test('on Windows by the pipe of OpenSSH, then Pageant', () => {
    expect(agentPlaces(windows)).toEqual([pipe, { kind: 'pageant' }])
    expect(agentPlaces({ ...windows, variables: { SSH_AUTH_SOCK: pipe.path } })).toEqual([
      pipe,
      { kind: 'pageant' },
    ])
    expect(agentPlaces({ ...windows, variables: { SSH_AUTH_SOCK: '/tmp/agent' } })).toEqual([
      socket,
      pipe,
      { kind: 'pageant' },
    ])
  })

  test('or where IdentityAgent says', () => {
    const env = { ...linux, variables: { SSH_AUTH_SOCK: '/tmp/agent', OTHER: '/tmp/other' } }
    expect(agentPlaces(env, 'none')).toEqual([])
    expect(agentPlaces(env, 'SSH_AUTH_SOCK')).toEqual([socket])
    expect(agentPlaces(env, '$OTHER')).toEqual([{ kind: 'socket', path: '/tmp/other' }])
    expect(agentPlaces(env, '$UNSET')).toEqual([])
    expect(agentPlaces(env, '~/agent.sock')).toEqual([{ kind: 'socket', path: '/home/ann/agent.sock' }])
    expect(agentPlaces(windows, 'pageant')).toEqual([{ kind: 'pageant' }])
  })
})
