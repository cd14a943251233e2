import { readFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import {
  closeTransports,
  emptyHome,
  hopTo,
  open,
  problemOf,
  scriptedAsker,
  text,
  untilState,
  value,
} from './harness'
import { freePort, sshKeygen, startSshd } from './local-sshd'
import type { LocalSshd } from './local-sshd'

let sshd: LocalSshd
beforeAll(async () => {
  sshd = await startSshd()
})
afterAll(() => sshd.stop())
afterEach(closeTransports)

const key = () => ({ kind: 'key', path: sshd.keyFile }) as const
const bounds = { maxBytes: 1024 * 1024, timeoutMs: 10_000 }

describe('a first connection', () => {
  test('shows the fingerprints that ssh-keygen shows, saves the key, and does not ask again', async () => {
    const env = await emptyHome()
    const asker = scriptedAsker(undefined, () => 'accept-and-save')
    const transport = open([hopTo(sshd.port, [key()])], { env, asker })
    const up = await untilState(transport, 'up')
    expect(up.negotiated).toMatchObject({ kex: expect.stringMatching(/^curve25519/), hostKey: 'ssh-ed25519' })
    expect(up.negotiated.serverVersion).toMatch(/^SSH-2\.0-OpenSSH_/)
    const [asked] = asker.hostKeys
    const sha256 = await sshKeygen('-l', '-E', 'sha256', '-f', `${sshd.hostKeyFile('ed25519')}.pub`)
    const md5 = await sshKeygen('-l', '-E', 'md5', '-f', `${sshd.hostKeyFile('ed25519')}.pub`)
    expect(sha256.split(' ')[1]).toBe(asked?.sha256)
    expect(md5.split(' ')[1]).toBe(asked?.md5)
    const known = await readFile(join(env.home, '.ssh', 'known_hosts'), 'utf8')
    expect(known).toBe(
      `[127.0.0.1]:${sshd.port} ${(await readFile(`${sshd.hostKeyFile('ed25519')}.pub`, 'utf8')).split(' ').slice(0, 2).join(' ')}\n`,
    )
    const again = open([hopTo(sshd.port, [key()])], { env, asker })
    await untilState(again, 'up')
    expect(asker.hostKeys).toHaveLength(1)
  })

  test('is refused when the user refuses the key', async () => {
    const env = await emptyHome()
    const problem = await problemOf([hopTo(sshd.port, [key()])], {
      env,
      asker: scriptedAsker(undefined, () => 'refuse'),
    })
    expect(problem.code).toBe('ssh.hostKeyRefused')
  })
})

describe('channels', () => {
  test('exec gives bytes, code and streams apart, and passes stdin', async () => {
    const transport = open([hopTo(sshd.port, [key()])], { env: await emptyHome() })
    const stdin = Buffer.alloc(300_000, 'x')
    const result = value(await transport.exec('cat; printf "\\377\\0err" >&2; exit 3', { ...bounds, stdin }))
    expect(result.code).toBe(3)
    expect(Buffer.compare(Buffer.from(result.stdout), stdin)).toBe(0)
    expect([...result.stderr]).toEqual([0xff, 0, 0x65, 0x72, 0x72])
    expect(result.truncated).toBe(false)
  })

  test('exec is bounded in size and in time, and can be cancelled', async () => {
    const transport = open([hopTo(sshd.port, [key()])], { env: await emptyHome() })
    const flood = value(await transport.exec('yes', { maxBytes: 10_000, timeoutMs: 10_000 }))
    expect(flood.truncated).toBe(true)
    expect(flood.stdout.length).toBe(10_000)
    const begun = Date.now()
    const slow = await transport.exec('sleep 30', { maxBytes: 100, timeoutMs: 300 })
    expect(slow).toMatchObject({ ok: false, problem: { code: 'ssh.timeout' } })
    const stop = new AbortController()
    setTimeout(() => stop.abort(), 200)
    const cancelled = await transport.exec('sleep 30', { ...bounds, signal: stop.signal })
    expect(cancelled).toMatchObject({ ok: false, problem: { code: 'app.cancelled' } })
    expect(Date.now() - begun, 'neither has waited for its 30 s').toBeLessThan(25_000)
  })

  test('a signal that ended the command is told', async () => {
    const transport = open([hopTo(sshd.port, [key()])], { env: await emptyHome() })
    const result = value(await transport.exec('kill -TERM $$', bounds))
    expect(result).toMatchObject({ code: null, signal: 'SIGTERM' })
  })

  test('a shell has its terminal, its size, and can be resized', async () => {
    const transport = open([hopTo(sshd.port, [key()])], { env: await emptyHome() })
    const shell = value(
      await transport.shell({
        pty: { term: 'xterm-256color', columns: 91, rows: 33 },
        env: { WM_TEST: 'set' },
      }),
    )
    let output = ''
    shell.stream.on('data', (chunk: Buffer) => (output += chunk.toString('utf8')))
    shell.stream.write('echo "<$(stty size) $TERM $WM_TEST>"\n')
    await expect.poll(() => output, { timeout: 20_000 }).toContain('<33 91 xterm-256color set>')
    shell.resize(120, 40)
    shell.stream.write('echo "<$(stty size)>"; exit 7\n')
    await expect.poll(() => output, { timeout: 20_000 }).toContain('<40 120>')
    expect(await shell.closed).toEqual({ code: 7, signal: null, lost: false })
  })

  test('back-pressure: what nobody reads stays at the host', async () => {
    const transport = open([hopTo(sshd.port, [key()])], { env: await emptyHome() })
    const channel = value(await transport.open('head -c 50000000 /dev/zero', {}))
    channel.stderr?.resume()
    await new Promise((resolve) => setTimeout(resolve, 1000))
    expect(channel.stream.readableLength).toBeLessThan(4.5 * 1024 * 1024)
    let size = 0
    channel.stream.on('data', (chunk: Buffer) => (size += chunk.length))
    await channel.closed
    expect(size).toBe(50_000_000)
  })

  test('forwards to a TCP port and to a Unix socket', async () => {
    const transport = open([hopTo(sshd.port, [key()])], { env: await emptyHome() })
    for (const where of ['tcp', 'unix'] as const) {
      const server = createServer((socket) => socket.end(`hello from ${where}`))
      const path = join(sshd.directory, 'echo.sock')
      const port = await freePort()
      await new Promise<void>((resolve) =>
        where === 'tcp' ? server.listen(port, '127.0.0.1', resolve) : server.listen(path, resolve),
      )
      const channel = value(
        where === 'tcp'
          ? await transport.forward('127.0.0.1', port)
          : await transport.forwardStreamLocal(path),
      )
      let heard = ''
      channel.stream.on('data', (chunk: Buffer) => (heard += chunk.toString('utf8')))
      await channel.closed
      expect(heard).toBe(`hello from ${where}`)
      server.close()
    }
    const nobody = await transport.forward('127.0.0.1', await freePort())
    expect(nobody).toMatchObject({ ok: false, problem: { code: 'ssh.forwardFailed' } })
  })
})

describe('jumps', () => {
  test('through three hops, each with its own host key', async () => {
    const asker = scriptedAsker()
    const route = ['one', 'two', 'three', 'target'].map((name) => hopTo(sshd.port, [key()], { name }))
    const transport = open(route, { env: await emptyHome(), asker })
    const result = value(await transport.exec('echo "$SSH_CONNECTION"', bounds))
    expect(text(result.stdout)).toContain(`127.0.0.1 ${sshd.port}`)
    expect(asker.hostKeys.map(({ host }) => host)).toEqual(['one'])
  })

  test('a jump that cannot reach the target is named', async () => {
    const closed = await freePort()
    const problem = await problemOf(
      [hopTo(sshd.port, [key()], { name: 'gate' }), hopTo(closed, [key()], { name: 'inner' })],
      { env: await emptyHome() },
    )
    expect(problem).toMatchObject({
      code: 'ssh.jumpUnreachable',
      host: 'inner',
      params: { jump: 'gate', port: closed },
    })
  })
})
