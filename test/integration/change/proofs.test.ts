import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { ConnectedHost } from '../../../main/host/connected-host'
import type { Verdict } from '../../../main/capability/capability'
import { fail, ok, problem, type Answer } from '../../../shared/contract'
import type { Step } from '../../../shared/model/change'
import type { Host } from '../../lab/host'
import { openLab, type Lab } from '../../lab/lab'
import { connectTo } from '../host/connected'
import { leavings, script as scriptOf, title, workbench, writeStep, type Workbench } from './workbench'

/** What the engine makes of proofs that fail in odd ways, and of states that are not what was planned on. */
const folder = '/srv/t'
let lab: Lab
let real: Host
let host: ConnectedHost
let bench: Workbench
beforeAll(async () => {
  lab = await openLab()
  real = await lab.host({ name: 'proofs' })
  host = await connectTo(real, 'admin')
  bench = workbench([host])
})
afterAll(async () => {
  host.disconnect()
  await lab.close()
})
beforeEach(() => real.must('rm -rf /srv/t; mkdir -p /srv/t'))
afterEach(async () => {
  await expect.poll(() => real.must(leavings), { timeout: 5000 }).toBe('')
})

const text = async (name: string) => (await real.readFile(`${folder}/${name}`)).toString()
const exists = async (name: string) => (await real.sh(`test -e ${folder}/${name}`)).code === 0
const script = (body: string) => scriptOf(body, folder)
const verdict = (holds: boolean) => Promise.resolve(ok({ holds, evidence: ['seen'], missing: ['not so'] }))
async function write(name: string, after: string, secret = false): Promise<Step> {
  await real.writeFile(`${folder}/${name}`, 'before\n')
  return writeStep(host, `${folder}/${name}`, after, secret)
}
const setting = (capture: string, set: string, restore: string): Step => ({
  kind: 'runtime',
  title,
  capture: script(capture),
  set: script(set),
  restore: script(restore),
})
type Prove = () => Promise<Answer<Verdict>>
const wished = (steps: readonly Step[], prove: Prove, restored: string | null = null) => ({
  steps,
  prove,
  restored: new Map(restored === null ? [] : [['h', restored]]),
})
async function make(...given: Parameters<typeof wished>) {
  const planned = await bench.plan(wished(...given))
  return planned.ok ? bench.engine.apply(planned.value.id, planned.value.digest) : planned
}

describe('a change that cannot be proved', () => {
  it('is taken back when what should prove it has a fault', async () => {
    const outcome = await make([await write('a', 'after\n')], async () => {
      expect(await text('a')).toBe('after\n')
      throw new TypeError('a fault of ours')
    })
    expect(outcome).toMatchObject({
      ok: true,
      value: { kind: 'rolledBack', problem: { code: 'app.internal' } },
    })
    expect(await text('a')).toBe('before\n')
  })

  it('asks once when the user says no to the password that the proof needs', async () => {
    let asked = 0
    const outcome = await make([await write('a', 'after\n')], () => {
      asked += 1
      return Promise.resolve(fail(problem('app.cancelled')))
    })
    expect(outcome).toMatchObject({ ok: true, value: { kind: 'rolledBack' } })
    expect(asked).toBe(1)
  })

  it('is not called rolled back when a step of it cannot be taken back', async () => {
    const stop: Step = { kind: 'oneWay', title, command: script('echo >"$1/stopped"') }
    const outcome = await make([stop], () => verdict(false))
    expect(await exists('stopped')).toBe(true)
    expect(outcome).toMatchObject({
      ok: true,
      value: { kind: 'unknown', problem: { code: 'change.notProved' } },
    })
  })
})

