import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { openLab } from '../../lab/lab'
import type { Lab } from '../../lab/lab'
import { closeTransports, emptyHome, hopTo, open, scriptedAsker, text, untilState, value } from './harness'

/** Milliseconds. `roundTrip` is that of each hop; the others are the longest that each thing may take. */
interface FarAway {
  readonly roundTrip: number
  readonly signIn: number
  readonly exec: number
  readonly overflow: number
}

/** Three jump hosts, each some way from the one before it: a lab of its own, as the wires are slowed. */
export function testFarAway(limits: FarAway): void {
  let lab: Lab
  beforeAll(async () => {
    lab = await openLab()
    await Promise.all(['jump1', 'jump2', 'jump3'].map((name) => lab.host({ name })))
    await lab.host({ name: 'target', sshd: { MaxSessions: 1 } })
    // A packet between two hosts passes both their wires, so each has half of the way.
    await Promise.all(
      ['jump1', 'jump2', 'jump3', 'target'].map((name) => lab.network.delay(name, limits.roundTrip / 2)),
    )
  })
  afterAll(() => lab.close())
  afterEach(closeTransports)

  test(`sign-in, facts in one round trip, a terminal and an overflow connection through three jumps at ${String(limits.roundTrip)} ms`, async () => {
    const hop = (name: string) =>
      hopTo(22, [{ kind: 'key', path: lab.keys.ed25519 }], {
        address: lab.find(name).address,
        user: 'admin',
        name,
      })
    const asker = scriptedAsker()
    const steps = new Set<string>()
    const begun = Date.now()
    const transport = open(['jump1', 'jump2', 'jump3', 'target'].map(hop), { env: await emptyHome(), asker })
    transport.onState((state) => {
      if (state.kind === 'connecting') steps.add(`${state.hop}: ${state.step}`)
    })
    await untilState(transport, 'up', 60_000)
    const signedIn = Date.now() - begun
    expect(asker.hostKeys.map(({ host }) => host)).toEqual(['jump1', 'jump2', 'jump3', 'target'])
    expect(steps).toContain('target: sign-in')
    const asked = Date.now()
    const facts = value(await transport.exec('hostname', { maxBytes: 1000, timeoutMs: 20_000 }))
    const exec = Date.now() - asked
    expect(text(facts.stdout)).toBe('target\n')
    const opened = Date.now()
    const shell = value(await transport.shell({ pty: { term: 'xterm', columns: 80, rows: 24 } }))
    shell.stream.resume()
    // MaxSessions 1: this one needs a connection of its own, through the same jumps.
    const second = value(await transport.exec('hostname', { maxBytes: 1000, timeoutMs: 30_000 }))
    const overflow = Date.now() - opened
    expect(text(second.stdout)).toBe('target\n')
    expect(asker.prompts).toEqual([])
    // Seven round trips a hop, and what the machines need.
    expect(signedIn).toBeLessThan(limits.signIn)
    expect(exec).toBeLessThan(limits.exec)
    expect(overflow).toBeLessThan(limits.overflow)
  }, 90_000)
}
