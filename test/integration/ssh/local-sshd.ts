import { execFile, spawn } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { chmod, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { connect, createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'

const run = promisify(execFile)

/** OpenSSH's own server on loopback, with its own configuration, keys and port; root signs in by key. */
export interface LocalSshd {
  readonly port: number
  readonly directory: string
  /** A private key that may sign in as root. */
  readonly keyFile: string
  readonly hostKeyFile: (type: 'ed25519' | 'ecdsa' | 'rsa') => string
  log(): Promise<string>
  stop(): Promise<void>
}

export async function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer()
    server.on('error', reject)
    server.listen(0, '127.0.0.1', () => {
      const address = server.address()
      server.close(() => resolve(typeof address === 'object' && address !== null ? address.port : 0))
    })
  })
}

export async function sshKeygen(...args: readonly string[]): Promise<string> {
  const { stdout } = await run('ssh-keygen', [...args])
  return stdout
}

/** @param options lines of sshd_config; they come first, and sshd takes the first of each. */
export async function startSshd(options: readonly string[] = []): Promise<LocalSshd> {
  const directory = await mkdtemp(join(tmpdir(), 'wharfmaster-sshd-'))
  await mkdir('/run/sshd', { recursive: true })
  const hostKeyFile = (type: string) => join(directory, `host_${type}`)
  const keyFile = join(directory, 'id')
  const keys = [
    ['ed25519', hostKeyFile('ed25519'), 'host'],
    ['ecdsa', hostKeyFile('ecdsa'), 'host'],
    // The usual 3072 bits are several times as long to find.
    ['rsa', hostKeyFile('rsa'), 'host', '-b', '2048'],
    ['ed25519', keyFile, 'user'],
  ] as const
  for (const [type, file, comment, ...more] of keys)
    await sshKeygen('-q', '-t', type, ...more, '-N', '', '-C', comment, '-f', file)
  const authorized = join(directory, 'authorized_keys')
  await writeFile(authorized, await readFile(`${keyFile}.pub`))
  await chmod(authorized, 0o600)
  const port = await freePort()
  const config = [
    ...options,
    `Port ${port}`,
    'ListenAddress 127.0.0.1',
    ...['ed25519', 'ecdsa', 'rsa'].map((type) => `HostKey ${hostKeyFile(type)}`),
    `AuthorizedKeysFile ${authorized}`,
    `PidFile ${join(directory, 'pid')}`,
    'PermitRootLogin yes',
    'StrictModes no',
    'UsePAM no',
    'PasswordAuthentication no',
    'KbdInteractiveAuthentication no',
    ...(options.some((line) => line.startsWith('Subsystem ')) ? [] : ['Subsystem sftp internal-sftp']),
    'PrintMotd no',
    'AcceptEnv LANG WM_*',
    // Not the rc files of whoever runs the tests.
    `SetEnv HOME=${directory}`,
    'LogLevel VERBOSE',
    'MaxStartups 100',
  ]
  await writeFile(join(directory, 'sshd_config'), `${config.join('\n')}\n`)
  const logFile = join(directory, 'log')
  const sshd = ['/usr/sbin/sshd', '-D', '-f', join(directory, 'sshd_config'), '-E', logFile]
  // Should the tests be ended from outside, it goes with them.
  const child = spawn('setpriv', ['--pdeathsig', 'TERM', ...sshd], { stdio: 'ignore' })
  await waitForPort(port, child, logFile)
  return {
    port,
    directory,
    keyFile,
    hostKeyFile,
    log: () => readFile(logFile, 'utf8'),
    async stop() {
      const ended = new Promise((resolve) => child.once('exit', resolve))
      if (child.exitCode === null) {
        child.kill('SIGTERM')
        await ended
      }
      await rm(directory, { recursive: true, force: true })
    },
  }
}

async function waitForPort(port: number, child: ChildProcess, logFile: string): Promise<void> {
  for (let attempt = 0; attempt < 100; attempt++) {
    if (child.exitCode !== null) {
      throw new Error(`sshd ended: ${await readFile(logFile, 'utf8').catch(() => '')}`)
    }
    const answers = await new Promise<boolean>((resolve) => {
      const socket = connect(port, '127.0.0.1')
      socket.on('connect', () => {
        socket.destroy()
        resolve(true)
      })
      socket.on('error', () => resolve(false))
    })
    if (answers) return
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
  throw new Error('sshd does not listen')
}
