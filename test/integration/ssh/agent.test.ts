import { execFile, spawn } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { access, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { connect, createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Duplex } from 'node:stream'
import { promisify } from 'node:util'
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest'
import type { AgentMachine, Environment } from '../../../main/ssh/environment'
import { closeTransports, emptyHome, hopTo, open, problemOf, scriptedAsker, untilState } from './harness'
import { sshKeygen, startSshd } from './local-sshd'
import type { LocalSshd } from './local-sshd'

const run = promisify(execFile)

let sshd: LocalSshd
let directory: string
let agent: ChildProcess
let socket: string
beforeAll(async () => {
  sshd = await startSshd(['MaxAuthTries 4'])
  directory = await mkdtemp(join(tmpdir(), 'wharfmaster-agent-'))
  socket = join(directory, 'agent.sock')
  agent = spawn('ssh-agent', ['-D', '-a', socket], { stdio: 'ignore' })
  await vi.waitFor(() => access(socket), 20_000)
})
afterAll(async () => {
  agent.kill('SIGTERM')
  await sshd.stop()
  await rm(directory, { recursive: true, force: true })
})
afterEach(async () => {
  closeTransports()
  await add('-D')
})

const add = (...args: readonly string[]) =>
  run('ssh-add', ['-q', ...args], { env: { ...process.env, SSH_AUTH_SOCK: socket } })

async function makeKey(name: string, ...how: readonly string[]): Promise<string> {
  const file = join(directory, name)
  await rm(file, { force: true })
  await sshKeygen('-q', ...(how.length > 0 ? how : ['-t', 'ed25519']), '-N', '', '-C', name, '-f', file)
  return file
}

async function authorize(...files: readonly string[]): Promise<void> {
  const lines = await Promise.all(files.map((file) => readFile(`${file}.pub`, 'utf8')))
  await writeFile(join(sshd.directory, 'authorized_keys'), lines.join(''))
}

async function envWithAgent() {
  return { ...(await emptyHome()), variables: { SSH_AUTH_SOCK: socket } }
}

describe('ssh-agent', () => {
  test.each([
    ['rsa', ['-t', 'rsa', '-b', '2048']],
    ['ecdsa', ['-t', 'ecdsa', '-b', '521']],
    ['ed25519', ['-t', 'ed25519']],
  ] as const)('signs with its %s key', async (name, how) => {
    const key = await makeKey(name, ...how)
    await authorize(key)
    await add(key)
    const transport = open([hopTo(sshd.port, [{ kind: 'agent' }])], { env: await envWithAgent() })
    await untilState(transport, 'up')
  })

  test('identities that cannot be used are told, and the next one signs in', async () => {
    const dsa = await makeKey('old-dsa', '-t', 'dsa')
    const good = await makeKey('good')
    const authority = await makeKey('ca')
    await sshKeygen('-q', '-s', authority, '-I', 'cert', '-n', 'root', `${good}.pub`)
    await authorize(good)
    await add(dsa)
    await add(good) // adds good-cert.pub as an identity of its own
    const transport = open([hopTo(sshd.port, [{ kind: 'agent' }])], { env: await envWithAgent() })
    const { notes } = await untilState(transport, 'up')
    expect(
      notes.filter(({ code }) => code === 'agentIdentityUnsupported').map(({ params }) => params),
    ).toEqual([
      { type: 'ssh-dss', comment: 'old-dsa' },
      { type: 'ssh-ed25519-cert-v01@openssh.com', comment: 'good' },
    ])
  })

  test('only the identities named are offered, so that a full agent does not use up the tries', async () => {
    const many = await Promise.all(['k1', 'k2', 'k3', 'k4', 'k5', 'k6'].map((name) => makeKey(name)))
    for (const key of many) await add(key)
    const last = many.at(-1) ?? ''
    await authorize(last)
    const all = await problemOf([hopTo(sshd.port, [{ kind: 'agent' }])], { env: await envWithAgent() })
    expect(all.code).toBe('ssh.tooManyAuthFailures')
    const transport = open([hopTo(sshd.port, [{ kind: 'agent', only: [last] }])], {
      env: await envWithAgent(),
    })
    await untilState(transport, 'up')
    expect(await sshd.log()).not.toContain('undefined')
  })

  test('a key that agent and file share is tried once', async () => {
    const key = await makeKey('twice')
    await authorize()
    await add(key)
    const problem = await problemOf([hopTo(sshd.port, [{ kind: 'agent' }, { kind: 'key', path: key }])], {
      env: await envWithAgent(),
    })
    expect(problem.code).toBe('ssh.authFailed')
    expect(problem.notes?.filter(({ code }) => code === 'keyRefused')).toHaveLength(1)
  })

  test('an agent that wants consent and does not get it is told of; other keys go on', async () => {
    const refused = await makeKey('confirm')
    const good = await makeKey('after')
    await authorize(refused, good)
    await add('-c', refused) // no askpass here, so the agent refuses to sign
    const transport = open([hopTo(sshd.port, [{ kind: 'agent' }, { kind: 'key', path: good }])], {
      env: await envWithAgent(),
    })
    const { notes } = await untilState(transport, 'up')
    expect(notes).toContainEqual({
      code: 'agentRefusedToSign',
      params: { key: 'confirm', why: 'the agent refuses' },
    })
  })
})

/** ssh-agent in the place of Pageant, reached by the ways of Windows; not by Windows itself. */
describe('Pageant', () => {
  const hash = 'c0ffee00'.repeat(8)
  const windows = async (agents: Partial<AgentMachine>): Promise<Environment> => ({
    ...(await emptyHome()),
    platform: 'win32',
    user: 'Ann',
    agents: {
      connect: () => Promise.reject(new Error('ENOENT')),
      pipes: () => Promise.resolve([]),
      pageantHelper: () => join(directory, 'no-helper'),
      ...agents,
    },
  })
  const toSocket = (): Promise<Duplex> =>
    new Promise((resolve, reject) => {
      const stream = connect(socket, () => resolve(stream)).once('error', reject)
    })

  test('is found by its named pipe, and signs', async () => {
    const key = await makeKey('pipe')
    await authorize(key)
    await add(key)
    const asked: string[] = []
    const env = await windows({
      pipes: () =>
        Promise.resolve([
          'lsass',
          `pageant.Bob.${hash}`,
          'pageant.Ann.short',
          `pageant.Ann.${hash}`,
          'spoolss',
        ]),
      connect: (path) => {
        asked.push(path)
        return path.includes('pageant') ? toSocket() : Promise.reject(new Error('ENOENT'))
      },
    })
    await untilState(open([hopTo(sshd.port, [{ kind: 'agent' }])], { env }), 'up')
    const pipe = `\\\\.\\pipe\\pageant.Ann.${hash}`
    expect(asked).toEqual(['\\\\.\\pipe\\openssh-ssh-agent', pipe, pipe])
  })

  test('an older one is asked by a program that gets the length of the request', async () => {
    const key = await makeKey('messages')
    await authorize(key)
    await add(key)
    const helper = join(directory, 'pagent')
    const program = [
      '#!/bin/sh',
      `exec ${process.execPath} -e '`,
      'const socket = require("net").connect(process.argv[1])',
      'let left = Number(process.argv[2])',
      'process.stdin.on("data", (chunk) => { left -= chunk.length; socket.write(chunk) })',
      'socket.on("data", (chunk) => process.stdout.write(chunk, () => process.exit(left)))',
      `' ${socket} "$1"`,
    ]
    await writeFile(helper, `${program.join('\n')}\n`, { mode: 0o755 })
    const env = await windows({ pageantHelper: () => helper })
    await untilState(open([hopTo(sshd.port, [{ kind: 'agent', socket: 'pageant' }])], { env }), 'up')
  })

  test('that is not there is told of when it was asked for', async () => {
    const problem = await problemOf([hopTo(sshd.port, [{ kind: 'agent', socket: 'pageant' }])], {
      env: await windows({}),
    })
    expect(problem.notes).toContainEqual({
      code: 'agentUnreachable',
      params: { agent: 'Pageant', why: 'ENOENT' },
    })
  })
})

describe('an agent that', () => {
  test('is not there is told of, and the next method is tried', async () => {
    const good = await makeKey('file')
    await authorize(good)
    const gone = join(directory, 'gone.sock')
    const env = { ...(await emptyHome()), variables: { SSH_AUTH_SOCK: gone } }
    const transport = open([hopTo(sshd.port, [{ kind: 'agent' }, { kind: 'key', path: good }])], { env })
    const { notes } = await untilState(transport, 'up')
    expect(notes).toContainEqual({
      code: 'agentUnreachable',
      params: { agent: gone, why: expect.any(String) },
    })
  })

  test.each([
    ['claims two gigabytes', Buffer.from([0x7f, 0xff, 0xff, 0xff, 12])],
    ['claims more keys than it sends', Buffer.from([0, 0, 0, 5, 12, 0, 0, 0xff, 0xff])],
    ['answers with noise', Buffer.from('HTTP/1.1 200 OK\r\n\r\n')],
  ])('%s is not believed', async (name, bytes) => {
    const good = await makeKey('noise')
    await authorize(good)
    const path = join(directory, `${name.replace(/ /g, '-')}.sock`)
    const server = createServer((peer) => {
      peer.on('error', () => undefined) // it is hung up on
      peer.write(bytes)
    })
    await new Promise<void>((resolve) => server.listen(path, resolve))
    const route = [
      hopTo(sshd.port, [
        { kind: 'agent', socket: path },
        { kind: 'key', path: good },
      ]),
    ]
    const transport = open(route, { env: await emptyHome() })
    const { notes } = await untilState(transport, 'up')
    expect(notes.map(({ code }) => code)).toContain('agentUnreachable')
    server.close()
  })
})

test('nothing to offer is a problem that says what the server takes and what was skipped', async () => {
  const problem = await problemOf(
    [
      hopTo(sshd.port, [{ kind: 'password' }, { kind: 'key', path: '/nowhere/key' }], {
        unsupported: [
          {
            option: 'ProxyCommand nc %h %p',
            file: '/home/me/.ssh/config',
            line: 7,
            when: 'told',
            methods: [],
            kind: 'unsupported',
          },
        ],
      }),
    ],
    { env: await emptyHome(), asker: scriptedAsker() },
  )
  expect(problem).toMatchObject({
    code: 'ssh.authFailed',
    host: 'harbor',
    params: { user: 'root', offered: 'publickey' },
  })
  const notes = (problem.notes ?? []).map(({ code, params }) => [code, ...Object.values(params)].join(' '))
  expect(notes).toContainEqual(expect.stringContaining('/nowhere/key'))
  expect(notes).toContain('methodNotOffered password')
  expect(notes).toContain('optionUnsupported ProxyCommand nc %h %p /home/me/.ssh/config 7')
})

describe('a way to sign in that the system-wide configuration adds and this client lacks', () => {
  const gssapi = {
    option: 'GSSAPIAuthentication yes',
    file: '/etc/ssh/ssh_config',
    line: 53,
    when: 'silent',
    methods: ['gssapi-with-mic'],
    kind: 'unsupported',
  } as const
  const told = { code: 'optionUnsupported', params: { option: gssapi.option, file: gssapi.file, line: 53 } }

  test('is not told while another way leads in, and told when the server takes it and nothing else did', async () => {
    const kerberos = await startSshd(['GSSAPIAuthentication yes'])
    try {
      const hop = (path: string) => [hopTo(kerberos.port, [{ kind: 'key', path }], { unsupported: [gssapi] })]
      const up = await untilState(open(hop(kerberos.keyFile), { env: await emptyHome() }), 'up')
      expect(up.notes).toEqual([])
      const problem = await problemOf(hop('/nowhere/key'), { env: await emptyHome() })
      expect(problem.params['offered']).toContain('gssapi-with-mic')
      expect(problem.notes).toContainEqual(told)
    } finally {
      await kerberos.stop()
    }
    const problem = await problemOf(
      [hopTo(sshd.port, [{ kind: 'key', path: '/nowhere/key' }], { unsupported: [gssapi] })],
      { env: await emptyHome() },
    )
    expect(problem.notes).not.toContainEqual(told)
  })
})
