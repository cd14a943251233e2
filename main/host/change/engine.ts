import { fail, ok, type Answer } from '../../../shared/contract/answer'
import type { ChangeOutcome, ChangeProgress, PlannedChange } from '../../../shared/contract/change'
import { problem, type Problem } from '../../../shared/contract/problem'
import type { HostPart, Json, Step } from '../../../shared/model/change'
import type { Intent } from '../../../shared/model/intent'
import type { ChangeSupport, ProofMoment, Verdict } from '../../capability/capability'
import { applyPart, type Applied, type Captured } from './apply-part'
import { PlannedChanges, type KeptChange } from './planned-changes'
import { rollbackPart, type RollbackHost } from './rollback-part'
import { confirmSection } from './rollback-script'

export interface EngineHost extends RollbackHost {
  readonly readOnly: boolean
}

export interface EngineDeps {
  readonly host: (id: string) => Answer<EngineHost>
  readonly support: (capability: string) => ChangeSupport | undefined
  readonly progress: (progress: ChangeProgress) => void
  readonly log: (line: string) => void
  /** What is known of the host may be old now. */
  readonly touched: (hostId: string) => void
  /** How long a daemon may take until it shows what was changed. Default 5 s. */
  readonly proofPatienceMs?: number
}

/** What was done on one host, and so has to be taken back if anything fails. */
interface Done {
  readonly host: EngineHost
  readonly part: HostPart
  readonly captured: Captured
  /** False: the connection broke within it. */
  readonly heard: boolean
}

const usualProofPatienceMs = 5_000
const proofPauseMs = 250

/**
 * Plans changes, keeps them, and applies exactly what was shown: checks, writes, reloads, proves, and takes
 * everything back if the proof fails. Nothing else writes to a host.
 */
export class ChangeEngine {
  readonly #deps: EngineDeps
  readonly #planned = new PlannedChanges()
  /** Profile ids of hosts that a change is being made on. */
  readonly #busy = new Set<string>()
  /** How often a profile id came to mean another host. */
  readonly #moves = new Map<string, number>()

  constructor(deps: EngineDeps) {
    this.#deps = deps
  }

