import { execFile } from 'node:child_process'
import { createPublicKey, createVerify, verify } from 'node:crypto'
import { copyFile, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { parsePublicLine } from '../../../main/ssh/auth/identities'
import { readKeyFile } from '../../../main/ssh/keys/key-file'
import { closeTransports, emptyHome, hopTo, open, scriptedAsker, untilState } from './harness'
import { sshKeygen, startSshd } from './local-sshd'
import type { LocalSshd } from './local-sshd'

const run = promisify(execFile)
const passphrase = 'correct horse — 电池'

let directory: string
let sshd: LocalSshd
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'wharfmaster-keys-'))
  sshd = await startSshd()
})
afterAll(async () => {
  await sshd.stop()
  await rm(directory, { recursive: true, force: true })
})
afterEach(closeTransports)

type Kind = { readonly name: string; readonly keygen: readonly string[]; readonly putty: readonly string[] }
const kinds: readonly Kind[] = [
  { name: 'rsa', keygen: ['-t', 'rsa', '-b', '2048'], putty: ['-t', 'rsa', '-b', '2048'] },
  { name: 'ecdsa256', keygen: ['-t', 'ecdsa', '-b', '256'], putty: ['-t', 'ecdsa', '-b', '256'] },
  { name: 'ecdsa384', keygen: ['-t', 'ecdsa', '-b', '384'], putty: ['-t', 'ecdsa', '-b', '384'] },
  { name: 'ecdsa521', keygen: ['-t', 'ecdsa', '-b', '521'], putty: ['-t', 'ecdsa', '-b', '521'] },
  { name: 'ed25519', keygen: ['-t', 'ed25519'], putty: ['-t', 'ed25519'] },
]

let serial = 0
const fresh = () => join(directory, `key${serial++}`)

interface Made {
  readonly file: string
  readonly publicLine: string
}

/** Each program makes a key of a kind once, which for RSA takes it seconds, and writes it again in other formats. */
const once = (make: (kind: Kind) => Promise<Made>): ((kind: Kind) => Promise<Made>) => {
  const made = new Map<Kind, Promise<Made>>()
  return (kind) => {
    const one = made.get(kind) ?? make(kind)
    made.set(kind, one)
    return one
  }
}

const ofKeygen = once(async ({ keygen }) => {
  const file = fresh()
  await sshKeygen('-q', ...keygen, '-N', '', '-C', 'fixture', '-f', file)
  return { file, publicLine: await readFile(`${file}.pub`, 'utf8') }
})

async function withKeygen(
  kind: Kind,
  format: 'openssh' | 'PEM' | 'PKCS8',
  secret: string,
  more: readonly string[] = ['-a', '2'],
): Promise<Made> {
  const original = await ofKeygen(kind)
  const file = fresh()
  await copyFile(original.file, file)
  const how = format === 'openssh' ? [] : ['-m', format]
  await sshKeygen('-q', '-p', ...how, ...more, '-P', '', '-N', secret, '-f', file)
  return { file, publicLine: original.publicLine }
}

/** Few rounds, so that most of the tests are quick; the programs' own defaults have a test of theirs. */
const cheap: readonly string[] = ['kdf=argon2id', 'memory=256', 'passes=2']

const ofPuttygen = once(async ({ putty }) => {
  const file = `${fresh()}.ppk`
  const none = `${file}.secret`
  await writeFile(none, '')
  const random = ['--random-device', '/dev/urandom']
  await run('puttygen', [...putty, '-q', ...random, '--new-passphrase', none, '-C', 'fixture', '-o', file])
  const { stdout } = await run('puttygen', [file, '-q', '-L'])
  return { file, publicLine: stdout }
})

async function withPuttygen(
  kind: Kind,
  version: 2 | 3,
  secret: string,
  more: readonly string[] = cheap,
): Promise<Made> {
  const original = await ofPuttygen(kind)
  const file = `${fresh()}.ppk`
  const secretFile = `${file}.secret`
  await writeFile(secretFile, secret)
  const parameters = [`version=${version}`, ...(version === 3 ? more : [])].join(',')
  const secrets = ['--new-passphrase', secretFile]
  await run('puttygen', [
    original.file,
    '-q',
    '-P',
    ...secrets,
    '--ppk-param',
    parameters,
    '-O',
    'private',
    '-o',
    file,
  ])
  return { file, publicLine: original.publicLine }
}

