import { execFile } from 'node:child_process'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { homedir, tmpdir, userInfo } from 'node:os'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { readConfigFile } from '../../../main/ssh/config/read-files'
import { evaluateHost } from '../../../main/ssh/config/evaluate'
import { sshConfigOf } from '../../../main/ssh/config/propose'
import { resolveHost } from '../../../main/ssh/config/resolve'
import { readSshConfig } from '../../../main/ssh'
import type { Environment } from '../../../main/ssh'

const run = promisify(execFile)

let directory: string
let env: Environment
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'wharfmaster-config-'))
  env = { platform: 'linux', home: directory, user: userInfo().username, hostname: 'here', variables: {} }
  await mkdir(join(directory, '.ssh', 'conf.d'), { recursive: true })
})
afterAll(() => rm(directory, { recursive: true, force: true }))

async function write(name: string, lines: readonly string[]): Promise<string> {
  const file = join(directory, '.ssh', name)
  await mkdir(dirname(file), { recursive: true })
  await writeFile(file, lines.map((line) => `${line}\n`).join(''))
  return file
}

interface Judged {
  readonly hostname: string
  readonly port: string
  readonly user: string
  readonly identityfile: readonly string[]
  readonly proxyjump: string
  readonly proxycommand: string
  readonly identitiesonly: string
  readonly serveraliveinterval: string
  readonly hostkeyalias: string
  readonly preferredauthentications: string
  readonly userknownhostsfile: string
  readonly globalknownhostsfile: string
  readonly stricthostkeychecking: string
  readonly hashknownhosts: string
}

/** `ssh -G`, in a mount namespace where the home of the account is the test's: ssh does not ask $HOME. */
async function judge(file: string, host: string): Promise<Judged | null> {
  const script = 'mount --bind "$1" "$2" && exec ssh -F "$3" -G -- "$4"'
  const answer = await run('unshare', [
    '-m',
    'sh',
    '-c',
    script,
    'sh',
    directory,
    homedir(),
    file,
    host,
  ]).catch(() => null)
  if (answer === null) return null
  const values = new Map<string, string[]>()
  for (const line of answer.stdout.split('\n')) {
    const space = line.indexOf(' ')
    const key = line.slice(0, space)
    values.set(key, [...(values.get(key) ?? []), line.slice(space + 1)])
  }
  const one = (key: string) => values.get(key)?.[0] ?? ''
  return {
    hostname: one('hostname'),
    port: one('port'),
    user: one('user'),
    identityfile: values.get('identityfile') ?? [],
    proxyjump: without(one('proxyjump')),
    proxycommand: without(one('proxycommand')),
    identitiesonly: one('identitiesonly'),
    serveraliveinterval: one('serveraliveinterval'),
    hostkeyalias: one('hostkeyalias'),
    preferredauthentications: one('preferredauthentications'),
    userknownhostsfile: withoutNone(one('userknownhostsfile')),
    // `ssh -G` prints these before it expands the tilde.
    globalknownhostsfile: withoutNone(one('globalknownhostsfile')).replaceAll('~', homedir()),
    stricthostkeychecking: one('stricthostkeychecking'),
    hashknownhosts: one('hashknownhosts'),
  }
}

const withoutNone = (text: string) => (text.toLowerCase() === 'none' ? '' : text)

/** `ask` stands for `no` and `off` as well, which this client does not follow. */
function spokenBy(unknown: 'ask' | 'refuse' | 'accept', written: string | undefined): string {
  if (unknown === 'refuse') return 'true'
  if (unknown === 'accept') return 'accept-new'
  return /^(no|off|false)$/i.test(written ?? '') ? 'false' : 'ask'
}

/** `none` and nothing are the same. */
const without = (text: string) => (text === 'none' ? '' : text)

const defaultFiles = ['rsa', 'ecdsa', 'ecdsa_sk', 'ed25519', 'ed25519_sk', 'xmss', 'dsa'].map(
  (kind) => `~/.ssh/id_${kind}`,
)