  async plan(hostId: string, intent: Intent): Promise<Answer<PlannedChange>> {
    const host = this.#deps.host(hostId)
    if (!host.ok) return host
    const support = this.#deps.support(intent.capability)
    if (support === undefined) return fail(problem('change.unsupported', { capability: intent.capability }))
    const before = new Map(this.#moves)
    const planned = await support.plan(host.value, intent)
    if (!planned.ok) return planned
    const { parts } = planned.value.change
    if (parts.some(({ host: id }) => this.#moves.get(id) !== before.get(id)))
      return fail(problem('change.notPlanned', {}, { host: host.value.name }))
    const refusal = parts.map(unwritable).find((found) => found !== null)
    return refusal === undefined ? ok(this.#planned.keep(planned.value, support)) : fail(refusal)
  }

  discard(id: string): void {
    this.#planned.drop(id)
  }

  /** Whether a change is being made on it, its proof and its taking back included. */
  busy(hostId: string): boolean {
    return this.#busy.has(hostId)
  }

  /** The profile means another host from now on, or none: what was planned, or is being planned, was for the old one. */
  forget(hostId: string): void {
    this.#moves.set(hostId, (this.#moves.get(hostId) ?? 0) + 1)
    this.#planned.dropOf(hostId)
  }

  /** Fails when nothing was done at all; otherwise the outcome says what came of it. */
  async apply(id: string, digest: string): Promise<Answer<ChangeOutcome>> {
    const kept = this.#planned.look(id, digest)
    if (!kept.ok) return kept
    const hosts = this.#hostsOf(kept.value)
    if (!hosts.ok) return hosts
    const ids = hosts.value.map(({ host }) => host.id)
    for (const busy of hosts.value)
      if (this.#busy.has(busy.host.id)) return fail(problem('change.busy', {}, { host: busy.host.name }))
    for (const one of ids) this.#busy.add(one)
    try {
      const answer = await this.#carryOut(kept.value, hosts.value)
      if (answer.ok) this.#planned.drop(id)
      return answer
    } finally {
      for (const one of ids) {
        this.#busy.delete(one)
        this.#deps.touched(one)
      }
    }
  }

  /** Read-only is held here, whatever was shown or asked. */
  #hostsOf(kept: KeptChange): Answer<readonly { readonly host: EngineHost; readonly part: HostPart }[]> {
    const found: { host: EngineHost; part: HostPart }[] = []
    for (const part of kept.change.parts) {
      const host = this.#deps.host(part.host)
      if (!host.ok) return host
      if (host.value.readOnly) return fail(problem('app.readOnly', {}, { host: host.value.name }))
      found.push({ host: host.value, part })
    }
    return ok(found)
  }

  async #carryOut(
    kept: KeptChange,
    targets: readonly { readonly host: EngineHost; readonly part: HostPart }[],
  ): Promise<Answer<ChangeOutcome>> {
    for (const { host, part } of targets) {
      const moved = await this.#moved(kept, host, part)
      if (moved !== null) return fail(moved)
    }
    const progress = new Progress(kept, this.#deps.progress)
    const done: Done[] = []
    for (const { host, part } of targets) {
      progress.next(host.id, 'change.progress.write')
      const applied = await this.#applyOne(host, part, kept.id, progress)
      if (applied.kind === 'refused' && done.length === 0) return fail(applied.problem)
      if (applied.kind !== 'refused')
        done.push({
          host,
          part,
          captured: applied.captured,
          heard: applied.kind === 'applied' || applied.heard,
        })
      if (applied.kind !== 'applied') return ok(await this.#takeBack(kept, done, applied.problem, progress))
    }
    const evidence: string[] = []
    for (const { host, part } of done) {
      progress.next(host.id, 'change.progress.prove')
      const proved = await this.#prove(host, part, part.proof.expect, 'applied')
      if (!proved.ok || !proved.value.holds) {
        const why = proved.ok
          ? problem(
              'change.notProved',
              {},
              { host: host.name, detail: proved.value.missing.join('\n').slice(0, 2000) },
            )
          : proved.problem
        return ok(await this.#takeBack(kept, done, why, progress))
      }
      evidence.push(...proved.value.evidence)
    }
    for (const { host, part } of done) await this.#confirm(host, part, kept.id)
    return ok({ kind: 'proved', evidence })
  }

  /**
   * Files are compared where they are written. What is set at run time has no digest: it must still be as it was
   * when the change was planned, or taking the change back would undo somebody else's work.
   */
  async #moved(kept: KeptChange, host: EngineHost, part: HostPart): Promise<Problem | null> {
    const expect = kept.restored.get(host.id)
    if (expect === undefined || !part.steps.some(({ kind }) => kind === 'runtime')) return null
    const now = await this.#prove(host, part, expect, 'applied', 0)
    if (!now.ok) return now.problem
    if (now.value.holds) return null
    const detail = now.value.missing.join('\n').slice(0, 2000)
    return problem('change.notAsPlanned', {}, { host: host.name, detail })
  }

  /** A fault of ours on one host must not keep what was done on another from being taken back. */
  async #applyOne(host: EngineHost, part: HostPart, id: string, progress: Progress): Promise<Applied> {
    try {
      return await applyPart(host, part, id, () => progress.next(host.id, 'change.progress.step'))
    } catch (error) {
      const why = this.#fault('change.apply', host, error)
      return { kind: 'broken', problem: why, captured: new Map(), heard: false }
    }
  }

  async #prove(
    host: EngineHost,
    part: HostPart,
    expect: Json,
    moment: ProofMoment,
    patienceMs = this.#deps.proofPatienceMs,
  ): Promise<Answer<Verdict>> {
    try {
      return await prove(host, this.#deps.support(part.proof.capability), expect, moment, patienceMs)
    } catch (error) {
      return fail(this.#fault('change.prove', host, error))
    }
  }

  #fault(method: string, host: EngineHost, error: unknown): Problem {
    this.#deps.log(`${method} on ${host.name}: ${error instanceof Error ? error.stack : String(error)}`)
    return problem('app.internal', { method }, { host: host.name })
  }

  /** What holds is not taken back because its leavings could not be swept; they are inert, and logged. */
  async #confirm(host: EngineHost, part: HostPart, id: string): Promise<void> {
    const ran = await host.run({ sections: [confirmSection(part, id)], need: part.need ?? 'require' })
    const [answer] = ran.ok ? ran.value.answer.sections : []
    const swept =
      answer?.kind === 'done' &&
      answer.pieces.some(({ name }) => name === 'confirmed') &&
      answer.stderr === ''
    if (!swept)
      this.#deps.log(`${host.name}: what change ${id} kept for its rollback could not be taken away`)
  }

  async #takeBack(
    kept: KeptChange,
    done: readonly Done[],
    why: Problem,
    progress: Progress,
  ): Promise<ChangeOutcome> {
    const evidence: string[] = []
    let unknown: Problem | null = null
    for (const one of [...done].reverse()) {
      const proved = await this.#takeBackOne(kept, one, why, progress)
      if (proved.ok) evidence.push(...proved.value)
      else unknown ??= proved.problem
    }
    if (unknown !== null) return { kind: 'unknown', problem: unknown }
    return { kind: 'rolledBack', problem: why, evidence }
  }

  async #takeBackOne(
    kept: KeptChange,
    { host, part, captured, heard }: Done,
    why: Problem,
    progress: Progress,
  ): Promise<Answer<readonly string[]>> {
    progress.next(host.id, 'change.progress.rollBack')
    const rolled = await rollbackPart(host, part, kept.id, captured)
    if (rolled.kind === 'incomplete') return fail(rolled.problem)
    const has = (wanted: Step['kind']): boolean => part.steps.some(({ kind }) => kind === wanted)
    // It may have been done, and nothing takes it back.
    if (has('oneWay')) return fail(why)
    const expect = kept.restored.get(host.id)
    if (expect === undefined) {
      if (rolled.kind === 'commandsFailed') return fail(rolled.problem)
      return !heard && has('runtime') ? fail(why) : ok([])
    }
    progress.next(host.id, 'change.progress.prove')
    const proved = await this.#prove(host, part, expect, 'restored')
    if (!proved.ok) return proved
    if (proved.value.holds) return ok(proved.value.evidence)
    const detail = proved.value.missing.join('\n').slice(0, 2000)
    return fail(problem('change.rollbackIncomplete', {}, { host: host.name, detail }))
  }
}

/** Asks until it holds or the time is over; the last answer counts. */
async function prove(
  host: EngineHost,
  support: ChangeSupport | undefined,
  expect: Json,
  moment: ProofMoment,
  patienceMs: number = usualProofPatienceMs,
): Promise<Answer<Verdict>> {
  if (support === undefined) return fail(problem('change.unsupported', { capability: '' }))
  const until = Date.now() + patienceMs
  for (;;) {
    const verdict = await support.prove(host, expect, moment)
    if (verdict.ok ? verdict.value.holds : isNo(verdict.problem)) return verdict
    if (Date.now() >= until) return verdict
    await new Promise((resolve) => setTimeout(resolve, proofPauseMs))
  }
}

/** Asking again would put the same question to a user who has just said no. */
const isNo = ({ code }: Problem): boolean => code === 'app.cancelled' || code.startsWith('host.privilege')

/** Files that a rename would take apart from what they are: said before anything is shown as possible. */
function unwritable(part: HostPart): Problem | null {
  for (const step of part.steps) {
    if (step.kind !== 'write') continue
    const { path, before } = step
    if (before.links > 1) return problem('change.hardLinked', { path, links: before.links })
    if (before.mounted) return problem('change.mounted', { path })
  }
  return null
}

class Progress {
  readonly #kept: KeptChange
  readonly #tell: (progress: ChangeProgress) => void
  readonly #steps: number
  #step = 0

  constructor(kept: KeptChange, tell: (progress: ChangeProgress) => void) {
    this.#kept = kept
    this.#tell = tell
    // Each part: its check and writing, its steps, its proof.
    this.#steps = kept.change.parts.reduce((sum, { steps }) => sum + steps.length + 2, 0)
  }

  next(host: string, title: string): void {
    this.#step += 1
    this.#tell({
      id: this.#kept.id,
      host,
      step: Math.min(this.#step, this.#steps),
      steps: this.#steps,
      title,
    })
  }
}
