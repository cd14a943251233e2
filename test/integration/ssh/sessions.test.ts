import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { closeTransports, emptyHome, hopTo, open, scriptedAsker, text, untilState, value } from './harness'
import { sshKeygen, startSshd } from './local-sshd'
import type { LocalSshd } from './local-sshd'

const pty = { term: 'xterm', columns: 80, rows: 24 }
const bounds = { maxBytes: 100_000, timeoutMs: 20_000 }

describe.each([10, 2, 1])('MaxSessions %i', (max) => {
  let sshd: LocalSshd
  beforeAll(async () => {
    sshd = await startSshd([`MaxSessions ${max}`])
    // Few rounds: how long a passphrase takes is not what is looked at here.
    await sshKeygen('-q', '-p', '-a', '2', '-N', 'secret', '-f', sshd.keyFile)
  })
  afterAll(() => sshd.stop())
  afterEach(closeTransports)

  async function connected() {
    const asker = scriptedAsker(() => ['secret'])
    const route = [hopTo(sshd.port, [{ kind: 'key', path: sshd.keyFile }])]
    const transport = open(route, { env: await emptyHome(), asker })
    await untilState(transport, 'up')
    return { transport, asker }
  }

  const connections = async () => ((await sshd.log()).match(/Accepted publickey/g) ?? []).length

  test('twelve commands at once, three terminals and a stream are all served, and the user is asked once', async () => {
    const { transport, asker } = await connected()
    const before = await connections()
    const terminals = await Promise.all([1, 2, 3].map(async () => value(await transport.shell({ pty }))))
    for (const { stream } of terminals) stream.resume()
    const stream = value(await transport.open('cat', {}))
    stream.stderr?.resume()
    const answers = await Promise.all(
      Array.from({ length: 12 }, (_, index) => transport.exec(`sleep 0.1; echo ${index}`, bounds)),
    )
    expect(answers.map((answer) => text(value(answer).stdout).trim())).toEqual(
      Array.from({ length: 12 }, (_, index) => String(index)),
    )
    stream.stream.end('still here')
    let echoed = ''
    stream.stream.on('data', (chunk: Buffer) => (echoed += chunk.toString('utf8')))
    expect((await stream.closed).code).toBe(0)
    expect(echoed).toBe('still here')
    for (const terminal of terminals) terminal.close()
    await Promise.all(terminals.map(({ closed }) => closed))
    expect(asker.prompts).toHaveLength(1)
    expect(asker.hostKeys).toHaveLength(1)
    const more = (await connections()) - before
    expect(more).toBeLessThanOrEqual(max === 10 ? 1 : 7)
    const state = transport.state
    const notes = state.kind === 'up' ? state.notes.filter(({ code }) => code === 'sessionLimit') : []
    expect(notes.map(({ params }) => params['limit'])).toEqual(max === 10 ? [] : [max])
  })

  test('commands one after the other share one connection', async () => {
    const { transport } = await connected()
    const before = await connections()
    for (let i = 0; i < 15; i++) value(await transport.exec('true', bounds))
    expect(await connections()).toBe(before)
  })
})

describe('MaxSessions 10', () => {
  let sshd: LocalSshd
  beforeAll(async () => {
    sshd = await startSshd(['MaxSessions 10'])
  })
  afterAll(() => sshd.stop())
  afterEach(closeTransports)

  test('a session that is ending, and that sshd still counts, teaches no lower limit', async () => {
    const transport = open([hopTo(sshd.port, [{ kind: 'key', path: sshd.keyFile }])], {
      env: await emptyHome(),
    })
    await untilState(transport, 'up')
    const held = await Promise.all([1, 2, 3, 4].map(async () => value(await transport.shell({ pty }))))
    for (const { stream } of held) stream.resume()
    const answers = await Promise.all(
      Array.from({ length: 200 }, (_, index) => transport.exec(`echo ${index}`, bounds)),
    )
    expect(answers.map((answer) => text(value(answer).stdout).trim())).toEqual(
      Array.from({ length: 200 }, (_, index) => String(index)),
    )
    const { state } = transport
    expect(state.kind === 'up' && state.notes.filter(({ code }) => code === 'sessionLimit')).toEqual([])
  })
})

describe('MaxSessions 0', () => {
  let sshd: LocalSshd
  beforeAll(async () => {
    sshd = await startSshd(['MaxSessions 0'])
  })
  afterAll(() => sshd.stop())
  afterEach(closeTransports)

  test('is told, not tried for ever; forwards still work', async () => {
    const transport = open([hopTo(sshd.port, [{ kind: 'key', path: sshd.keyFile }])], {
      env: await emptyHome(),
    })
    const answer = await transport.exec('true', bounds)
    expect(answer).toMatchObject({ ok: false, problem: { code: 'ssh.sessionRefused' } })
    const channel = value(await transport.forward('127.0.0.1', sshd.port))
    const banner = await new Promise((resolve) =>
      channel.stream.once('data', (chunk: Buffer) => resolve(chunk.toString())),
    )
    expect(banner).toMatch(/^SSH-2\.0-/)
    channel.close()
  })
})
