import { spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { fail, ok, type Answer } from '../../../shared/contract/answer'
import type { ChangeOutcome } from '../../../shared/contract/change'
import { problem } from '../../../shared/contract/problem'
import { digestOfText, type Json, type Step } from '../../../shared/model/change'
import type { Intent } from '../../../shared/model/intent'
import type { Verdict } from '../../capability/capability'
import { buildScript } from '../script'
import { parseScriptAnswer } from '../script-answer'
import type { Job, Ran } from '../run'
import { ChangeEngine, type EngineHost } from './engine'

/*
 * The engine's scripts run by this machine's own /bin/sh, in a folder of their own. What a host does to a change
 * is tested in test/integration/change; here is what the engine makes of proofs that fail in odd ways.
 */
const nonce = '0123456789abcdef0123456789abcdef'
let folder: string
beforeEach(() => (folder = mkdtempSync(path.join(tmpdir(), 'engine-'))))
afterEach(() => rmSync(folder, { recursive: true }))

function run({ sections }: Job): Promise<Ran> {
  const { stdout } = spawnSync('/bin/sh', ['-s'], { input: buildScript(nonce, sections) })
  const answer = parseScriptAnswer(nonce, sections, stdout)
  return Promise.resolve({ ok: true, value: { answer, asRoot: true } })
}
const host: EngineHost = {
  id: 'h',
  name: 'h',
  readOnly: false,
  run,
  whenUp: () => Promise.resolve(true),
}

const drain: Intent = {
  capability: 'balancer',
  kind: 'drain',
  reason: '',
  service: { kind: 'mark', mark: 1, ipv6: false },
  server: { address: '192.0.2.1', port: 0 },
}

function engineOf(
  steps: readonly Step[],
  prove: (expect: Json) => Promise<Answer<Verdict>> | never,
  restored: Json | null = null,
): ChangeEngine {
  return new ChangeEngine({
    host: () => ok(host),
    support: () => ({
      capability: 'test',
      plan: () => {
        const part = { host: 'h', steps, disturbs: [], proof: { capability: 'test', expect: 'applied' } }
        const change = { title: { key: 't', params: {} }, reason: '', intent: null, parts: [part] }
        return Promise.resolve(ok({ change, restored: new Map(restored === null ? [] : [['h', restored]]) }))
      },
      prove: (_host, expect) => prove(expect),
    }),
    progress: () => undefined,
    touched: () => undefined,
    log: () => undefined,
    proofPatienceMs: 600,
  })
}

async function make(...given: Parameters<typeof engineOf>): Promise<Answer<ChangeOutcome>> {
  const engine = engineOf(...given)
  const planned = await engine.plan('h', drain)
  return planned.ok ? engine.apply(planned.value.id, planned.value.digest) : planned
}

const at = (name: string) => path.join(folder, name)
const text = (name: string) => readFileSync(at(name), 'utf8')
const script = (body: string) => ({ kind: 'script', script: body, args: [folder] }) as const
const title = { key: 't', params: {} }
const verdict = (holds: boolean) => Promise.resolve(ok({ holds, evidence: ['seen'], missing: ['not so'] }))

function write(name: string, after: string, secret = false): Step {
  writeFileSync(at(name), 'before\n', { mode: 0o644 })
  const { uid, gid } = statSync(at(name))
  const same = { mode: 0o644, uid, gid, label: null, acl: null, attributes: null }
  const image = { text: 'before\n', digest: digestOfText('before\n'), linkTarget: null, links: 1 }
  return {
    kind: 'write',
    path: at(name),
    before: { ...same, ...image, mounted: false },
    after: { ...same, text: after, digest: digestOfText(after) },
    secret,
  }
}
const setting = (capture: string, set: string, restore: string): Step => ({
  kind: 'runtime',
  title,
  capture: script(capture),
  set: script(set),
  restore: script(restore),
})

describe('a change that cannot be proved', () => {
  it('is taken back when what should prove it has a fault', async () => {
    const outcome = await make([write('a', 'after\n')], () => {
      expect(text('a')).toBe('after\n')
      throw new TypeError('a fault of ours')
    })
    expect(outcome).toMatchObject({
      ok: true,
      value: { kind: 'rolledBack', problem: { code: 'app.internal' } },
    })
    expect(text('a')).toBe('before\n')
  })

  it('asks once when the user says no to the password that the proof needs', async () => {
    let asked = 0
    const outcome = await make([write('a', 'after\n')], () => {
      asked += 1
      return Promise.resolve(fail(problem('app.cancelled')))
    })
    expect(outcome).toMatchObject({ ok: true, value: { kind: 'rolledBack' } })
    expect(asked).toBe(1)
  })

  it('is not called rolled back when a step of it cannot be taken back', async () => {
    const stop: Step = { kind: 'oneWay', title, command: script('echo >"$1/stopped"') }
    const outcome = await make([stop], () => verdict(false))
    expect(existsSync(at('stopped'))).toBe(true)
    expect(outcome).toMatchObject({
      ok: true,
      value: { kind: 'unknown', problem: { code: 'change.notProved' } },
    })
  })
})

describe('what is set at run time', () => {
  it('is not touched when it is no longer as it was planned', async () => {
    const step = setting('cat "$1/s"', 'echo ours >"$1/s"', 'cat >"$1/s"')
    writeFileSync(at('s'), 'theirs\n')
    const outcome = await make([step], () => verdict(text('s') === 'planned\n'), 'restored')
    expect(outcome).toMatchObject({
      ok: false,
      problem: { code: 'change.notAsPlanned', detail: 'not so' },
    })
    expect(text('s')).toBe('theirs\n')
  })

  it('is not restored when the capture failed, for then it was not set', async () => {
    const step = setting('echo half; exit 1', 'echo set >"$1/s"', 'echo restored >"$1/s"')
    const outcome = await make([step], () => verdict(true))
    expect(outcome).toMatchObject({ ok: true, value: { kind: 'rolledBack' } })
    expect(existsSync(at('s'))).toBe(false)
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
      const step = write('a', 'after\n', secret)
      writeFileSync(at('a'), 'hunter2\n')
      const outcome = await make([step], () => verdict(true))
      expect(outcome).toMatchObject({ ok: false, problem: { code: 'change.conflict' } })
      expect(JSON.stringify(outcome).includes('hunter2')).toBe(!secret)
    },
  )
})

describe('a host', () => {
  it('is busy until what was done on it is proved', async () => {
    const seen: boolean[] = []
    const engine: ChangeEngine = engineOf([write('a', 'after\n')], () => {
      seen.push(engine.busy('h'), engine.busy('another'))
      return verdict(true)
    })
    const planned = await engine.plan('h', drain)
    if (!planned.ok) throw new Error(planned.problem.code)
    const applying = engine.apply(planned.value.id, planned.value.digest)
    expect(engine.busy('h')).toBe(true)
    expect(await applying).toMatchObject({ ok: true, value: { kind: 'proved' } })
    expect(seen).toEqual([true, false])
    expect(engine.busy('h')).toBe(false)
  })

  it('that is another by now is not given what was planned, or was being planned, for the old one', async () => {
    const engine = engineOf([write('a', 'after\n')], () => verdict(true))
    const planned = await engine.plan('h', drain)
    if (!planned.ok) throw new Error(planned.problem.code)
    const apply = () => engine.apply(planned.value.id, planned.value.digest)
    const planning = engine.plan('h', drain)
    engine.forget('h')
    const notPlanned = { ok: false, problem: { code: 'change.notPlanned' } }
    expect(await planning).toMatchObject(notPlanned)
    expect(await apply()).toMatchObject(notPlanned)
    expect(text('a')).toBe('before\n')
    const anew = await engine.plan('h', drain)
    engine.forget('another')
    expect(anew.ok && (await engine.apply(anew.value.id, anew.value.digest))).toMatchObject({ ok: true })
  })
})
