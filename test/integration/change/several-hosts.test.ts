import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import type { Step } from '../../../shared/model/change'
import { openLab, type Lab } from '../../lab/lab'
import {
  before,
  changeOf,
  cutAt,
  leftOn,
  names,
  openSeveral,
  partsOn,
  points,
  resetAll,
  settled,
  statesOf,
  type Several,
} from './several-lane'
import { script, title, workbench } from './workbench'

/** One change on a director and two real servers: they are all before it or all after it. */
vi.mock('../../../main/host/change/journal.sh?raw', async (load) => {
  const { withFaultPoints } = await import('./fault-point')
  const { default: journal } = await load<{ default: string }>()
  return { default: withFaultPoints(journal) }
})

let lab: Lab
let several: Several
beforeAll(async () => {
  lab = await openLab()
  several = await openSeveral(lab)
})
afterAll(async () => {
  several.close()
  await lab.close()
})
afterEach(() => Promise.all(names.map((name) => lab.network.mend(name))))
beforeEach(async () => {
  await resetAll(several)
  for (const host of several.all) expect(await host.whenUp(20_000)).toBe(true)
})

const all = (word: string) => [word, word, word]
const holds = { ok: true, value: { holds: true, evidence: ['seen'], missing: [] } } as const
const journals = (on: 'lvs' | 'shop1' | 'shop2') =>
  several.real[on].must('ls -A /var/lib/wharfmaster/changes 2>/dev/null | wc -l')

describe('a change on three hosts', () => {
  it('is made on all of them in its order, and proved by each', async () => {
    const bench = workbench(several.all)
    expect(await bench.make({ parts: await partsOn(several.all) })).toEqual({
      kind: 'proved',
      evidence: ['seen', 'seen', 'seen'],
    })
    expect(await statesOf(several)).toEqual(all('after'))
    // The kernel, and so its clock, is one.
    const when = await Promise.all(names.map((name) => several.real[name].must('cat /srv/t/.when')))
    expect([...when].sort()).toEqual(when)
    await settled(several)
    expect(await leftOn(several)).toBe('')
  })

  it('is taken back everywhere when a step fails on the second', async () => {
    const [first, second, third] = await partsOn(several.all)
    if (first === undefined || second === undefined || third === undefined) throw new Error('no parts')
    const failing: Step = {
      kind: 'daemon',
      title,
      daemon: 'd',
      action: 'reload',
      before: null,
      command: script('echo no such luck >&2; exit 3'),
      restore: script(':'),
    }
    const parts = [first, { ...second, steps: [...second.steps, failing] }, third]
    expect(await workbench(several.all).make({ parts })).toMatchObject({
      kind: 'rolledBack',
      problem: { code: 'change.stepFailed', host: 'shop1' },
    })
    expect(await statesOf(several)).toEqual(all('before'))
    // The third was never told to begin.
    expect(await several.real.shop2.sh('test -e /srv/t/.when')).toMatchObject({ code: 1 })
    await settled(several)
    expect(await leftOn(several)).toBe('')
  })

  it('is taken back everywhere when the proof fails on the third', async () => {
    let asked = 0
    const bench = workbench(several.all, { proofPatienceMs: 0 })
    const outcome = await bench.make({
      parts: await partsOn(several.all),
      prove: () => {
        asked += 1
        return Promise.resolve(
          asked < 3 ? holds : { ok: true, value: { holds: false, evidence: [], missing: ['it'] } },
        )
      },
    })
    expect(outcome).toMatchObject({
      kind: 'rolledBack',
      problem: { code: 'change.notProved', host: 'shop2' },
    })
    expect(await statesOf(several)).toEqual(all('before'))
  })

  it('is refused, with nothing left anywhere, when the third is not as it was planned', async () => {
    const bench = workbench(several.all)
    const parts = await partsOn(several.all)
    await several.real.shop2.must('printf mine >/srv/t/file')
    const third = await journals('shop2')
    expect(await bench.make({ parts })).toMatch(/^change.conflict [^]*-before\n\+mine/)
    expect(await statesOf(several)).toEqual(['before', 'before', JSON.stringify('mine\nbefore')])
    expect([...bench.written.values()]).toEqual([])
    await settled(several)
    expect(await leftOn(several)).toBe('')
    expect(await journals('shop2')).toBe(third)
  })

  it('is refused when two of its hosts are one and the same', async () => {
    const twin = new Proxy(several.hosts.shop1, {
      get: (target, key): unknown => {
        const value: unknown = key === 'id' ? 'twin' : Reflect.get(target, key, target)
        return typeof value === 'function' ? value.bind(target) : value
      },
    })
    const parts = await partsOn([several.hosts.shop1, twin])
    expect(await workbench([several.hosts.shop1, twin]).make({ parts })).toMatch(/^change.hostBusy/)
    expect(await statesOf(several)).toEqual(all('before'))
    await settled(several)
    expect(await leftOn(several)).toBe('')
  })

  it('is taken back when it is cancelled while its hosts are told to wait for the last word', async () => {
    const cancelling = before(several.hosts.shop2, 'hold', () => {
      for (const id of bench.written.keys()) bench.engine.cancel(id)
      return Promise.resolve('send')
    })
    const bench = workbench([several.hosts.lvs, several.hosts.shop1, cancelling])
    expect(await bench.make({ parts: await partsOn(several.all) })).toMatchObject({
      kind: 'rolledBack',
      problem: { code: 'app.cancelled' },
    })
    expect(await statesOf(several)).toEqual(all('before'))
  })

  it('is taken back when the deadline of the first passes while the others are being changed', async () => {
    const parts = await partsOn(several.all)
    const slow: Step = {
      kind: 'runtime',
      title,
      capture: script(':'),
      set: script('sleep 4'),
      restore: script(':'),
    }
    const [first, second, third] = parts
    if (first === undefined || second === undefined || third === undefined) throw new Error('no parts')
    const late = { ...third, steps: [...third.steps, slow] }
    const bench = workbench(several.all, { deadlineSeconds: 3 })
    expect(await bench.make({ parts: [first, second, late] })).toMatchObject({ kind: 'rolledBack' })
    expect(await statesOf(several)).toEqual(all('before'))
    await settled(several)
    expect(await leftOn(several)).toBe('')
  })
})

