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

/** At contact: what became of changes whose end nobody heard stands in the journal of their host. */
export async function settleOpen(
  hostId: string,
  engine: ChangeEngine,
  history: History,
  log: (line: string) => void,
): Promise<void> {
  if (engine.busy(hostId)) return
  for (const { id, change, outcome } of history.open(hostId)) {
    try {
      const settled = await engine.settle(id, change, false)
      if (settled === null) return
      if (settled.kind === 'unknown' && outcome?.kind === 'unknown') continue
      history.ended(id, settled)
    } catch (error) {
      log(`history: change ${id}: ${error instanceof Error ? String(error.stack) : String(error)}`)
    }
  }
}