async function here(file: string, host: string): Promise<Judged> {
  const config = await readConfigFile(env, file, true)
  const options = evaluateHost([config], env, host)
  const resolved = resolveHost([config], env, host)
  const one = (key: string, otherwise: string) => options.single.get(key)?.[0] ?? otherwise
  return {
    hostname: resolved.address,
    port: String(resolved.port),
    user: resolved.user,
    identityfile: options.identityFiles.length === 0 ? defaultFiles : options.identityFiles,
    proxyjump: without(one('proxyjump', '')),
    proxycommand: without(one('proxycommand', '')),
    identitiesonly: one('identitiesonly', 'no'),
    serveraliveinterval: one('serveraliveinterval', '0'),
    hostkeyalias: one('hostkeyalias', ''),
    preferredauthentications: one('preferredauthentications', ''),
    // The account's home, which the judge sees in the place of the test's.
    userknownhostsfile: resolved.trust.userFiles.join(' ').replaceAll(directory, homedir()),
    globalknownhostsfile: resolved.trust.globalFiles.join(' ').replaceAll(directory, homedir()),
    stricthostkeychecking: spokenBy(resolved.trust.unknown, options.single.get('stricthostkeychecking')?.[0]),
    hashknownhosts: resolved.trust.hash ? 'yes' : 'no',
  }
}

describe('ssh -G is the judge', () => {
  const name = fc.constantFrom('web', 'web1', 'db', 'db.example.org', 'gate', 'WEB', 'x')
  const pattern = fc.oneof(
    name,
    fc.constantFrom('*', 'web*', 'web?', '*.example.org', '!web1', '!db*', '"web"', 'd?', '*b*', '?'),
  )
  const criterion = fc.oneof(
    fc
      .tuple(
        fc.constantFrom('host', 'originalhost', '!host', '!originalhost', 'Host'),
        fc.constantFrom('web', 'web*', '*.example.org', 'web,db', '*,!web1', 'WEB', 'web?'),
      )
      .map((pair) => pair.join(' ')),
    fc
      .tuple(
        fc.constantFrom('user', '!user', 'localuser'),
        fc.constantFrom('root', 'deploy', 'd*', 'nobody', '"root"'),
      )
      .map((pair) => pair.join(' ')),
    fc.constantFrom('final', 'canonical', '!final', 'host=web', 'user = deploy'),
  )
  const option = fc.oneof(
    fc
      .tuple(
        fc.constantFrom('HostName', 'hostname'),
        fc.constantFrom('10.0.0.1', '%h.example.org', 'db.example.org', 'Big.Example.ORG', '"10.0.0.2"'),
      )
      .map(([key, text]) => `${key} ${text}`),
    fc.constantFrom(
      'Port 22',
      'Port=2222',
      'Port = 2200',
      'port "2022" # why',
      'User deploy',
      'User root',
      'User "a b"',
      'USER x#y',
      'User x #y',
    ),
    fc.constantFrom(
      'IdentityFile ~/.ssh/id_work',
      'IdentityFile "~/my key"',
      'IdentityFile ~/.ssh/%r@%h',
      "IdentityFile 'single quoted'",
      'IdentityFile a\\ b',
      'IdentityFile none',
      'IdentityFile ~/.ssh/id#1',
      'IdentityFile ~/.ssh/id_work # comment',
    ),
    fc.constantFrom(
      'ProxyJump gate',
      'ProxyJump me@gate:2222,inner',
      'ProxyJump none',
      'ProxyCommand nc -X 5 %h %p',
      'ProxyCommand none',
      'IdentitiesOnly yes',
      'IdentitiesOnly no',
    ),
    fc.constantFrom(
      'ServerAliveInterval 0',
      'ServerAliveInterval 30',
      'HostKeyAlias alias1',
      'PreferredAuthentications publickey,password',
      'PreferredAuthentications password',
      'UserKnownHostsFile ~/.ssh/known_work "~/known two"',
      'UserKnownHostsFile none',
      'UserKnownHostsFile /k/%h-%p-%r-%n-%k.%%',
      'UserKnownHostsFile /dev/null',
      'GlobalKnownHostsFile ~/everybody /etc/%h',
      'GlobalKnownHostsFile none',
      'StrictHostKeyChecking yes',
      'StrictHostKeyChecking accept-new',
      'StrictHostKeyChecking NO',
      'StrictHostKeyChecking=off',
      'StrictHostKeyChecking ask',
      'HashKnownHosts yes',
      'HashKnownHosts no',
      '# comment',
      '',
      '\t',
      'Compression yes',
      'Include conf.d/*.conf',
      'Include conf.d/one.conf ~/.ssh/conf.d/two.conf',
      'Include nothing.here',
      'Include conf.d/[to]*.conf',
    ),
  )
  const indent = fc.constantFrom('', '  ', '\t')
  const body = fc.array(
    fc.tuple(indent, option).map((parts) => parts.join('')),
    { maxLength: 4 },
  )
  const block = fc.oneof(
    fc
      .tuple(
        fc.constantFrom('Host ', 'host\t', 'Host=', 'HOST   '),
        fc.array(pattern, { minLength: 1, maxLength: 3 }),
        body,
      )
      .map(([key, list, lines]) => [`${key}${list.join(' ')}`, ...lines]),
    fc
      .tuple(fc.array(criterion, { minLength: 1, maxLength: 3 }), body)
      .map(([list, lines]) => [`Match ${list.join(' ')}`, ...lines]),
    fc
      .tuple(fc.constantFrom('Match all', 'Match final all', 'Match !all'), body)
      .map(([head, lines]) => [head, ...lines]),
  )
  const file = fc
    .tuple(body, fc.array(block, { maxLength: 5 }))
    .map(([head, blocks]) => [...head, ...blocks.flat()])
  const small = fc
    .tuple(
      fc.array(
        option.filter((line) => !line.startsWith('Include')),
        { maxLength: 2 },
      ),
      fc.array(
        block.filter((lines) => !lines.some((line) => line.includes('Include'))),
        { maxLength: 2 },
      ),
    )
    .map(([head, blocks]) => [...head, ...blocks.flat()])

  test('over generated files with patterns, Match, Include, quotes and comments', async () => {
    let judged = 0
    await fc.assert(
      fc.asyncProperty(
        file,
        small,
        small,
        fc.array(name, { minLength: 1, maxLength: 3 }),
        async (lines, one, two, hosts) => {
          const main = await write('config', lines)
          await write('conf.d/one.conf', one)
          await write('conf.d/two.conf', two)
          await write('conf.d/.hidden.conf', ['Host *', 'Port 9'])
          for (const host of hosts) {
            const expected = await judge(main, host)
            if (expected === null) continue // ssh refuses the file as a whole
            judged++
            expect({ lines, one, two, host, ...(await here(main, host)) }).toEqual({
              lines,
              one,
              two,
              host,
              ...expected,
            })
          }
        },
      ),
      { numRuns: 80 },
    )
    expect(judged).toBeGreaterThan(40)
  }, 120_000)
})

