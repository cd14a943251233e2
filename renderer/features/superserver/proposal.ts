import type { SuperserverIntent } from '../../../shared/model/superserver'
import { useChanges } from '../../api/change'

/**
 * Shows what would be done for an intent of this panel.
 * @param host profile id, asked anew each time
 */
export function useProposal(
  host: () => string,
  after: { readonly proved: () => void; readonly closed: () => void },
): (intent: SuperserverIntent) => Promise<void> {
  const changes = useChanges()
  return async (intent) => {
    const made = await changes.propose(host(), intent)
    if (made === null) return
    if (made.kind === 'proved') after.proved()
    after.closed()
  }
}