describe('what is set at run time', () => {
  it('is not touched when it is no longer as it was planned', async () => {
    const step = setting('cat "$1/s"', 'echo ours >"$1/s"', 'cat >"$1/s"')
    await real.writeFile(`${folder}/s`, 'theirs\n')
    const outcome = await make([step], async () => verdict((await text('s')) === 'planned\n'), 'restored')
    expect(outcome).toMatchObject({
      ok: false,
      problem: { code: 'change.notAsPlanned', detail: 'not so' },
    })
    expect(await text('s')).toBe('theirs\n')
  })

  it('is not restored when the capture failed, for then it was not set', async () => {
    const step = setting('echo half; exit 1', 'echo set >"$1/s"', 'echo restored >"$1/s"')
    const outcome = await make([step], () => verdict(true))
    expect(outcome).toMatchObject({ ok: true, value: { kind: 'rolledBack' } })
    expect(await exists('s')).toBe(false)
  })

  it('is back when it reads as before, whatever the command said', async () => {
    const step = setting(':', 'exit 2', 'echo there is nothing to delete >&2; exit 2')
    const outcome = await make([step], () => verdict(true), 'restored')
    expect(outcome).toMatchObject({
      ok: true,
      value: { kind: 'rolledBack', problem: { code: 'change.stepFailed' } },
    })
  })

  it('is said to be unknown when the command failed and nothing tells how it was', async () => {
    const step = setting(':', 'exit 2', 'exit 2')
    const outcome = await make([step], () => verdict(true))
    expect(outcome).toMatchObject({
      ok: true,
      value: { kind: 'unknown', problem: { code: 'change.rollbackIncomplete' } },
    })
  })
})

describe('a conflict', () => {
  it.each([true, false])(
    'shows what the file holds by now only when it is no secret (%s)',
    async (secret) => {
      const step = await write('a', 'after\n', secret)
      await real.writeFile(`${folder}/a`, 'hunter2\n')
      const outcome = await make([step], () => verdict(true))
      expect(outcome).toMatchObject({ ok: false, problem: { code: 'change.conflict' } })
      expect(JSON.stringify(outcome).includes('hunter2')).toBe(!secret)
    },
  )
})

describe('a host', () => {
  it('is busy until what was done on it is proved', async () => {
    const seen: boolean[] = []
    const { engine } = bench
    const wish = wished([await write('a', 'after\n')], () => {
      seen.push(engine.busy('h'), engine.busy('another'))
      return verdict(true)
    })
    const planned = await bench.plan(wish)
    if (!planned.ok) throw new Error(planned.problem.code)
    const applying = engine.apply(planned.value.id, planned.value.digest)
    expect(engine.busy('h')).toBe(true)
    expect(await applying).toMatchObject({ ok: true, value: { kind: 'proved' } })
    expect(seen).toEqual([true, false])
    expect(engine.busy('h')).toBe(false)
  })

  it('that is another by now is not given what was planned, or was being planned, for the old one', async () => {
    const { engine } = bench
    const wish = wished([await write('a', 'after\n')], () => verdict(true))
    const planned = await bench.plan(wish)
    if (!planned.ok) throw new Error(planned.problem.code)
    const apply = () => engine.apply(planned.value.id, planned.value.digest)
    const planning = bench.plan(wish)
    engine.forget('h')
    const notPlanned = { ok: false, problem: { code: 'change.notPlanned' } }
    expect(await planning).toMatchObject(notPlanned)
    expect(await apply()).toMatchObject(notPlanned)
    expect(await text('a')).toBe('before\n')
    const anew = await bench.plan(wish)
    engine.forget('another')
    expect(anew.ok && (await engine.apply(anew.value.id, anew.value.digest))).toMatchObject({ ok: true })
  })
})

describe('a plan', () => {
  it('that would go on after what cannot be taken back is a fault of ours, and nothing is done', async () => {
    const stop: Step = { kind: 'oneWay', title, command: script('echo >"$1/stopped"') }
    const steps = [stop, await write('a', 'after\n')]
    await expect(bench.plan(wished(steps, () => verdict(true)))).rejects.toThrow('one-way')
    expect(await exists('stopped')).toBe(false)
  })
})