describe('a link that breaks', () => {
  it.each(points.map((point, at) => ({ point, on: names[at % 3] ?? 'lvs' })))(
    'at $point of $on leaves all before or all after',
    async (cut) => {
      const { outcome, states, left } = await cutAt(several, cut)
      const made = typeof outcome !== 'string' && outcome.kind === 'proved'
      expect(states, JSON.stringify(outcome)).toEqual(all(made ? 'after' : 'before'))
      expect(typeof outcome === 'string' ? 'refused' : outcome.kind).toMatch(/^(proved|rolledBack|refused)$/)
      expect(left).toBe('')
    },
  )

  it('right after the proof: all of it is taken back, by the host itself where nobody reaches it', async () => {
    const bench = workbench(several.all, { deadlineSeconds: 9, patienceMs: 2500, holdSeconds: 5 })
    let asked = 0
    const outcome = await bench.make({
      parts: await partsOn(several.all),
      prove: async () => {
        asked += 1
        if (asked === 3) await lab.network.cut('shop2')
        return holds
      },
    })
    expect(outcome).toMatchObject({ kind: 'unknown', problem: { code: 'change.unsettled', host: 'shop2' } })
    expect(await statesOf(several)).toEqual(['before', 'before', 'after'])
    await several.real.shop2.must(
      'i=0; while [ -e /var/lib/wharfmaster/lock ] && [ $i -lt 100 ]; do sleep 0.1; i=$((i+1)); done',
    )
    expect(await statesOf(several)).toEqual(all('before'))
    await lab.network.mend('shop2')
    const [id] = bench.written.keys()
    if (id === undefined || typeof outcome === 'string') throw new Error('nothing was made')
    await expect
      .poll(
        async () =>
          (await bench.engine.settle(id, changeOf(await partsOn(several.all)), outcome, false))?.kind,
        {
          timeout: 20_000,
        },
      )
      .toBe('rolledBack')
    // What arrives late finds it decided.
    expect(await statesOf(several)).toEqual(all('before'))
  })

  it('between the proof of all and the last word: the others stay, and this one can be told later', async () => {
    const cutting = before(several.hosts.shop2, 'confirm', async () => {
      await lab.network.cut('shop2')
      return 'send'
    })
    const bench = workbench([several.hosts.lvs, several.hosts.shop1, cutting], {
      deadlineSeconds: 10,
      patienceMs: 2500,
      holdSeconds: 40,
    })
    const parts = await partsOn(several.all)
    const outcome = await bench.make({ parts })
    expect(outcome).toMatchObject({
      kind: 'halfConfirmed',
      problem: { params: { confirmed: 'lvs, shop1', waiting: 'shop2', back: '' } },
      confirmed: ['lvs', 'shop1'],
      waiting: ['shop2'],
    })
    if (typeof outcome === 'string' || outcome.kind !== 'halfConfirmed') throw new Error('unreachable')
    expect(outcome.seconds).toBeGreaterThan(30)
    expect(outcome.seconds).toBeLessThanOrEqual(40)
    // Longer than the first deadline was.
    await several.real.shop2.must('sleep 9')
    expect(await statesOf(several)).toEqual(all('after'))
    await lab.network.mend('shop2')
    const [id] = bench.written.keys()
    if (id === undefined) throw new Error('nothing was made')
    const { engine } = workbench(several.all)
    await expect
      .poll(async () => (await engine.settle(id, changeOf(parts), outcome, true))?.kind, { timeout: 20_000 })
      .toBe('proved')
    expect(await statesOf(several)).toEqual(all('after'))
    await settled(several)
    expect(await leftOn(several)).toBe('')
  })
})

