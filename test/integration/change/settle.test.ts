import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { ConnectedHost } from '../../../main/host/connected-host'
import type { Answer, ChangeOutcome } from '../../../shared/contract'
import type { Verdict } from '../../../main/capability/capability'
import type { Change, HostPart } from '../../../shared/model/change'
import type { Host } from '../../lab/host'
import { openLab, type Lab } from '../../lab/lab'
import { connectTo } from '../host/connected'
import { workbench, writeStep } from './workbench'

/**
 * What a later contact makes of a change whose end nobody heard. Its app is not dead here, but stuck: it waits for a
 * proof that does not come, as an app that was killed waits for nothing any more.
 */
let lab: Lab
let dock: Host
let pier: Host
let atDock: ConnectedHost
let atPier: ConnectedHost

beforeAll(async () => {
  lab = await openLab()
  ;[dock, pier] = await Promise.all([lab.host({ name: 'dock' }), lab.host({ name: 'pier' })])
  ;[atDock, atPier] = await Promise.all([
    connectTo(dock, 'admin', { id: 'dock' }),
    connectTo(pier, 'admin', { id: 'pier' }),
  ])
})
afterAll(async () => {
  atDock.disconnect()
  atPier.disconnect()
  await lab.close()
})
beforeEach(async () => {
  for (const host of [dock, pier]) await host.must('mkdir -p /srv/t; printf before >/srv/t/file')
})

const partOn = async (host: ConnectedHost): Promise<HostPart> => ({
  host: host.id,
  steps: [await writeStep(host, '/srv/t/file', 'after')],
  disturbs: [],
  proof: { capability: 'test', expect: 'applied' },
})
const changeOf = (parts: readonly HostPart[]): Change => ({
  title: { key: 'test', params: {} },
  reason: '',
  intent: null,
  parts,
})
const content = (host: Host) => host.must('cat /srv/t/file')

/** Made up to its proof, and held there. */
async function stuck(parts: readonly HostPart[], where: readonly Host[]) {
  const hosts = [atDock, atPier]
  const bench = workbench(hosts)
  let release: (verdict: Answer<Verdict>) => void = () => undefined
  const proof = new Promise<Answer<Verdict>>((resolve) => (release = resolve))
  const planned = await bench.plan({ parts, prove: () => proof })
  if (!planned.ok) throw new Error(planned.problem.code)
  const { id, digest } = planned.value
  const made = bench.engine.apply(id, digest)
  for (const host of where) await expect.poll(() => content(host), { timeout: 10_000 }).toBe('after')
  return {
    id,
    /** The app wakes up, finds that it holds, and wants to say so. */
    wake: async () => {
      release({ ok: true, value: { holds: true, evidence: [], missing: [] } })
      return made
    },
    later: workbench(hosts).engine,
  }
}

describe('a change whose end nobody heard', () => {
  it('is said to be taken back in so many seconds while its host waits, and is confirmed by its own app', async () => {
    const parts = [await partOn(atDock)]
    const { id, later, wake } = await stuck(parts, [dock])
    const settled = await later.settle(id, changeOf(parts), null, false)
    expect(settled).toMatchObject({ kind: 'unknown', problem: { code: 'change.unsettled' } })
    if (settled?.kind !== 'unknown') throw new Error('unreachable')
    expect(settled.seconds).toBeGreaterThan(30)
    expect(settled.seconds).toBeLessThan(600)
    expect(await wake()).toMatchObject({ ok: true, value: { kind: 'proved' } })
    expect(await later.settle(id, changeOf(parts), settled, false)).toMatchObject({ kind: 'proved' })
  })

  it('is taken back at contact where what should have done it is gone', async () => {
    const parts = [await partOn(atDock)]
    const { id, later, wake } = await stuck(parts, [dock])
    await dock.must(`systemctl kill -s KILL wharfmaster-watch-${id}.service`)
    await expect
      .poll(async () => (await later.settle(id, changeOf(parts), null, false))?.kind, { timeout: 5000 })
      .toBe('rolledBack')
    expect(await content(dock)).toBe('before')
    expect(await wake()).toMatchObject({
      ok: true,
      value: { kind: 'rolledBack', problem: { code: 'change.tookBackBefore' } },
    })
    expect(await content(dock)).toBe('before')
  })

  it('on two hosts is not said to hold before one of them has heard so', async () => {
    const parts = [await partOn(atDock), await partOn(atPier)]
    const { id, later, wake } = await stuck(parts, [dock, pier])
    expect(await later.settle(id, changeOf(parts), null, false)).toMatchObject({ kind: 'unknown' })
    expect(await wake()).toMatchObject({ ok: true, value: { kind: 'proved' } })

    // A host that is known to be confirmed stays so when it cannot be asked.
    const half = (confirmed: string, waiting: string): ChangeOutcome => ({
      kind: 'halfConfirmed',
      problem: { code: 'change.halfConfirmed', params: {} },
      confirmed: [confirmed],
      waiting: [waiting],
      seconds: 60,
    })
    atPier.disconnect()
    expect(await later.settle(id, changeOf(parts), half(atPier.id, atDock.id), true)).toMatchObject({
      kind: 'proved',
    })
    expect(await later.settle(id, changeOf(parts), null, false)).toMatchObject({
      kind: 'halfConfirmed',
      confirmed: [atDock.id],
      waiting: [atPier.id],
    })
    atDock.disconnect()
    expect(await later.settle(id, changeOf(parts), half(atPier.id, atDock.id), true)).toBeNull()
  })
})