describe('what it comes to', () => {
  const text = [
    'Include conf.d/real/*.conf',
    'Host gate',
    '  HostName gate.example.org',
    '  User jump',
    'Host inner-gate',
    '  ProxyJump gate',
    '  Port 2222',
    'Host harbor harbor2 !harbor9',
    '  HostName 10.1.1.1',
    '  ProxyJump admin@inner-gate:2022,[2001:db8::7]:2200',
    '  IdentityFile ~/.ssh/id_work',
    '  IdentitiesOnly yes',
    '  HostKeyAlias Harbor-Key',
    'Host old',
    '  ProxyCommand nc -X connect %h %p',
    '  GSSAPIAuthentication yes',
    '  CertificateFile ~/.ssh/id-cert.pub',
    '  PreferredAuthentications gssapi-with-mic,password',
    '  StrictHostKeyChecking no',
    'Host loop',
    '  ProxyJump loop2',
    'Host loop2',
    '  ProxyJump loop',
    'Match host old exec "touch /tmp/never-run"',
    '  User never',
    'Host *',
    '  ServerAliveInterval 60',
    'Host broken',
    '  User "unclosed',
  ]

  async function config() {
    await write('config', text)
    await write('conf.d/real/a.conf', ['Host included', '  User inc'])
    return readSshConfig(env)
  }

  test('names the hosts that are no patterns, in order, with those of included files', async () => {
    expect((await config()).names).toEqual([
      'included',
      'gate',
      'inner-gate',
      'harbor',
      'harbor2',
      'old',
      'loop',
      'loop2',
      'broken',
    ])
  })

  test('a route runs through jump hosts of jump hosts, with what each line says', async () => {
    const route = (await config()).route('harbor')
    expect(route?.map(({ name, address, port, user }) => [name, address, port, user])).toEqual([
      ['gate', 'gate.example.org', 22, 'jump'],
      ['inner-gate', 'inner-gate', 2022, 'admin'],
      ['2001:db8::7', '2001:db8::7', 2200, env.user],
      ['harbor', '10.1.1.1', 22, env.user],
    ])
    expect(route?.at(-1)).toMatchObject({ hostKeyAlias: 'harbor-key', keepalive: true })
    const file = join(directory, '.ssh', 'id_work')
    expect(route?.at(-1)?.auth).toEqual([
      { kind: 'agent', only: [file] },
      { kind: 'key', path: file },
      { kind: 'keyboard-interactive' },
      { kind: 'password' },
    ])
  })

  test('jump hosts that lead in a circle give no route', async () => {
    expect((await config()).route('loop')).toBeNull()
  })

  test('what this client cannot do is named, and Match exec is never run', async () => {
    const old = (await config()).resolve('old')
    expect(old.user).toBe(env.user)
    expect(old.auth).toEqual([{ kind: 'password' }])
    expect(old.unsupported.map(({ option }) => option).sort()).toEqual([
      'CertificateFile ~/.ssh/id-cert.pub',
      'GSSAPIAuthentication yes',
      'Match exec touch /tmp/never-run',
      'PreferredAuthentications gssapi-with-mic',
      'ProxyCommand nc -X connect %h %p',
      'StrictHostKeyChecking no',
    ])
  })

  test('a line that ssh would refuse is told with its number, and does not hide the rest', async () => {
    expect((await config()).damaged).toEqual([
      { file: join(directory, '.ssh', 'config'), line: text.length, why: 'openQuote' },
    ])
  })

  test('an option that is not followed is named with its file and line', async () => {
    const old = (await config()).resolve('old')
    const file = join(directory, '.ssh', 'config')
    const at = (line: string) => ({ file, line: text.indexOf(line) + 1 })
    expect(old.unsupported).toContainEqual({
      ...at('  StrictHostKeyChecking no'),
      option: 'StrictHostKeyChecking no',
      when: 'told',
      methods: [],
      kind: 'strict-off',
    })
    expect(old.unsupported).toContainEqual({
      ...at('  GSSAPIAuthentication yes'),
      option: 'GSSAPIAuthentication yes',
      when: 'told',
      methods: ['gssapi-with-mic', 'gssapi-keyex'],
      kind: 'unsupported',
    })
  })

  test('a way to sign in that the system adds for every host is silent; what it adds else is told', async () => {
    const user = await readConfigFile(env, await write('user', ['Host *', 'User me']), true)
    const file = await write('system', [
      'Include more',
      'Host *',
      '  GSSAPIAuthentication yes',
      '  Tunnel yes',
    ])
    const system = await readConfigFile(env, file, false)
    const { unsupported } = sshConfigOf([user, system], env).resolve('any')
    expect(unsupported.map(({ option, line, when }) => [option, line, when])).toEqual([
      ['GSSAPIAuthentication yes', 3, 'silent'],
      ['Tunnel yes', 4, 'told'],
    ])
    expect(unsupported.every((one) => one.file === file)).toBe(true)
  })

  test('the agent of IdentityAgent, the default keys, and none at all', async () => {
    const files = [
      {
        path: 'x',
        damaged: [],
        directives: (
          await readConfigFile(
            env,
            await write('agents', [
              'Host none',
              'IdentityAgent none',
              'IdentityFile none',
              'Host sock',
              'IdentityAgent ~/agent.sock',
            ]),
            true,
          )
        ).directives,
      },
    ]
    const ssh = sshConfigOf(files, env)
    expect(ssh.resolve('none').auth.map(({ kind }) => kind)).toEqual(['keyboard-interactive', 'password'])
    const sock = ssh.resolve('sock').auth
    expect(sock[1]).toEqual({ kind: 'agent', socket: '~/agent.sock' })
    expect(sock.filter(({ kind }) => kind === 'key')).toEqual(
      ['rsa', 'ecdsa', 'ed25519'].map((kind) => ({
        kind: 'key',
        path: join(directory, '.ssh', `id_${kind}`),
        optional: true,
      })),
    )
  })

  test('no configuration at all is no error; Include of itself ends', async () => {
    const empty = { ...env, home: join(directory, 'nobody') }
    expect((await readSshConfig(empty)).names).toEqual([])
    await write('config', ['Include config', 'Host a'])
    expect((await readSshConfig(env)).names).toEqual(['a'])
  })
})