describe('an app that dies', () => {
  it('before its first last word: every host takes it back when it has waited long enough', async () => {
    const dead = several.all.map((host) => before(host, 'confirm', () => Promise.resolve('never')))
    const bench = workbench(dead, { deadlineSeconds: 20, holdSeconds: 3 })
    void bench.make({ parts: await partsOn(several.all) })
    await expect.poll(() => statesOf(several), { timeout: 15_000 }).toEqual(all('after'))
    await settled(several)
    expect(await statesOf(several)).toEqual(all('before'))
    expect(await leftOn(several)).toBe('')
  })

  it('after its first last word: the next contact says which host stays and which waits, and can tell it', async () => {
    const [first, ...others] = several.all
    if (first === undefined) throw new Error('no hosts')
    const dead = others.map((host) => before(host, 'confirm', () => Promise.resolve('never')))
    const bench = workbench([first, ...dead], { deadlineSeconds: 20, holdSeconds: 8 })
    const parts = await partsOn(several.all)
    void bench.make({ parts })
    const [id] = await vi.waitUntil(() => (bench.written.size > 0 ? [...bench.written.keys()] : null))
    if (id === undefined) throw new Error('nothing is being made')
    await several.real.lvs.must(
      `i=0; while [ ! -e /var/lib/wharfmaster/changes/${id}/outcome ] && [ $i -lt 200 ]; do sleep 0.05; i=$((i+1)); done`,
    )
    const { engine } = workbench(several.all)
    const half = await engine.settle(id, changeOf(parts), null, false)
    expect(half).toMatchObject({ kind: 'halfConfirmed', confirmed: ['lvs'], waiting: ['shop1', 'shop2'] })
    expect(await engine.settle(id, changeOf(parts), half, true)).toMatchObject({ kind: 'proved' })
    expect(await statesOf(several)).toEqual(all('after'))
  })

  it('is not resumed where one of its hosts has taken it back, and none was told that it stays', async () => {
    let proved = false
    const dead = several.all.map((host) =>
      before(host, 'confirm', () => {
        proved = true
        return Promise.resolve('never')
      }),
    )
    const bench = workbench(dead, { deadlineSeconds: 30, holdSeconds: 30 })
    const parts = await partsOn(several.all)
    void bench.make({ parts })
    await vi.waitUntil(() => proved, { timeout: 30_000 })
    expect(await statesOf(several)).toEqual(all('after'))
    const [id] = bench.written.keys()
    if (id === undefined) throw new Error('nothing is being made')
    await several.real.shop2.must(`/bin/sh /var/lib/wharfmaster/changes/${id}/change.sh rollback deadline`)
    const { engine } = workbench(several.all)
    expect(await engine.settle(id, changeOf(parts), null, true)).toMatchObject({ kind: 'rolledBack' })
    expect(await statesOf(several)).toEqual(all('before'))
  })
})
