import type { Answer } from '../../shared/contract/answer'
import type { PartName } from '../../shared/contract/part'
import type { Change, Json } from '../../shared/model/change'
import type { Intent } from '../../shared/model/intent'
import type { PartSource } from '../host/part-source'
import type { Job, Ran } from '../host/run'

/** What one capability brings to the host process. */
export interface Capability {
  readonly name: PartName
  readonly part: PartSource
  /** Absent: it changes nothing. */
  readonly change?: ChangeSupport
}

/** How a capability makes changes and sees whether they hold. It reads; the change engine alone writes. */
export interface ChangeSupport {
  /** `capability` of its intents and proofs. */
  readonly capability: string
  /** Reads the host anew, then plans by the pure function of shared/model. */
  plan(host: ChangeHost, intent: Intent): Promise<Answer<Planned>>
  /**
   * The way back of a change that was made and holds; null: none is known. It reads the host anew, and plans only if
   * the host is still as the change left it.
   */
  undo(change: Change): PlanUndo | null
  /**
   * Reads the host once and judges. Asked again for some seconds while it does not hold: daemons take a while.
   * @param expect `Proof.expect` of a part, or what `Planned.restored` gave
   */
  prove(host: ChangeHost, expect: Json, moment: ProofMoment): Promise<Answer<Verdict>>
}

export type PlanUndo = (host: ChangeHost) => Promise<Answer<Planned>>

/** restored: after a rollback; a daemon may have been started anew. */
export type ProofMoment = 'applied' | 'restored'

export interface Planned {
  readonly change: Change
  /** By profile id: what must hold again after a rollback. A host that is not in it is proved by its files alone. */
  readonly restored: ReadonlyMap<string, Json>
}

export interface Verdict {
  readonly holds: boolean
  /** What was read, one fact a line, in the words of the host's own tools. */
  readonly evidence: readonly string[]
  /** What does not hold, in the same words. */
  readonly missing: readonly string[]
}

/** A host as changes see it. */
export interface ChangeHost {
  /** Profile id. */
  readonly id: string
  readonly name: string
  run(job: Job): Promise<Ran>
}
