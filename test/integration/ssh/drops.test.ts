import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import type { ConnectionState } from '../../../main/ssh'
import { closeTransports, emptyHome, hopTo, open, scriptedAsker, text, untilState, value } from './harness'
import { sshKeygen, startSshd } from './local-sshd'
import type { LocalSshd } from './local-sshd'
import { startRelay } from './relay'
import type { Relay } from './relay'

let sshd: LocalSshd
let relay: Relay
beforeAll(async () => {
  sshd = await startSshd()
  await sshKeygen('-q', '-p', '-N', 'secret', '-f', sshd.keyFile)
})
afterAll(() => sshd.stop())
afterEach(() => {
  closeTransports()
  relay.close()
})

async function connected(more: { keepaliveMs?: number; pauses?: readonly number[] } = {}) {
  relay = await startRelay(sshd.port)
  const asker = scriptedAsker(() => ['secret'])
  const route = [hopTo(relay.port, [{ kind: 'key', path: sshd.keyFile }])]
  const transport = open(route, { env: await emptyHome(), asker, pauses: [100, 200, 400], ...more })
  await untilState(transport, 'up')
  const states: ConnectionState[] = []
  transport.onState((state) => states.push(state))
  return { transport, asker, states }
}

const bounds = { maxBytes: 1000, timeoutMs: 10_000 }

describe('a connection that drops', () => {
  test('is noticed when the wire goes dead, told, and mended without a question', async () => {
    const { transport, asker, states } = await connected({ keepaliveMs: 300 })
    const running = transport.exec('sleep 60', { maxBytes: 1000, timeoutMs: 60_000 })
    const terminal = value(await transport.shell({ pty: { term: 'xterm', columns: 80, rows: 24 } }))
    terminal.stream.resume()
    const begun = Date.now()
    relay.cut()
    const lost = await untilState(transport, 'lost')
    expect(Date.now() - begun, 'long before the command ends').toBeLessThan(30_000)
    expect(lost.problem.code).toBe('ssh.lost')
    expect(lost.retryAt).toBeGreaterThan(begun)
    expect(await running).toMatchObject({ ok: false, problem: { code: 'ssh.lost' } })
    expect(await terminal.closed).toMatchObject({ lost: true })
    relay.mend()
    await untilState(transport, 'up')
    expect(states.map(({ kind }) => kind)).toContain('connecting')
    expect(text(value(await transport.exec('echo back', bounds)).stdout)).toBe('back\n')
    expect(asker.prompts).toHaveLength(1)
    expect(asker.hostKeys).toHaveLength(1)
  })

  test('is told at once when it is reset, and what ran is never run again', async () => {
    const { transport } = await connected()
    const mark = `/tmp/wharfmaster-replay-${process.pid}`
    const running = transport.exec(`echo ran >> ${mark}; sleep 30`, { maxBytes: 1000, timeoutMs: 60_000 })
    await new Promise((resolve) => setTimeout(resolve, 500))
    relay.reset()
    expect(await running).toMatchObject({ ok: false, problem: { code: 'ssh.lost' } })
    await untilState(transport, 'up')
    const count = value(await transport.exec(`sleep 0.5; cat ${mark}; rm ${mark}`, bounds))
    expect(text(count.stdout)).toBe('ran\n')
  })

  test('is tried again with growing pauses, until it is closed', async () => {
    const { transport, states } = await connected({ pauses: [50, 150, 450] })
    relay.close()
    await expect
      .poll(() => states.filter(({ kind }) => kind === 'lost').length, { timeout: 20_000 })
      .toBeGreaterThanOrEqual(4)
    transport.close()
    expect(transport.state.kind).toBe('closed')
    const count = states.length
    await new Promise((resolve) => setTimeout(resolve, 700))
    expect(states.length).toBe(count)
    const lost = states.filter((state) => state.kind === 'lost')
    expect(lost.slice(1).every((state) => state.problem.code === 'ssh.refused')).toBe(true)
  })

  test('a call while it is lost fails at once with the reason; retry() tries now', async () => {
    const { transport } = await connected({ pauses: [60_000] })
    relay.reset()
    await untilState(transport, 'lost')
    expect(await transport.exec('true', bounds)).toMatchObject({ ok: false, problem: { code: 'ssh.lost' } })
    transport.retry()
    value(await transport.exec('true', bounds))
  })
})

describe('closing', () => {
  test('ends what runs and what waits', async () => {
    const { transport } = await connected()
    const running = transport.exec('sleep 60', { maxBytes: 1000, timeoutMs: 60_000 })
    await new Promise((resolve) => setTimeout(resolve, 300))
    transport.close()
    expect(await running).toMatchObject({ ok: false })
    expect(await transport.exec('true', bounds)).toMatchObject({ ok: false, problem: { code: 'ssh.closed' } })
  })

  test('while it is still connecting, nothing stays behind', async () => {
    relay = await startRelay(sshd.port)
    relay.cut()
    const transport = open([hopTo(relay.port, [{ kind: 'password' }])], { env: await emptyHome() })
    const waiting = transport.exec('true', bounds)
    await new Promise((resolve) => setTimeout(resolve, 200))
    transport.close()
    expect(await waiting).toMatchObject({ ok: false, problem: { code: 'ssh.closed' } })
  })
})