/** The key read here makes a signature that the public half, as the other program wrote it, verifies. */
async function proves(
  file: string,
  publicLine: string,
  secret: string | null,
  wrongToo = true,
): Promise<void> {
  const key = readKeyFile(await readFile(file))
  if (key.kind !== 'key') throw new Error(key.why)
  expect(key.encrypted).toBe(secret !== null)
  const blob = parsePublicLine(publicLine)
  if (key.publicBlob !== null) expect(key.publicBlob.equals(blob ?? Buffer.alloc(0))).toBe(true)
  if (secret !== null && wrongToo) {
    expect(key.unlock('wrong').kind).toBe('wrong-passphrase')
    expect(key.unlock(null).kind).not.toBe('key')
  }
  const unlocked = key.unlock(secret)
  if (unlocked.kind !== 'key') throw new Error(unlocked.kind)
  expect(unlocked.key.publicBlob.equals(blob ?? Buffer.alloc(0))).toBe(true)
  const data = Buffer.from('to be signed')
  const spki = await asSpki(publicLine)
  const { type } = unlocked.key
  const signature = unlocked.key.sign(data, type === 'ssh-rsa' ? 'sha256' : undefined)
  const hash =
    { 'ssh-rsa': 'sha256', 'ecdsa-sha2-nistp256': 'sha256', 'ecdsa-sha2-nistp384': 'sha384' }[type] ??
    'sha512'
  const holds =
    type === 'ssh-ed25519'
      ? verify(null, data, spki, signature)
      : createVerify(hash).update(data).verify(spki, signature)
  expect(holds).toBe(true)
}

/** ssh-keygen itself turns the line into PKCS #8; it cannot for Ed25519, whose SPKI is a fixed head and 32 bytes. */
async function asSpki(publicLine: string) {
  if (publicLine.startsWith('ssh-ed25519')) {
    const raw = (parsePublicLine(publicLine) ?? Buffer.alloc(0)).subarray(-32)
    const head = Buffer.from('302a300506032b6570032100', 'hex')
    return createPublicKey({ key: Buffer.concat([head, raw]), format: 'der', type: 'spki' })
  }
  const file = `${fresh()}.pub`
  await writeFile(file, publicLine)
  return createPublicKey(await sshKeygen('-e', '-m', 'PKCS8', '-f', file))
}

describe.each(kinds)('$name', (kind) => {
  const pem = kind.name === 'ed25519' ? [] : (['PEM', 'PKCS8'] as const)
  test.each(['openssh', ...pem] as const)('%s of ssh-keygen, plain and encrypted', async (format) => {
    for (const secret of [null, passphrase]) {
      const { file, publicLine } = await withKeygen(kind, format, secret ?? '')
      await proves(file, publicLine, secret)
    }
  })

  test.each([2, 3] as const)('PPK v%i of puttygen, plain and encrypted', async (version) => {
    for (const secret of [null, passphrase]) {
      const { file, publicLine } = await withPuttygen(kind, version, secret ?? '')
      await proves(file, publicLine, secret)
    }
  })
})

