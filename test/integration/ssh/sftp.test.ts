import { createHash, randomBytes } from 'node:crypto'
import { chmod, mkdir, mkdtemp, readdir, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { closeTransports, emptyHome, hopTo, open, value } from './harness'
import { startSshd } from './local-sshd'
import type { LocalSshd } from './local-sshd'

let sshd: LocalSshd
let directory: string
beforeAll(async () => {
  sshd = await startSshd()
  directory = await mkdtemp(join(tmpdir(), 'wharfmaster-sftp-'))
})
afterAll(async () => {
  await sshd.stop()
  await rm(directory, { recursive: true, force: true })
})
afterEach(closeTransports)

const transport = async (port = sshd.port, keyFile = sshd.keyFile) =>
  open([hopTo(port, [{ kind: 'key', path: keyFile }])], { env: await emptyHome() })
const sftp = async () => value(await (await transport()).sftp())
const sha = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex')

describe('reading', () => {
  test.each([0, 1, 32_768, 32_769, 3_000_001])('%i bytes come as they are', async (size) => {
    const bytes = randomBytes(size)
    const path = join(directory, `read-${size}`)
    await writeFile(path, bytes)
    const got = value(await (await sftp()).readFile(path, 4_000_000))
    expect(sha(got)).toBe(sha(bytes))
  })

  test('files that say they are empty are read to their end', async () => {
    const got = value(await (await sftp()).readFile('/proc/version', 100_000))
    expect(Buffer.from(got).toString()).toContain('Linux version')
  })

  test('is bounded, also where the size is not told', async () => {
    const files = await sftp()
    const path = join(directory, 'large')
    await writeFile(path, Buffer.alloc(100_000))
    expect(await files.readFile(path, 99_999)).toMatchObject({
      ok: false,
      problem: { code: 'ssh.fileTooLarge' },
    })
    expect(await files.readFile('/dev/zero', 200_000)).toMatchObject({
      ok: false,
      problem: { code: 'ssh.fileTooLarge' },
    })
  })

  test('what is missing, forbidden or no file is a problem of its own', async () => {
    const files = await sftp()
    expect(await files.readFile(join(directory, 'none'), 10)).toMatchObject({
      ok: false,
      problem: { code: 'ssh.fileMissing' },
    })
    expect(await files.readFile(directory, 10_000_000)).toMatchObject({
      ok: false,
      problem: { code: 'ssh.fileFailed' },
    })
    expect(await files.readFile('not-utf8-\udcff', 10)).toMatchObject({
      ok: false,
      problem: { code: 'ssh.fileFailed' },
    })
    expect(await files.readdir('/nowhere', 10)).toMatchObject({
      ok: false,
      problem: { code: 'ssh.fileMissing' },
    })
  })

  test('a directory is listed, sorted, with facts, and bounded', async () => {
    const path = join(directory, 'list')
    await mkdir(join(path, 'sub'), { recursive: true })
    await writeFile(join(path, 'b 名'), 'x')
    await symlink('b', join(path, 'a-link'))
    await writeFile(Buffer.concat([Buffer.from(`${path}/z`), Buffer.from([0xff])]), '')
    const files = await sftp()
    const all = value(await files.readdir(path, 100))
    expect(all.entries.map(({ name, kind, unnameable }) => [name, kind, unnameable])).toEqual([
      ['a-link', 'link', false],
      ['b 名', 'file', false],
      ['sub', 'directory', false],
      ['z\ufffd', 'file', true],
    ])
    expect(all.more).toBe(false)
    expect(value(await files.readdir(path, 2))).toMatchObject({ more: true, entries: [{}, {}] })
    expect(value(await files.stat(join(path, 'b 名')))).toMatchObject({ kind: 'file', size: 1, uid: 0 })
  })
})

describe('writing', () => {
  test.each([0, 1, 1_234_567])('%i bytes arrive whole, with nothing left beside', async (size) => {
    const bytes = randomBytes(size)
    const path = join(directory, 'written', `file-${size}`)
    await mkdir(join(directory, 'written'), { recursive: true })
    value(await (await sftp()).writeFile(path, bytes, 0o640))
    expect(sha(await readFile(path))).toBe(sha(bytes))
    expect((await stat(path)).mode & 0o7777).toBe(0o640)
    expect((await readdir(join(directory, 'written'))).filter((name) => name.endsWith('.part'))).toEqual([])
  })

  test('an existing file keeps its mode; a link stays a link', async () => {
    const path = join(directory, 'kept')
    const link = join(directory, 'kept-link')
    await writeFile(path, 'old')
    await chmod(path, 0o4711)
    await symlink('kept', link)
    value(await (await sftp()).writeFile(link, Buffer.from('new'), 0o600))
    expect(await readFile(path, 'utf8')).toBe('new')
    expect((await stat(path)).mode & 0o7777).toBe(0o4711)
    expect(
      (await readdir(directory, { withFileTypes: true }))
        .find(({ name }) => name === 'kept-link')
        ?.isSymbolicLink(),
    ).toBe(true)
  })

  test('a directory that is not there is told, and nothing is left', async () => {
    const answer = await (await sftp()).writeFile(join(directory, 'no', 'such'), Buffer.from('x'), 0o600)
    expect(answer).toMatchObject({ ok: false, problem: { code: 'ssh.fileMissing' } })
  })

  test('a full disk leaves the old file as it was', async () => {
    const { stdout } = value(
      await (await transport()).exec(`stat -c %s /dev/full`, { maxBytes: 100, timeoutMs: 5000 }),
    )
    expect(stdout.length).toBeGreaterThan(0)
    const small = join(directory, 'small')
    await mkdir(small)
    const shell = await transport()
    value(
      await shell.exec(`mount -t tmpfs -o size=64k none ${small} && echo old > ${small}/file`, {
        maxBytes: 100,
        timeoutMs: 5000,
      }),
    )
    try {
      const answer = await (await sftp()).writeFile(join(small, 'file'), randomBytes(200_000), 0o600)
      expect(answer).toMatchObject({ ok: false, problem: { code: 'ssh.fileFailed' } })
      expect(await readFile(join(small, 'file'), 'utf8')).toBe('old\n')
      expect(await readdir(small)).toEqual(['file'])
    } finally {
      value(await shell.exec(`umount ${small}`, { maxBytes: 100, timeoutMs: 5000 }))
    }
  })
})

test.each(['Subsystem other /bin/true', 'Subsystem sftp /nonexistent/sftp-server'])(
  'a host with "%s" says so',
  async (line) => {
    const bare = await startSshd([line])
    try {
      const connection = await transport(bare.port, bare.keyFile)
      expect(await connection.sftp()).toMatchObject({ ok: false, problem: { code: 'ssh.sftpUnavailable' } })
      value(await connection.exec('true', { maxBytes: 10, timeoutMs: 5000 }))
    } finally {
      await bare.stop()
    }
  },
)

test('what is under way when the connection goes fails with a problem', async () => {
  const connection = await transport()
  const files = value(await connection.sftp())
  const path = join(directory, 'cut-off')
  await writeFile(path, randomBytes(20_000_000))
  const reading = files.readFile(path, 30_000_000)
  connection.close()
  expect(await reading).toMatchObject({ ok: false, problem: { code: 'ssh.lost' } })
})
