import { fail, ok, type Answer } from '../../../shared/contract/answer'
import type { ChangeOutcome, ChangeProgress, PlannedChange } from '../../../shared/contract/change'
import { problem, type Problem } from '../../../shared/contract/problem'
import { assuranceOf, exportScript, type Change, type Json } from '../../../shared/model/change'
import type { Intent } from '../../../shared/model/intent'
import type { ChangeHost, ChangeSupport, Planned, ProofMoment, Verdict } from '../../capability/capability'
import { commandSeconds } from './journal-script'
import { keepersOf, learningKeepers } from './keepers'
import { Making, type Made } from './making'
import { isNo, PartRun, type EngineHost } from './part-run'
import { assertOneWayLast, unprotected, unwritable } from './plan-refusals'
import { PlannedChanges, type KeptChange } from './planned-changes'
import { settleRuns } from './settle'

export interface EngineDeps {
  readonly host: (id: string) => Answer<EngineHost>
  readonly support: (capability: string) => ChangeSupport | undefined
  readonly progress: (progress: ChangeProgress) => void
  readonly log: (line: string) => void
  /** What is known of the host may be old now. */
  readonly touched: (hostId: string) => void
  readonly history: ChangeLog
  /** `user@computer`, for the host's own log. */
  readonly by: string
  /** How long a daemon may take until it shows what was changed. Default 5 s. */
  readonly proofPatienceMs?: number
  /** How long a lost host is waited for. Default 90 s. */
  readonly patienceMs?: number
  /** From arming until the host takes a change back by itself. Default: by what its steps may take. */
  readonly deadlineSeconds?: number
  /** How long several hosts, all of which have proved it, wait for the word that it stays. Default 600 s. */
  readonly holdSeconds?: number
}

/** What is written down of changes. */
export interface ChangeLog {
  /**
   * Before anything is done. A problem: it could not be written down.
   * @param undoOf the change that this one takes back
   */
  begun(id: string, change: Change, hosts: readonly EngineHost[], undoOf: string | null): Problem | null
  ended(id: string, outcome: ChangeOutcome): void
  /** Nothing was done after all. */
  dropped(id: string): void
  undone(id: string, by: string): void
}

const usualProofPatienceMs = 5_000
const usualPatienceMs = 90_000
const proofPauseMs = 250
/** Beside what commands may take: the proof, and the ways. */
const slackSeconds = 60
const userSeconds = 120
const usualHoldSeconds = 600

/**
 * Plans changes, keeps them, and applies exactly what was shown: checked, journaled on the host, written, proved
 * and confirmed, or taken back. Nothing else writes to a host.
 */
export class ChangeEngine {
  readonly #deps: EngineDeps
  readonly #planned = new PlannedChanges()
  /** Changes that are being made, by their id. */
  readonly #making = new Map<string, Making>()
  /** Profile ids of hosts that a change is being made on. */
  readonly #busy = new Set<string>()
  /** How often a profile id came to mean another host. */
  readonly #moves = new Map<string, number>()

  constructor(deps: EngineDeps) {
    this.#deps = deps
  }

  plan(hostId: string, intent: Intent): Promise<Answer<PlannedChange>> {
    const support = this.#deps.support(intent.capability)
    if (support === undefined)
      return Promise.resolve(fail(problem('change.unsupported', { capability: intent.capability })))
    return this.#plan(hostId, support, null, (host) => support.plan(host, intent))
  }

  /** The way back of a change that holds, planned on the host as it is now. */
  planUndo(id: string, change: Change): Promise<Answer<PlannedChange>> {
    const [part] = change.parts
    const support = part === undefined ? undefined : this.#deps.support(part.proof.capability)
    const undo = support?.undo(change) ?? null
    if (part === undefined || support === undefined || undo === null)
      return Promise.resolve(fail(problem('change.notUndoable')))
    return this.#plan(part.host, support, id, undo)
  }

