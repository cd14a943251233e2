import { execFile } from 'node:child_process'
import { mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { homedir, tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import fc from 'fast-check'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { parseKnownHosts } from '../../../main/ssh/known-hosts/line'
import { matchesHost } from '../../../main/ssh/known-hosts/match'
import { knownHostsIn, readSshConfig } from '../../../main/ssh'
import type { Environment, Hop } from '../../../main/ssh'
import { closeTransports, emptyHome, hopTo, open, scriptedAsker, untilState } from './harness'
import { sshKeygen, startSshd } from './local-sshd'
import type { LocalSshd } from './local-sshd'

const run = promisify(execFile)

let directory: string
let sshd: LocalSshd
let hostKey: Record<'ed25519' | 'ecdsa' | 'rsa', string>
let otherKey: string
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'wharfmaster-known-'))
  sshd = await startSshd()
  const publicPart = async (file: string) =>
    (await readFile(`${file}.pub`, 'utf8')).split(' ').slice(0, 2).join(' ')
  hostKey = {
    ed25519: await publicPart(sshd.hostKeyFile('ed25519')),
    ecdsa: await publicPart(sshd.hostKeyFile('ecdsa')),
    rsa: await publicPart(sshd.hostKeyFile('rsa')),
  }
  await sshKeygen('-q', '-t', 'ed25519', '-N', '', '-f', join(directory, 'other'))
  otherKey = await publicPart(join(directory, 'other'))
})
afterAll(async () => {
  await sshd.stop()
  await rm(directory, { recursive: true, force: true })
})
afterEach(closeTransports)

