import { randomUUID } from 'node:crypto'
import { fail, ok, type Answer } from '../../../shared/contract/answer'
import type { PlannedChange } from '../../../shared/contract/change'
import { problem } from '../../../shared/contract/problem'
import { changeDigest, previewOf } from '../../../shared/model/change'
import type { ChangeSupport, Planned } from '../../capability/capability'

export interface KeptChange extends Planned {
  readonly id: string
  readonly digest: string
  readonly support: ChangeSupport
  /** The change that it takes back. */
  readonly undoOf: string | null
}

/** More than anybody looks at together; the oldest goes. */
const kept = 32

/** Changes that were planned and shown. Each can be taken once, by its id and the digest of what was shown. */
export class PlannedChanges {
  readonly #changes = new Map<string, KeptChange>()

  keep(
    planned: Planned,
    support: ChangeSupport,
    assurance: PlannedChange['assurance'],
    undoOf: string | null,
  ): PlannedChange {
    const id = randomUUID()
    const digest = changeDigest(planned.change)
    this.#changes.set(id, { ...planned, id, digest, support, undoOf })
    const [oldest] = this.#changes.keys()
    if (this.#changes.size > kept && oldest !== undefined) this.#changes.delete(oldest)
    return { id, digest, preview: previewOf(planned.change), assurance }
  }

  /** `look` leaves it there: what was not begun can be applied later. */
  look(id: string, digest: string): Answer<KeptChange> {
    const change = this.#changes.get(id)
    if (change === undefined) return fail(problem('change.notPlanned'))
    return change.digest === digest ? ok(change) : fail(problem('change.differs'))
  }

  drop(id: string): void {
    this.#changes.delete(id)
  }

  /** All that would change something on the host. */
  dropOf(hostId: string): void {
    for (const [id, { change }] of this.#changes)
      if (change.parts.some(({ host }) => host === hostId)) this.#changes.delete(id)
  }
}
