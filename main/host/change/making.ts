import type { ChangeOutcome, ChangeProgress } from '../../../shared/contract/change'
import { problem, type Problem } from '../../../shared/contract/problem'
import type { Json, Step } from '../../../shared/model/change'
import type { ProofMoment, Verdict } from '../../capability/capability'
import type { Answer } from '../../../shared/contract/answer'
import { fail, ok } from '../../../shared/contract/answer'
import type { Begun, PartRun, Told } from './part-run'
import { settledOutcome } from './settled-outcome'

export interface MakingDeps {
  readonly runs: readonly PartRun[]
  /** By profile id: what must hold again after a rollback. */
  readonly restored: ReadonlyMap<string, Json>
  readonly prove: (
    run: PartRun,
    expect: Json,
    moment: ProofMoment,
    patienceMs?: number,
  ) => Promise<Answer<Verdict>>
  readonly progress: (progress: ChangeProgress) => void
  readonly log: (line: string) => void
  /** Whether the user says that it stays, and not the proof alone. */
  readonly awaitsUser: boolean
  /** How long a lost host is waited for before the outcome is called unknown. */
  readonly patienceMs: number
  /** How long proved hosts wait for the word that it stays, when there are several. */
  readonly holdSeconds: number
}

export type Made =
  /** Nothing was done at all. */
  { readonly kind: 'refused'; readonly problem: Problem } | ChangeOutcome

/**
 * One change while it is being made: prepared everywhere, then done, proved and confirmed everywhere; or taken back
 * everywhere. What decides is in the hosts' journals; this only asks.
 */
export class Making {
  readonly #deps: MakingDeps
  readonly #cancelled = new AbortController()
  #confirmed: (() => void) | null = null
  #decided = false
  /** When each host takes its part back by itself, by this machine's clock: the latest that it may have heard. */
  readonly #deadlines = new Map<PartRun, number>()
  /** Hosts that said no, and have nothing of the change. */
  readonly #untouched = new Set<PartRun>()
  #step = 0

  constructor(deps: MakingDeps) {
    this.#deps = deps
  }

