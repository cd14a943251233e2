import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { ConnectedHost } from '../../../main/host/connected-host'
import type { HostPart, Step } from '../../../shared/model/change'
import type { Host } from '../../lab/host'
import { openLab, type Lab } from '../../lab/lab'
import { connectTo } from '../host/connected'
import { changeOf } from './several-lane'
import { leavings, script, title, workbench } from './workbench'

/**
 * Changes that may cut the way by which they are made: they stay only if the host can still be reached by a connection
 * made anew, and are made only where something on the host takes them back.
 */
let lab: Lab
let gate: Host
let strict: Host
let jumps: readonly Host[]
let host: ConnectedHost
beforeAll(async () => {
  lab = await openLab()
  ;[gate, strict, ...jumps] = await Promise.all([
    lab.host({ name: 'gate' }),
    lab.host({
      name: 'strict',
      files: { '/etc/systemd/logind.conf.d/lab.conf': '[Login]\nKillUserProcesses=yes\n' },
    }),
    lab.host({ name: 'hop1' }),
    lab.host({ name: 'hop2' }),
  ])
})
afterAll(() => lab.close())
beforeEach(async () => {
  host = await connectTo(gate, 'admin')
})
afterEach(async () => {
  host.disconnect()
  await gate.must('nft flush ruleset')
  await expect.poll(() => gate.must(leavings), { timeout: 5000 }).toBe('')
})

const rules = (packets: string): Step => ({
  kind: 'runtime',
  title,
  capture: script(':'),
  set: script(
    `nft 'table inet lab_gate { chain input { type filter hook input priority 0; tcp dport 22 ${packets} drop; }; }'`,
  ),
  restore: script('nft delete table inet lab_gate'),
})
/** Every connection made from now on; those that stand go on. */
const newOnes = rules('tcp flags & (syn | ack) == syn')
const all = rules('')
const ttl: Step = {
  kind: 'runtime',
  title,
  capture: { kind: 'argv', argv: ['cat', '/proc/sys/net/ipv4/ip_default_ttl'] },
  set: script('echo 65 >/proc/sys/net/ipv4/ip_default_ttl'),
  restore: script('cat >/proc/sys/net/ipv4/ip_default_ttl'),
}
const filter = () => gate.must('nft list ruleset')
const part = (steps: readonly Step[]): HostPart => ({
  host: host.id,
  touches: 'network',
  steps,
  disturbs: [],
  proof: { capability: 'test', expect: 'applied' },
})

describe('a change that shuts out new connections', () => {
  it('is proved by the old one, and taken back all the same', async () => {
    const bench = workbench([host], { deadlineSeconds: 30, patienceMs: 3000 })
    let seen = ''
    const outcome = await bench.make({
      parts: [part([newOnes])],
      prove: async () => {
        seen = await filter()
        return { ok: true, value: { holds: true, evidence: ['the old way is open'], missing: [] } }
      },
    })
    expect(seen).toContain('dport 22')
    expect(outcome).toMatchObject({ kind: 'rolledBack', problem: { code: 'change.noNewWay', host: 'gate' } })
    expect(await filter()).toBe('')
  })

  it('and old ones too is taken back by the host, and the next contact says so', async () => {
    const bench = workbench([host], { deadlineSeconds: 8, patienceMs: 2500 })
    const parts = [part([newOnes])]
    const outcome = await bench.make({
      parts,
      prove: async () => {
        await gate.must(`nft add rule inet lab_gate input tcp dport 22 drop`)
        return { ok: true, value: { holds: true, evidence: [], missing: [] } }
      },
    })
    expect(outcome).toMatchObject({ kind: 'unknown', problem: { code: 'change.unsettled', host: 'gate' } })
    expect(await filter()).toContain('dport 22')
    if (typeof outcome === 'string' || outcome.kind !== 'unknown') throw new Error('unreachable')
    expect(outcome.seconds).toBeGreaterThan(0)
    await expect.poll(filter, { timeout: 10_000 }).toBe('')
    const [id = ''] = bench.written.keys()
    await expect
      .poll(async () => (await bench.engine.settle(id, changeOf(parts), outcome, false))?.kind, {
        timeout: 20_000,
      })
      .toBe('rolledBack')
  })

  it('from the first step on is taken back by the host though no answer of it comes', async () => {
    const bench = workbench([host], { deadlineSeconds: 5, patienceMs: 1000 })
    void bench.make({ parts: [part([all])] })
    await expect.poll(filter, { timeout: 10_000 }).toContain('dport 22')
    host.disconnect()
    await expect.poll(filter, { timeout: 10_000 }).toBe('')
  })
})