describe('variants', () => {
  const ed25519 = kinds[4] ?? { name: '', keygen: [], putty: [] }
  const rsa = kinds[0] ?? { name: '', keygen: [], putty: [] }

  test.each(['aes256-gcm@openssh.com', 'aes128-cbc', 'aes256-cbc', '3des-cbc'])(
    'OpenSSH key under %s',
    async (cipher) => {
      const { file, publicLine } = await withKeygen(ed25519, 'openssh', passphrase, ['-a', '2', '-Z', cipher])
      await proves(file, publicLine, passphrase)
    },
  )

  test('a cipher that this runtime cannot do is named', async () => {
    const { file } = await withKeygen(ed25519, 'openssh', passphrase, ['-Z', 'chacha20-poly1305@openssh.com'])
    expect(readKeyFile(await readFile(file))).toEqual({
      kind: 'unusable',
      why: 'cipher chacha20-poly1305@openssh.com',
    })
  })

  test('the derivations that ssh-keygen and puttygen choose by themselves', async () => {
    const openssh = await withKeygen(ed25519, 'openssh', passphrase, [])
    // Each try takes seconds; that a wrong one is told is held by the quick ones.
    await proves(openssh.file, openssh.publicLine, passphrase, false)
    const ppk = await withPuttygen(ed25519, 3, passphrase, [])
    await proves(ppk.file, ppk.publicLine, passphrase, false)
  })

  test.each(['argon2i', 'argon2d', 'argon2id'])('PPK v3 with %s', async (flavour) => {
    const { file, publicLine } = await withPuttygen(ed25519, 3, passphrase, [
      `kdf=${flavour}`,
      'memory=256',
      'passes=3',
      'parallelism=2',
    ])
    await proves(file, publicLine, passphrase)
  })

  test('PKCS #8 of openssl, with PBES2', async () => {
    for (const algorithm of [
      ['rsa', 'rsa_keygen_bits:2048'],
      ['ec', 'ec_paramgen_curve:P-384'],
    ] as const) {
      const file = fresh()
      await run('openssl', [
        'genpkey',
        '-algorithm',
        algorithm[0],
        '-pkeyopt',
        algorithm[1],
        '-aes-256-cbc',
        '-pass',
        `pass:${passphrase}`,
        '-out',
        file,
      ])
      const { stdout } = await run('ssh-keygen', ['-y', '-P', passphrase, '-f', file])
      await proves(file, stdout, passphrase)
    }
  })

  test('Ed25519 in PKCS #8 of openssl', async () => {
    const file = fresh()
    await run('openssl', ['genpkey', '-algorithm', 'ed25519', '-out', file])
    const key = readKeyFile(await readFile(file))
    if (key.kind !== 'key') throw new Error(key.why)
    const { stdout } = await run('openssl', ['pkey', '-in', file, '-pubout', '-outform', 'DER'], {
      encoding: 'buffer',
    })
    expect(key.publicBlob?.subarray(-32).equals(stdout.subarray(-32))).toBe(true)
  })

  test('Windows line ends and a blank line in front do no harm', async () => {
    for (const { file } of [
      await withKeygen(rsa, 'PEM', ''),
      await withKeygen(ed25519, 'openssh', ''),
      await withPuttygen(rsa, 3, ''),
    ]) {
      const bytes = await readFile(file, 'latin1')
      const key = readKeyFile(Buffer.from(`\r\n${bytes.replace(/\n/g, '\r\n')}`, 'latin1'))
      expect(key.kind).toBe('key')
      if (key.kind === 'key') expect(key.unlock(null).kind).toBe('key')
    }
  })

  test('what is no usable private key is told by name, and never throws', async () => {
    const dsa = fresh()
    await sshKeygen('-q', '-t', 'dsa', '-N', '', '-f', dsa)
    expect(readKeyFile(await readFile(dsa))).toEqual({ kind: 'unusable', why: 'ssh-dss' })
    expect(readKeyFile(await readFile(`${dsa}.pub`))).toMatchObject({
      why: 'a public key, not a private one',
    })
    expect(readKeyFile(Buffer.from('hello'))).toMatchObject({ why: 'not a private key' })
    expect(readKeyFile(Buffer.alloc(1_000_000, 'a'))).toMatchObject({ why: 'larger than any private key' })
    const { file } = await withKeygen(ed25519, 'openssh', passphrase)
    const good = await readFile(file)
    const { file: ppk } = await withPuttygen(rsa, 3, passphrase)
    for (const bytes of [good, await readFile(ppk)]) {
      for (let cut = 0; cut < bytes.length; cut += 97) {
        const key = readKeyFile(bytes.subarray(0, cut))
        if (key.kind === 'key') expect(key.unlock('x').kind).not.toBe('key')
      }
    }
  })

  test('a PPK that would take a gigabyte or minutes is refused before it is tried', async () => {
    const { file } = await withPuttygen(ed25519, 3, passphrase)
    const text = await readFile(file, 'utf8')
    const greedy = text.replace(/^Argon2-Memory: .*$/m, 'Argon2-Memory: 4194304')
    expect(readKeyFile(Buffer.from(greedy))).toMatchObject({
      kind: 'unusable',
      why: expect.stringContaining('4194304 KiB'),
    })
  })
})

describe('against sshd', () => {
  test.each(kinds)(
    '$name signs in, in every format; the passphrase is asked for once, with its try',
    async (kind) => {
      const formats =
        kind.name === 'ed25519' ? (['openssh'] as const) : (['openssh', 'PEM', 'PKCS8'] as const)
      const made = [
        ...(await Promise.all(formats.map((format) => withKeygen(kind, format, passphrase)))),
        await withPuttygen(kind, 2, passphrase),
        await withPuttygen(kind, 3, passphrase),
      ]
      const authorized = join(sshd.directory, 'authorized_keys')
      const before = await readFile(authorized)
      await writeFile(authorized, made.map(({ publicLine }) => publicLine).join(''), { flag: 'a' })
      for (const { file } of made) {
        const asker = scriptedAsker(({ attempt }) => [attempt === 1 ? 'wrong' : passphrase])
        const transport = open([hopTo(sshd.port, [{ kind: 'key', path: file }])], {
          env: await emptyHome(),
          asker,
        })
        await untilState(transport, 'up')
        expect(asker.prompts.map(({ purpose, attempt }) => [purpose, attempt])).toEqual([
          ['passphrase', 1],
          ['passphrase', 2],
        ])
      }
      await writeFile(authorized, before)
    },
  )

  test('no passphrase is asked for a key that the server would not take', async () => {
    const { file } = await withKeygen(kinds[4] ?? { name: '', keygen: [], putty: [] }, 'openssh', passphrase)
    const asker = scriptedAsker()
    const transport = open([hopTo(sshd.port, [{ kind: 'key', path: file }])], {
      env: await emptyHome(),
      asker,
    })
    const { problem } = await untilState(transport, 'lost')
    expect(problem).toMatchObject({
      code: 'ssh.authFailed',
      params: { user: 'root', tried: 'publickey', offered: 'publickey' },
    })
    expect(JSON.stringify(problem.notes)).toContain(file)
    expect(asker.prompts).toEqual([])
  })
})