  /** Takes back what was done; too late once all of it was confirmed. */
  cancel(): void {
    if (!this.#decided) this.#cancelled.abort()
  }

  get awaited(): boolean {
    return this.#confirmed !== null
  }

  /** The user says that it stays; false: nobody waits for that. */
  confirm(): boolean {
    this.#confirmed?.()
    return this.#confirmed !== null
  }

  async make(): Promise<Made> {
    const begun = await this.#begin()
    if (begun.kind === 'refused') {
      const { runs } = this.#deps
      if (runs.every((run) => this.#untouched.has(run))) return begun
      // The others were ready, and no more than that.
      const back = await this.#takeBack(begun.problem)
      return back.kind === 'rolledBack' ? begun : back
    }
    if (begun.kind === 'failed') return this.#takeBack(begun.problem)
    const proved = await this.#proveAll()
    if (!proved.ok) return this.#takeBack(proved.problem)
    if (this.#deps.awaitsUser) {
      const refusal = await this.#user(proved.value)
      if (refusal !== null) return this.#takeBack(refusal)
    }
    if (this.#cancelled.signal.aborted) return this.#takeBack(this.#problemOf('app.cancelled'))
    return this.#confirmAll(proved.value)
  }

  /** One host prepares and begins in one script; of several, none begins before all are ready. */
  async #begin(): Promise<{ readonly kind: 'begun' } | Refused | Failed> {
    const { runs } = this.#deps
    const [first, ...others] = runs
    if (first === undefined) return { kind: 'begun' }
    if (others.length === 0) {
      this.#tell(first, 'change.progress.write')
      return this.#judge([await this.#unlessCancelled(first, first.begin('begin', this.#hear(first)))])
    }
    for (const run of runs) this.#tell(run, 'change.progress.prepare')
    const prepared = await Promise.all(
      runs.map((run) => this.#unlessCancelled(run, run.begin('prepare', this.#hear(run)))),
    )
    const ready = this.#judge(prepared)
    if (ready.kind !== 'begun') return ready
    for (const run of runs) {
      this.#tell(run, 'change.progress.write')
      const applied = await this.#unlessCancelled(run, run.apply(this.#hear(run)))
      if (applied.kind !== 'applied')
        return {
          kind: 'failed',
          problem:
            'problem' in applied ? applied.problem : problem('host.answerCut', {}, { host: run.host.name }),
        }
    }
    return { kind: 'begun' }
  }

  /** Of the first answers of all hosts. What nobody knows weighs more than a no. */
  #judge(all: readonly Begun[]): { readonly kind: 'begun' } | Refused | Failed {
    const { runs } = this.#deps
    let refusal: Problem | null = null
    let failure: Problem | null = null
    for (const [at, begun] of all.entries()) {
      const run = runs[at]
      switch (begun.kind) {
        case 'applied':
        case 'prepared':
          continue
        case 'refused':
          refusal ??= begun.problem
          if (run !== undefined) this.#untouched.add(run)
          continue
        case 'failed':
        case 'broken':
          failure ??= begun.problem
      }
    }
    if (failure !== null) return { kind: 'failed', problem: failure }
    return refusal === null ? { kind: 'begun' } : { kind: 'refused', problem: refusal }
  }

  /** A fault of ours on one host must not keep what was done on another from being taken back. */
  async #safely<T, K extends string>(
    run: PartRun,
    asked: Promise<T>,
    kind: K,
  ): Promise<T | { readonly kind: K; readonly problem: Problem }> {
    try {
      return await asked
    } catch (error) {
      this.#deps.log(`${run.host.name}: ${error instanceof Error ? String(error.stack) : String(error)}`)
      return { kind, problem: problem('app.internal', { method: 'change.apply' }, { host: run.host.name }) }
    }
  }

  async #unlessCancelled(run: PartRun, begun: Promise<Begun>): Promise<Begun> {
    const safe = this.#safely(run, begun, 'broken')
    const cancelled = this.#whenCancelled().then((): Begun => ({
      kind: 'broken',
      problem: this.#problemOf('app.cancelled'),
    }))
    return Promise.race([safe, cancelled])
  }

  #hear(run: PartRun): (point: string) => void {
    return (point) => {
      const armed = /^armed (\d+)$/.exec(point)?.[1]
      if (armed !== undefined) {
        this.#deadlines.set(run, Date.now() + Number(armed) * 1000)
        this.#deps.progress({ id: run.options.id, kind: 'armed', host: run.host.id, seconds: Number(armed) })
      } else if (point.startsWith('step ')) this.#tell(run, 'change.progress.step')
    }
  }

  async #proveAll(): Promise<Answer<readonly string[]>> {
    const evidence: string[] = []
    for (const run of this.#deps.runs) {
      if (this.#cancelled.signal.aborted) return fail(this.#problemOf('app.cancelled'))
      this.#tell(run, 'change.progress.prove')
      const proved = await this.#deps.prove(run, run.part.proof.expect, 'applied')
      if (!proved.ok) return proved
      if (!proved.value.holds) return fail(this.#missing('change.notProved', run, proved.value))
      evidence.push(...proved.value.evidence)
    }
    return ok(evidence)
  }

  /** null: it stays. */
  async #user(evidence: readonly string[]): Promise<Problem | null> {
    const [run] = this.#deps.runs
    if (run === undefined) return null
    // Time to say so to the host is kept back.
    const seconds = Math.floor((this.#earliest() - Date.now()) / 1000) - 10
    const stays = new Promise<'stays'>((resolve) => (this.#confirmed = () => resolve('stays')))
    this.#deps.progress({ id: run.options.id, kind: 'awaiting', seconds, evidence })
    let timer: ReturnType<typeof setTimeout> | undefined
    const answer = await Promise.race([
      stays,
      this.#whenCancelled().then(() => 'cancelled' as const),
      new Promise<'late'>(
        (resolve) => (timer = setTimeout(() => resolve('late'), Math.max(0, seconds) * 1000)),
      ),
    ])
    clearTimeout(timer)
    this.#confirmed = null
    if (answer === 'stays') return null
    return answer === 'late' ? this.#problemOf('change.notConfirmed') : this.#problemOf('app.cancelled')
  }

  async #confirmAll(evidence: readonly string[]): Promise<ChangeOutcome> {
    const { runs } = this.#deps
    if (runs.length > 1) {
      const held = await Promise.all(runs.map((run) => this.#hold(run)))
      const lost = held.find((told) => told.kind === 'unheard' || told.state.kind !== 'open')
      if (lost !== undefined)
        return this.#takeBack(
          lost.kind === 'unheard' ? lost.problem : this.#problemOf('change.tookBackBefore'),
        )
      if (this.#cancelled.signal.aborted) return this.#takeBack(this.#problemOf('app.cancelled'))
    }
    this.#decided = true
    for (const run of runs) this.#tell(run, 'change.progress.confirm')
    const told = await Promise.all(runs.map((run) => run.confirm('confirm', this.#left())))
    const [only] = told
    if (runs.length === 1 && only !== undefined) {
      if (only.kind === 'told' && only.state.kind === 'rolledBack')
        return this.#takeBack(this.#problemOf('change.tookBackBefore'))
      // No new way leads there: then the old one may lead back.
      if (only.kind === 'unheard' && runs[0]?.part.touches === 'network')
        return this.#takeBack(only.problem, evidence)
    }
    const outcome = settledOutcome(runs, told, evidence, this.#secondsUntil(this.#earliest()))
    if (outcome.kind !== 'unknown' || outcome.seconds !== null) return outcome
    return { ...outcome, seconds: this.#secondsUntil(this.#earliest()) }
  }

  /** Every host hears that all have proved it, and waits longer: what is left is to say that it stays. */
  async #hold(run: PartRun): Promise<Told> {
    const { holdSeconds } = this.#deps
    const told = await run.confirm({ hold: holdSeconds }, this.#left())
    const until = Date.now() + holdSeconds * 1000
    // One that did not answer may have heard it all the same.
    const before = told.kind === 'unheard' ? this.#deadlines.get(run) : undefined
    this.#deadlines.set(run, Math.max(before ?? until, until))
    return told
  }

  /** When the first of the hosts takes it back by itself. */
  #earliest(): number {
    return Math.min(...this.#deps.runs.map((run) => this.#deadlines.get(run) ?? 0))
  }

  #secondsUntil(time: number): number {
    return Math.max(0, Math.round((time - Date.now()) / 1000))
  }

  /** Milliseconds in which a word can still come before the hosts take it back. */
  #left(): number {
    return Math.max(1000, Math.min(this.#deps.patienceMs, this.#earliest() - Date.now()))
  }

  /** @param proved its evidence, where the word that it stays was sent, and may have come first */
  async #takeBack(why: Problem, proved: readonly string[] | null = null): Promise<ChangeOutcome> {
    this.#decided = true
    const runs = [...this.#deps.runs].reverse().filter((run) => !this.#untouched.has(run))
    const evidence: string[] = []
    let unknown: ChangeOutcome | null = null
    for (const [run, asked] of this.#askBack(runs)) {
      const told = await asked
      if (proved !== null && told.kind === 'told' && told.state.kind === 'confirmed')
        return { kind: 'proved', evidence: proved }
      const back = await this.#backAsBefore(run, told, why)
      if (back.ok) evidence.push(...back.value)
      else
        unknown ??= {
          kind: 'unknown',
          problem: back.problem,
          seconds: told.kind === 'unheard' ? this.#secondsUntil(this.#deadlines.get(run) ?? 0) : null,
        }
    }
    return unknown ?? { kind: 'rolledBack', problem: why, evidence }
  }

  /** The last first; but none waits long for another, which may be out of reach. */
  #askBack(runs: readonly PartRun[]): readonly (readonly [PartRun, Promise<Told>])[] {
    let before: Promise<unknown> = Promise.resolve()
    return runs.map((run) => {
      const told = before.then(() => {
        this.#tell(run, 'change.progress.rollBack')
        return this.#safely(run, run.tellUntil('rollback', this.#deps.patienceMs), 'unheard')
      })
      let timer: ReturnType<typeof setTimeout> | undefined
      const late = before.then(() => new Promise((resolve) => (timer = setTimeout(resolve, politenessMs))))
      before = Promise.race([told, late]).finally(() => clearTimeout(timer))
      return [run, told]
    })
  }

  async #backAsBefore(run: PartRun, told: Told, why: Problem): Promise<Answer<readonly string[]>> {
    if (told.kind === 'unheard') return fail(unsettled(run, told.problem))
    const { state } = told
    const has = (wanted: Step['kind']): boolean => run.part.steps.some(({ kind }) => kind === wanted)
    switch (state.kind) {
      case 'none':
        // Somebody took the journal away: what it had done may still stand.
        return this.#deadlines.has(run)
          ? fail(problem('change.unsettled', {}, { host: run.host.name }))
          : ok([])
      case 'open':
      case 'confirmed':
        return fail(problem('change.unsettled', {}, { host: run.host.name }))
      case 'rolledBack':
        break
    }
    const unrestored = run.unrestored(state)
    const commandsAlone = state.settled && state.report.every(({ kind }) => kind === 'failed')
    const incomplete = problem(
      'change.rollbackIncomplete',
      {},
      unrestored === null ? { host: run.host.name } : { host: run.host.name, detail: unrestored },
    )
    if (unrestored !== null && !commandsAlone) return fail(incomplete)
    // It may have been done, and nothing takes it back.
    if (has('oneWay')) return fail(why)
    const expect = this.#deps.restored.get(run.host.id)
    if (expect === undefined) return unrestored === null ? ok([]) : fail(incomplete)
    this.#tell(run, 'change.progress.prove')
    const proved = await this.#deps.prove(run, expect, 'restored')
    if (!proved.ok) return proved
    return proved.value.holds
      ? ok(proved.value.evidence)
      : fail(this.#missing('change.rollbackIncomplete', run, proved.value))
  }

  #missing(
    code: 'change.notProved' | 'change.rollbackIncomplete',
    run: PartRun,
    { missing }: Verdict,
  ): Problem {
    return problem(code, {}, { host: run.host.name, detail: missing.join('\n').slice(0, 2000) })
  }

  #problemOf(code: 'app.cancelled' | 'change.notConfirmed' | 'change.tookBackBefore'): Problem {
    const names = this.#deps.runs.map(({ host }) => host.name)
    return problem(code, {}, { host: names.join(', ') })
  }

  #whenCancelled(): Promise<void> {
    const { signal } = this.#cancelled
    return signal.aborted
      ? Promise.resolve()
      : new Promise((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }))
  }

  #tell(run: PartRun, title: string): void {
    this.#step += 1
    // Each part: its writing, its steps, its proof, its confirmation.
    const steps = this.#deps.runs.reduce((sum, { part }) => sum + part.steps.length + 3, 0)
    this.#deps.progress({
      id: run.options.id,
      kind: 'step',
      host: run.host.id,
      step: Math.min(this.#step, steps),
      steps,
      title,
    })
  }
}

/** How long a host's taking back has the others wait for it. */
const politenessMs = 3000

/** The words of the tool that failed go along; a code of ours is nothing to read. */
function unsettled({ host }: PartRun, { detail }: Problem): Problem {
  return problem('change.unsettled', {}, { host: host.name, ...(detail === undefined ? {} : { detail }) })
}

interface Refused {
  readonly kind: 'refused'
  readonly problem: Problem
}
interface Failed {
  readonly kind: 'failed'
  readonly problem: Problem
}