/** The numbers of the lines that ssh-keygen says are about a host. */
async function linesOfKeygen(file: string, host: string): Promise<readonly number[]> {
  // It ends with 1 when it finds nothing, and with 255 when it cannot read the file.
  const { stdout } = await run('sh', ['-c', 'ssh-keygen -F "$1" -f "$2" || [ $? = 1 ]', 'sh', host, file])
  return [...stdout.matchAll(/^# Host .* found: line (\d+)/gm)].map(([, line]) => Number(line))
}

function linesHere(text: string, host: string): readonly number[] {
  return parseKnownHosts(text, '')
    .filter(({ hosts }) => matchesHost(hosts, host))
    .map(({ line }) => line)
}

describe('lines found for a host are those that ssh-keygen -F finds', () => {
  const label = fc.constantFrom('a', 'b', 'web', 'web1', 'example', 'x-y')
  const name = fc.array(label, { minLength: 1, maxLength: 3 }).map((parts) => parts.join('.'))
  const query = fc.oneof(
    name,
    fc.tuple(name, fc.constantFrom(22022, 2222)).map(([host, port]) => `[${host}]:${port}`),
    fc.constantFrom('127.0.0.1', '2001:db8::1', '[2001:db8::1]:2222'),
  )
  const pattern = fc
    .tuple(
      fc.constantFrom('', '', '', '!'),
      fc.oneof(
        query,
        query.map((text) => text.replace(/[aeb]/, '*')),
        query.map((text) => text.replace(/[aewb1]/, '?')),
        fc.constantFrom('*', '*.example', '[*]:2222', 'WEB1', '?'),
      ),
    )
    .map((parts) => parts.join(''))
  const hosts = fc.array(pattern, { minLength: 1, maxLength: 4 }).map((list) => list.join(','))
  const filler = fc.constantFrom(
    '',
    '# a comment',
    '   # indented',
    'garbage',
    'host ssh-ed25519',
    '@unknown a ssh-ed25519 AAAA',
    '\t',
  )
  const marker = fc.constantFrom('', '', '', '@revoked ', '@cert-authority ')

  test('plain and hashed names, patterns, negation, markers, damaged lines', async () => {
    let round = 0
    await fc.assert(
      fc.asyncProperty(
        fc.array(
          fc.oneof(
            { weight: 3, arbitrary: fc.tuple(marker, hosts, fc.constantFrom(' ', '  ', '\t')) },
            { weight: 1, arbitrary: filler },
          ),
          { maxLength: 8 },
        ),
        fc.array(query, { minLength: 1, maxLength: 4 }),
        fc.boolean(),
        async (entries, queries, hashed) => {
          const file = join(directory, `known${round++}`)
          const lines = entries.map((entry) =>
            typeof entry === 'string' ? entry : `${entry[0]}${entry[1]}${entry[2]}${hostKey.ed25519} comment`,
          )
          await writeFile(file, lines.map((line) => `${line}\n`).join(''))
          if (hashed) await run('ssh-keygen', ['-H', '-f', file]).catch(() => undefined) // refuses damaged files
          const text = await readFile(file, 'latin1')
          for (const host of queries) {
            expect({ host, text, lines: linesHere(text, host) }).toEqual({
              host,
              text,
              lines: await linesOfKeygen(file, host),
            })
          }
        },
      ),
      { numRuns: 60 },
    )
  })
})

describe('a host is taken or refused as ssh takes or refuses it', () => {
  const port = () => sshd.port
  const cases: readonly {
    readonly name: string
    readonly lines: () => readonly string[]
    readonly problem: string | null
  }[] = [
    { name: 'known', lines: () => [`[127.0.0.1]:${port()} ${hostKey.ed25519}`], problem: null },
    {
      name: 'known by its second key type only',
      lines: () => [`[127.0.0.1]:${port()} ${hostKey.ecdsa}`],
      problem: null,
    },
    { name: 'known by RSA only', lines: () => [`[127.0.0.1]:${port()} ${hostKey.rsa}`], problem: null },
    { name: 'known without its port', lines: () => [`127.0.0.1 ${hostKey.ed25519}`], problem: null },
    { name: 'known by a pattern', lines: () => [`[127.0.0.*]:* ${hostKey.ed25519}`], problem: null },
    {
      name: 'left out by negation',
      lines: () => [`[127.0.0.*]:*,![127.0.0.1]:${port()} ${hostKey.ed25519}`],
      problem: 'ssh.hostKeyRefused',
    },
    { name: 'changed', lines: () => [`[127.0.0.1]:${port()} ${otherKey}`], problem: 'ssh.hostKeyChanged' },
    {
      name: 'changed, with the right key on a later line',
      lines: () => [`[127.0.0.1]:${port()} ${otherKey}`, `[127.0.0.1]:${port()} ${hostKey.ed25519}`],
      problem: null,
    },
    {
      name: 'revoked',
      lines: () => [`[127.0.0.1]:${port()} ${hostKey.ed25519}`, `@revoked * ${hostKey.ed25519}`],
      problem: 'ssh.hostKeyRevoked',
    },
    {
      name: 'revoked under the bare name',
      lines: () => [`@revoked 127.0.0.1 ${hostKey.ed25519}`],
      problem: 'ssh.hostKeyRevoked',
    },
    { name: 'unknown', lines: () => [`elsewhere ${hostKey.ed25519}`], problem: 'ssh.hostKeyRefused' },
    {
      name: 'only a certificate authority',
      lines: () => [`@cert-authority * ${otherKey}`],
      problem: 'ssh.hostKeyRefused',
    },
  ]

  test.each(cases)('$name', async ({ name, lines, problem }) => {
    const file = join(directory, `judge-${name.replace(/\W/g, '-')}`)
    const content = `# kept\n${lines().join('\n')}\n`
    await writeFile(file, content)
    const judge = await run('ssh', [
      '-F',
      '/dev/null',
      '-o',
      `UserKnownHostsFile=${file}`,
      '-o',
      'GlobalKnownHostsFile=/dev/null',
      '-o',
      'StrictHostKeyChecking=yes',
      '-o',
      'BatchMode=yes',
      '-o',
      'IdentitiesOnly=yes',
      '-o',
      'UpdateHostKeys=no',
      '-i',
      sshd.keyFile,
      '-p',
      String(port()),
      'root@127.0.0.1',
      'true',
    ]).then(
      () => true,
      () => false,
    )
    const asker = scriptedAsker(undefined, () => 'refuse')
    const transport = open([hopTo(port(), [{ kind: 'key', path: sshd.keyFile }])], {
      env: await emptyHome(),
      asker,
      knownHosts: knownHostsIn([file]),
    })
    await expect.poll(() => transport.state.kind, { timeout: 20_000 }).not.toBe('connecting')
    const { state } = transport
    expect(state.kind === 'lost' ? state.problem.code : null).toBe(problem)
    expect(judge).toBe(problem === null)
    expect(await readFile(file, 'utf8')).toBe(content)
  })

  test('a changed key tells both fingerprints, the file and the line', async () => {
    const file = join(directory, 'changed')
    await writeFile(file, `# one\n# two\n[127.0.0.1]:${port()} ${otherKey}\n`)
    const transport = open([hopTo(port(), [{ kind: 'key', path: sshd.keyFile }])], {
      env: await emptyHome(),
      knownHosts: knownHostsIn([file]),
    })
    const { problem } = await untilState(transport, 'lost')
    const print = async (key: string) => (await sshKeygen('-l', '-f', key)).split(' ')[1]
    expect(problem).toMatchObject({
      code: 'ssh.hostKeyChanged',
      host: 'harbor',
      params: {
        file,
        line: 3,
        sha256: await print(`${sshd.hostKeyFile('ed25519')}.pub`),
        knownSha256: await print(join(directory, 'other.pub')),
        knownHost: `[127.0.0.1]:${port()}`,
      },
    })
  })

  test('a host known by another key type that it no longer shows is asked about, with the known key', async () => {
    const file = join(directory, 'other-type')
    await sshKeygen('-q', '-t', 'ecdsa', '-b', '384', '-N', '', '-f', join(directory, 'p384'))
    const p384 = (await readFile(join(directory, 'p384.pub'), 'utf8')).split(' ').slice(0, 2).join(' ')
    await writeFile(file, `[127.0.0.1]:${port()} ${p384}\n`)
    const asker = scriptedAsker(undefined, () => 'refuse')
    const transport = open([hopTo(port(), [{ kind: 'key', path: sshd.keyFile }])], {
      env: await emptyHome(),
      asker,
      knownHosts: knownHostsIn([file]),
    })
    await untilState(transport, 'lost')
    expect(asker.hostKeys[0]?.otherKnown).toMatchObject([{ algorithm: 'ecdsa-sha2-nistp384', file, line: 1 }])
  })

  test('a certificate authority for the host is told of in a note', async () => {
    const file = join(directory, 'authority')
    await writeFile(file, `@cert-authority [127.0.0.1]:* ${otherKey}\n`)
    const transport = open([hopTo(port(), [{ kind: 'key', path: sshd.keyFile }])], {
      env: await emptyHome(),
      knownHosts: knownHostsIn([file]),
    })
    const up = await untilState(transport, 'up')
    expect(up.notes).toContainEqual({ code: 'hostCertificatesUnsupported', params: { file, line: 1 } })
  })
})

describe('what ~/.ssh/config says of host keys', () => {
  let round = 0
  /** A home with this configuration; the way that it gives to the server. */
  async function configured(lines: readonly string[]): Promise<{ home: string; env: Environment; hop: Hop }> {
    const env = await emptyHome()
    await mkdir(join(env.home, '.ssh'), { mode: 0o700 })
    const config = [
      `Host k${++round}`,
      'HostName 127.0.0.1',
      `Port ${sshd.port}`,
      'User root',
      ...lines,
      'HashKnownHosts no',
    ]
    await writeFile(join(env.home, '.ssh', 'config'), `${config.join('\n')}\n`)
    const said = await readSshConfig(env)
    const hop = said.route(`k${round}`)?.[0]
    if (hop === undefined) throw new Error('no way')
    return { home: env.home, env, hop: { ...hop, auth: [{ kind: 'key', path: sshd.keyFile }] } }
  }
  const none = 'GlobalKnownHostsFile none'
  const bySsh = (home: string, ...options: readonly string[]) =>
    run('unshare', [
      '-m',
      'sh',
      '-c',
      'mount --bind "$0" "$1" && shift && exec ssh -F "$HOME/.ssh/config" -o BatchMode=yes -o IdentitiesOnly=yes "$@"',
      home,
      homedir(),
      ...options,
      '-i',
      sshd.keyFile,
      `k${round}`,
      'true',
    ]).then(
      () => true,
      () => false,
    )

  test('several files are read, the first is written to, `none` keeps nothing', async () => {
    const { home, env, hop } = await configured([none, 'UserKnownHostsFile ~/first ~/%k.second'])
    await writeFile(join(home, `k${round}.second`), `[127.0.0.1]:${sshd.port} ${hostKey.ed25519}\n`)
    expect(await bySsh(home)).toBe(true)
    await untilState(open([hop], { env, asker: scriptedAsker(undefined, () => 'refuse') }), 'up')
    await rm(join(home, `k${round}.second`))
    const asker = scriptedAsker(undefined, () => 'accept-and-save')
    await untilState(open([hop], { env, asker }), 'up')
    expect(asker.hostKeys).toHaveLength(1)
    expect(await readFile(join(home, 'first'), 'utf8')).toBe(`[127.0.0.1]:${sshd.port} ${hostKey.ed25519}\n`)
    expect(await bySsh(home)).toBe(true)

    for (const nowhere of ['none', '/dev/null']) {
      const other = await configured([none, `UserKnownHostsFile ${nowhere}`])
      const again = scriptedAsker(undefined, () => 'accept-and-save')
      const up = await untilState(open([other.hop], { env: other.env, asker: again }), 'up')
      expect(again.hostKeys).toHaveLength(1)
      expect(up.notes.map(({ code }) => code)).toContain('hostKeyNowhere')
      expect(await readdir(join(other.home, '.ssh'))).toEqual(['config'])
    }
  })

  test('GlobalKnownHostsFile is read, and a key marked as revoked there is refused', async () => {
    const { home, env, hop } = await configured(['GlobalKnownHostsFile ~/everybody'])
    await writeFile(join(home, 'everybody'), `[127.0.0.1]:${sshd.port} ${hostKey.ed25519}\n`)
    expect(await bySsh(home)).toBe(true)
    await untilState(open([hop], { env, asker: scriptedAsker(undefined, () => 'refuse') }), 'up')
    await writeFile(join(home, 'everybody'), `@revoked * ${hostKey.ed25519}\n`)
    expect(await bySsh(home, '-o', 'StrictHostKeyChecking=yes')).toBe(false)
    const { problem } = await untilState(open([hop], { env }), 'lost')
    expect(problem.code).toBe('ssh.hostKeyRevoked')
  })

  test('StrictHostKeyChecking yes refuses a key that stands nowhere, with the line to add', async () => {
    const { home, env, hop } = await configured([
      none,
      'StrictHostKeyChecking yes',
      'UserKnownHostsFile ~/list',
    ])
    expect(await bySsh(home)).toBe(false)
    const asker = scriptedAsker()
    const { problem } = await untilState(open([hop], { env, asker }), 'lost')
    expect(asker.hostKeys).toEqual([])
    expect(problem).toMatchObject({
      code: 'ssh.hostKeyUnlisted',
      params: { knownHost: `[127.0.0.1]:${sshd.port}`, files: join(home, 'list') },
    })
    await writeFile(join(home, 'list'), `${problem.detail ?? ''}\n`)
    expect(await bySsh(home)).toBe(true)
    await untilState(open([hop], { env, asker }), 'up')
  })

  test('accept-new keeps a new key and tells it; a changed one is refused; another kind of key is asked about', async () => {
    const { home, env, hop } = await configured([
      none,
      'StrictHostKeyChecking accept-new',
      'UserKnownHostsFile ~/list',
    ])
    const asker = scriptedAsker(undefined, () => 'refuse')
    const transport = open([hop], { env, asker })
    const up = await untilState(transport, 'up')
    expect(asker.hostKeys).toEqual([])
    expect(up.notes).toContainEqual({
      code: 'hostKeyAccepted',
      params: expect.objectContaining({ algorithm: 'ssh-ed25519', file: join(home, 'list') }),
    })
    expect(await bySsh(home, '-o', 'StrictHostKeyChecking=yes')).toBe(true)
    await writeFile(join(home, 'list'), `[127.0.0.1]:${sshd.port} ${otherKey}\n`)
    expect(await bySsh(home)).toBe(false)
    const changed = await untilState(open([hop], { env, asker }), 'lost')
    expect(changed.problem.code).toBe('ssh.hostKeyChanged')
    await sshKeygen('-q', '-t', 'ecdsa', '-b', '521', '-N', '', '-f', join(home, 'p521'))
    const p521 = (await readFile(join(home, 'p521.pub'), 'utf8')).split(' ').slice(0, 2).join(' ')
    await writeFile(join(home, 'list'), `[127.0.0.1]:${sshd.port} ${p521}\n`)
    const asked = await untilState(open([hop], { env, asker }), 'lost')
    expect(asked.problem.code).toBe('ssh.hostKeyRefused')
    expect(asker.hostKeys).toHaveLength(1)
  })

  test.each(['no', 'off'])(
    'StrictHostKeyChecking %s asks all the same, refuses a change, and says so',
    async (word) => {
      const { home, env, hop } = await configured([
        none,
        `StrictHostKeyChecking ${word}`,
        'UserKnownHostsFile ~/list',
      ])
      const asker = scriptedAsker(undefined, () => 'accept-once')
      const up = await untilState(open([hop], { env, asker }), 'up')
      expect(asker.hostKeys).toHaveLength(1)
      expect(up.notes).toContainEqual({
        code: 'strictHostKeyOff',
        params: { option: `StrictHostKeyChecking ${word}`, file: join(home, '.ssh', 'config'), line: 6 },
      })
      await writeFile(join(home, 'list'), `[127.0.0.1]:${sshd.port} ${otherKey}\n`)
      const { problem } = await untilState(open([hop], { env, asker }), 'lost')
      expect(problem.code).toBe('ssh.hostKeyChanged')
    },
  )

  test('HashKnownHosts writes a name that ssh and ssh-keygen find and nobody reads', async () => {
    const { home, env, hop } = await configured([none, 'HashKnownHosts yes', 'UserKnownHostsFile ~/list'])
    const asker = scriptedAsker(undefined, () => 'accept-and-save')
    await untilState(open([hop], { env, asker }), 'up')
    const kept = await readFile(join(home, 'list'), 'utf8')
    expect(kept).toMatch(/^\|1\|[^|]{28}\|[^|]{28} ssh-ed25519 /)
    expect(kept).not.toContain('127.0.0.1')
    expect(await linesOfKeygen(join(home, 'list'), `[127.0.0.1]:${sshd.port}`)).toEqual([1])
    expect(await bySsh(home, '-o', 'StrictHostKeyChecking=yes')).toBe(true)
    await untilState(open([hop], { env, asker: scriptedAsker(undefined, () => 'refuse') }), 'up')
  })
})

describe('writing', () => {
  test('appends, ends an unfinished line first, keeps every byte, and ssh then knows the host', async () => {
    const file = join(directory, 'append')
    const before = Buffer.from([
      ...Buffer.from('# Kommentar \xe4', 'latin1'),
      0x0d,
      0x0a,
      ...Buffer.from('unfinished'),
    ])
    await writeFile(file, before, { mode: 0o644 })
    const asker = scriptedAsker(undefined, () => 'accept-and-save')
    const transport = open([hopTo(sshd.port, [{ kind: 'key', path: sshd.keyFile }])], {
      env: await emptyHome(),
      asker,
      knownHosts: knownHostsIn([file]),
    })
    await untilState(transport, 'up')
    const after = await readFile(file)
    expect(after.subarray(0, before.length).equals(before)).toBe(true)
    expect(after.subarray(before.length).toString()).toBe(`\n[127.0.0.1]:${sshd.port} ${hostKey.ed25519}\n`)
    expect(await linesOfKeygen(file, `[127.0.0.1]:${sshd.port}`)).toEqual([3])
  })

  test('makes the directory and the file for this user alone', async () => {
    const { home } = await emptyHome()
    const file = join(home, '.ssh', 'known_hosts')
    const blob = Buffer.from(hostKey.rsa.split(' ')[1] ?? '', 'base64')
    const store = knownHostsIn([file])
    await Promise.all([
      store.add('One.Example', 22, blob),
      store.add('two.example', 2222, blob),
      store.add('2001:DB8::1', 22, blob),
    ])
    expect((await stat(file)).mode & 0o777).toBe(0o600)
    expect((await stat(join(home, '.ssh'))).mode & 0o777).toBe(0o700)
    for (const [host, line] of [
      ['one.example', 1],
      ['[two.example]:2222', 2],
      ['2001:db8::1', 3],
    ] as const) {
      expect(await linesOfKeygen(file, host)).toEqual([line])
    }
  })

  test('a name that would break the file is refused', async () => {
    const file = join(directory, 'hostile')
    const blob = Buffer.from(hostKey.rsa.split(' ')[1] ?? '', 'base64')
    for (const host of ['a b', 'a\n* ssh-rsa AAAA', 'a,b', '*', '!a', '|1|x|y', '#a', '@revoked']) {
      await expect(knownHostsIn([file]).add(host, 22, blob)).rejects.toThrow('cannot stand in known_hosts')
    }
  })

  test('a key that cannot be saved is told of, and the connection goes on', async () => {
    const file = join(directory, 'other', 'below-a-file')
    const asker = scriptedAsker(undefined, () => 'accept-and-save')
    const transport = open([hopTo(sshd.port, [{ kind: 'key', path: sshd.keyFile }])], {
      env: await emptyHome(),
      asker,
      knownHosts: knownHostsIn([file]),
    })
    const up = await untilState(transport, 'up')
    expect(up.notes).toContainEqual({
      code: 'hostKeyUnsaved',
      params: { file, why: expect.stringMatching(/ENOTDIR|EEXIST/) },
    })
  })
})