describe('a change after which the way is still there', () => {
  it('is confirmed by a connection made anew through the same jumps, and nobody is asked again', async () => {
    let asked = 0
    const far = await connectTo(gate, 'pat', { jumps, onPrompt: () => (asked += 1) })
    const accepted = () => gate.must(`journalctl -u ssh | grep -c 'Accepted password for pat'`)
    try {
      // Root's password is asked for once.
      expect((await far.unlock(15)).ok).toBe(true)
      const [prompts, connections] = [asked, Number(await accepted())]
      const commands: string[] = []
      const bench = workbench([far])
      expect(
        await bench.make({
          parts: [part([ttl])],
          prove: async () => {
            commands.push(await gate.must('cat /proc/sys/net/ipv4/ip_default_ttl'))
            return { ok: true, value: { holds: true, evidence: [], missing: [] } }
          },
        }),
      ).toMatchObject({ kind: 'proved' })
      expect(commands).toEqual(['65\n'])
      expect(await gate.must('cat /proc/sys/net/ipv4/ip_default_ttl')).toBe('65\n')
      // The journal of the host writes a moment later.
      await expect.poll(async () => Number(await accepted()), { timeout: 10_000 }).toBe(connections + 1)
      expect(asked).toBe(prompts)
      // It is closed again.
      await expect.poll(() => gate.must(`pgrep -cu pat -f '^sshd: pat'`), { timeout: 5000 }).toBe('1\n')
    } finally {
      far.disconnect()
      await gate.must('echo 64 >/proc/sys/net/ipv4/ip_default_ttl')
    }
  })
})

describe('where nothing outlives the login', () => {
  const make = async (account: 'plain' | 'admin', need?: 'none') => {
    const it = await connectTo(strict, account)
    try {
      const steps: readonly Step[] = [
        { ...ttl, capture: script(':'), set: script(':'), restore: script(':') },
      ]
      return await workbench([it]).make({
        steps,
        touches: 'network',
        ...(need === undefined ? {} : { need }),
      })
    } finally {
      it.disconnect()
    }
  }

  it('a change that may cut the way is not made', async () => {
    expect(await make('plain', 'none')).toBe('change.unprotected')
    expect(await strict.must('ls -A /home/plain/.local/state 2>/dev/null || true')).toBe('')
  })

  it('it is made by root, and by an account that lingers', async () => {
    expect(await make('admin')).toMatchObject({ kind: 'proved' })
    await strict.must('loginctl enable-linger plain')
    expect(await make('plain', 'none')).toMatchObject({ kind: 'proved' })
  })

  it('another host of the same change counts by itself', async () => {
    await strict.must('loginctl disable-linger plain')
    const there = await connectTo(strict, 'plain', { id: 'there' })
    try {
      const parts: readonly HostPart[] = [
        { ...part([]), touches: 'network' },
        { ...part([]), host: 'there', need: 'none' },
      ]
      const planned = await workbench([host, there]).plan({ parts })
      expect(planned).toMatchObject({ ok: false, problem: { code: 'change.unprotected', host: 'strict' } })
    } finally {
      there.disconnect()
    }
  })
})
