import { problem } from '../../../shared/contract/problem'
import type { History } from '../../store/history'
import type { ChangeEngine, ChangeLog } from './engine'

/** What the engine does, written into the history. */
export function changeLog(history: History, by: string): ChangeLog {
  return {
    begun(id, change, hosts, undoOf) {
      try {
        history.begun(
          {
            id,
            at: Date.now(),
            by,
            hosts: hosts.map(({ id: host, name, account }) => ({ id: host, name, account })),
            title: change.title,
            reason: change.reason,
            undoOf,
          },
          change,
        )
        return null
      } catch (error) {
        return problem(
          'app.storeUnwritable',
          { file: 'history' },
          { detail: error instanceof Error ? error.message : String(error) },
        )
      }
    },
    ended: (id, outcome) => history.ended(id, outcome),
    dropped: (id) => history.dropped(id),
    undone: (id, by) => history.undone(id, by),
  }
}

/** Longer than any host takes: a number that came damaged must not make a timer fire at once. */
const longestSeconds = 3600

/**
 * What became of changes whose end nobody heard stands in the journal of their host: it is asked at contact, and again
 * when the host has had its time to take them back.
 */
export class Settling {
  readonly #asking = new Set<string>()
  readonly #later = new Map<string, NodeJS.Timeout>()

  constructor(
    private readonly engine: ChangeEngine,
    private readonly history: History,
    private readonly log: (line: string) => void,
  ) {}

  async contact(hostId: string): Promise<void> {
    if (this.#asking.has(hostId) || this.engine.busy(hostId)) return
    this.#asking.add(hostId)
    try {
      await this.#ask(hostId)
    } finally {
      this.#asking.delete(hostId)
    }
  }

  dispose(): void {
    for (const timer of this.#later.values()) clearTimeout(timer)
    this.#later.clear()
  }

  async #ask(hostId: string): Promise<void> {
    for (const { id, change, outcome } of this.history.open(hostId)) {
      try {
        const settled = await this.engine.settle(id, change, outcome, false)
        if (settled === null) return
        const seconds = 'seconds' in settled ? (settled.seconds ?? 0) : 0
        if (seconds > 0) this.#askLater(hostId, seconds)
        if (settled.kind === 'unknown' && outcome?.kind === 'unknown') continue
        this.history.ended(id, settled)
      } catch (error) {
        this.log(`history: change ${id}: ${error instanceof Error ? String(error.stack) : String(error)}`)
      }
    }
  }

  #askLater(hostId: string, seconds: number): void {
    clearTimeout(this.#later.get(hostId))
    const timer = setTimeout(
      () => {
        this.#later.delete(hostId)
        void this.contact(hostId)
      },
      (Math.min(seconds, longestSeconds) + 2) * 1000,
    )
    this.#later.set(hostId, timer)
  }
}