  async #plan(
    hostId: string,
    support: ChangeSupport,
    undoOf: string | null,
    plan: (host: ChangeHost) => Promise<Answer<Planned>>,
  ): Promise<Answer<PlannedChange>> {
    const host = this.#deps.host(hostId)
    if (!host.ok) return host
    const before = new Map(this.#moves)
    const { host: learning, learned } = learningKeepers(host.value)
    const planned = await plan(learning)
    if (!planned.ok) return planned
    const { parts } = planned.value.change
    const keepers = new Map(
      await Promise.all(
        parts.map(async ({ host: id }) => {
          const other = id === hostId ? null : this.#deps.host(id)
          if (other === null) return [id, learned()] as const
          return [id, other.ok ? await keepersOf(other.value) : null] as const
        }),
      ),
    )
    if (parts.some(({ host: id }) => this.#moves.get(id) !== before.get(id)))
      return fail(problem('change.notPlanned', {}, { host: host.value.name }))
    const nameOf = (id: string): string => {
      const found = this.#deps.host(id)
      return found.ok ? found.value.name : id
    }
    parts.forEach(assertOneWayLast)
    const refusal =
      parts.map(unwritable).find((found) => found !== null) ??
      parts
        .map((part) => unprotected(part, keepers.get(part.host) ?? null, nameOf(part.host)))
        .find((found) => found !== null)
    if (refusal !== undefined) return fail(refusal)
    const assurance = parts.flatMap((part) => {
      const kept = keepers.get(part.host) ?? null
      return kept === null ? [] : [[part.host, assuranceOf(part, kept)] as const]
    })
    return ok(this.#planned.keep(planned.value, support, Object.fromEntries(assurance), undoOf))
  }

  discard(id: string): void {
    this.#planned.drop(id)
  }

  exported(id: string, digest: string): Answer<{ readonly text: string }> {
    const kept = this.#planned.look(id, digest)
    if (!kept.ok) return kept
    const nameOf = (hostId: string): string => {
      const host = this.#deps.host(hostId)
      return host.ok ? host.value.name : hostId
    }
    return ok({ text: exportScript(kept.value.change, nameOf) })
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

  cancel(id: string): void {
    this.#making.get(id)?.cancel()
  }

  /** A change that is being made, and whether the user's word is waited for; null: it is not being made. */
  making(id: string): { readonly awaited: boolean } | null {
    const making = this.#making.get(id)
    return making === undefined ? null : { awaited: making.awaited }
  }

  /** False: nobody waits for it. */
  confirm(id: string): boolean {
    return this.#making.get(id)?.confirm() ?? false
  }

  /** Fails when nothing was done at all; otherwise the outcome says what came of it. */
  async apply(
    id: string,
    digest: string,
    confirm: 'proof' | 'user' = 'proof',
  ): Promise<Answer<ChangeOutcome>> {
    const kept = this.#planned.look(id, digest)
    if (!kept.ok) return kept
    const hosts = this.#hostsOf(kept.value.change)
    if (!hosts.ok) return hosts
    return this.#whileBusy(hosts.value, async () => {
      const runs = this.#runsOf(kept.value, hosts.value, confirm)
      for (const run of runs) {
        const moved = await this.#moved(kept.value, run)
        if (moved !== null) return fail(moved)
      }
      const unwritten = this.#deps.history.begun(id, kept.value.change, hosts.value, kept.value.undoOf)
      if (unwritten !== null) return fail(unwritten)
      const made = await this.#make(kept.value, runs, confirm)
      if (made.kind === 'refused') {
        this.#deps.history.dropped(id)
        return fail(made.problem)
      }
      this.#deps.history.ended(id, made)
      if (made.kind === 'proved' && kept.value.undoOf !== null)
        this.#deps.history.undone(kept.value.undoOf, id)
      this.#planned.drop(id)
      return ok(made)
    })
  }

  /**
   * What the journals of its hosts say of a change whose end nobody heard; null: they cannot be asked now.
   * @param before what was known of it: a host that was confirmed stays so, heard or not
   * @param resume tells hosts that wait for it that it stays, as all of them had proved it
   */
  async settle(
    id: string,
    change: Change,
    before: ChangeOutcome | null,
    resume: boolean,
  ): Promise<ChangeOutcome | null> {
    const hosts = this.#hostsOf(change)
    if (!hosts.ok) return null
    const runs = change.parts.flatMap((part, at) => {
      const host = hosts.value[at]
      return host === undefined ? [] : [new PartRun(host, part, this.#options(id, change, 'proof'))]
    })
    const settled = await settleRuns(runs, before, resume)
    if (settled !== null) for (const run of runs) this.#deps.touched(run.host.id)
    return settled
  }

  async #whileBusy(
    hosts: readonly EngineHost[],
    act: () => Promise<Answer<ChangeOutcome>>,
  ): Promise<Answer<ChangeOutcome>> {
    for (const { id, name } of hosts)
      if (this.#busy.has(id)) return fail(problem('change.busy', {}, { host: name }))
    for (const { id } of hosts) this.#busy.add(id)
    try {
      return await act()
    } finally {
      for (const { id } of hosts) {
        this.#busy.delete(id)
        this.#deps.touched(id)
      }
    }
  }

  async #make(kept: KeptChange, runs: readonly PartRun[], confirm: 'proof' | 'user'): Promise<Made> {
    const making = new Making({
      runs,
      restored: kept.restored,
      prove: (run, expect, moment, patienceMs) => this.#prove(run, expect, moment, patienceMs),
      progress: this.#deps.progress,
      log: this.#deps.log,
      awaitsUser: confirm === 'user',
      patienceMs: this.#deps.patienceMs ?? usualPatienceMs,
      holdSeconds: this.#deps.holdSeconds ?? usualHoldSeconds,
    })
    this.#making.set(kept.id, making)
    try {
      return await making.make()
    } finally {
      this.#making.delete(kept.id)
    }
  }

  #runsOf(kept: KeptChange, hosts: readonly EngineHost[], confirm: 'proof' | 'user'): readonly PartRun[] {
    const options = this.#options(kept.id, kept.change, confirm)
    return kept.change.parts.flatMap((part, at) => {
      const host = hosts[at]
      return host === undefined ? [] : [new PartRun(host, part, options)]
    })
  }

  #options(id: string, change: Change, confirm: 'proof' | 'user') {
    const { key, params } = change.title
    const commands = change.parts.reduce((sum, part) => sum + commandSeconds(part), 0)
    const usual = slackSeconds * change.parts.length + commands + (confirm === 'user' ? userSeconds : 0)
    return {
      id,
      title: [key, ...Object.entries(params).map(([name, value]) => `${name}=${value}`)].join(' '),
      by: this.#deps.by,
      seconds: this.#deps.deadlineSeconds ?? usual,
    }
  }

  /** Read-only is held here, whatever was shown or asked. In the order of the parts. */
  #hostsOf(change: Change): Answer<readonly EngineHost[]> {
    const found: EngineHost[] = []
    for (const part of change.parts) {
      const host = this.#deps.host(part.host)
      if (!host.ok) return host
      if (host.value.readOnly) return fail(problem('app.readOnly', {}, { host: host.value.name }))
      found.push(host.value)
    }
    return ok(found)
  }

  /**
   * Files are compared where they are written. What is set at run time has no digest: it must still be as it was
   * when the change was planned, or taking the change back would undo somebody else's work.
   */
  async #moved(kept: KeptChange, run: PartRun): Promise<Problem | null> {
    const expect = kept.restored.get(run.host.id)
    if (expect === undefined || !run.part.steps.some(({ kind }) => kind === 'runtime')) return null
    const now = await this.#prove(run, expect, 'applied', 0)
    if (!now.ok) return now.problem
    if (now.value.holds) return null
    const detail = now.value.missing.join('\n').slice(0, 2000)
    return problem('change.notAsPlanned', {}, { host: run.host.name, detail })
  }

  /** Asks until it holds or the time is over; the last answer counts. */
  async #prove(
    { host, part }: PartRun,
    expect: Json,
    moment: ProofMoment,
    patienceMs = this.#deps.proofPatienceMs ?? usualProofPatienceMs,
  ): Promise<Answer<Verdict>> {
    const support = this.#deps.support(part.proof.capability)
    if (support === undefined)
      return fail(problem('change.unsupported', { capability: part.proof.capability }))
    try {
      const until = Date.now() + patienceMs
      for (;;) {
        const verdict = await support.prove(host, expect, moment)
        if (verdict.ok ? verdict.value.holds : isNo(verdict.problem)) return verdict
        if (Date.now() >= until) return verdict
        await new Promise((resolve) => setTimeout(resolve, proofPauseMs))
      }
    } catch (error) {
      this.#deps.log(
        `change.prove on ${host.name}: ${error instanceof Error ? String(error.stack) : String(error)}`,
      )
      return fail(problem('app.internal', { method: 'change.prove' }, { host: host.name }))
    }
  }
}
