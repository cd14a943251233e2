import { digestOf } from './canonical'
import type { Change } from './change'

/**
 * What a change is told by: the same change, whoever planned it and whenever, has the same digest, and any
 * other has another. `apply` names it, so only what was shown is done.
 */
export function changeDigest(change: Change): string {
  return digestOf(change)
}
