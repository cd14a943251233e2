import { z } from 'zod'
import { atHost, value } from './method'
import type { Problem } from './problem'
import { profileId } from './profile'
import { intentSchema } from '../model/intent'
import type { ChangePreview } from '../model/change'

/** A change that was planned and is kept, under its id, until it is applied or discarded. */
export interface PlannedChange {
  readonly id: string
  /** Digest of the whole change; `change.apply` must name it, so that what was shown is what is done. */
  readonly digest: string
  readonly preview: ChangePreview
}

export type ChangeOutcome =
  | { readonly kind: 'proved'; readonly evidence: readonly string[] }
  | { readonly kind: 'rolledBack'; readonly problem: Problem; readonly evidence: readonly string[] }
  | { readonly kind: 'unknown'; readonly problem: Problem }

export interface ChangeProgress {
  readonly id: string
  readonly host: string
  readonly step: number
  readonly steps: number
  readonly title: string
}

export const changeMethods = {
  'change.plan': atHost(z.object({ host: profileId, intent: intentSchema }), value<PlannedChange>()),
  'change.apply': atHost(
    z.object({ id: z.string().max(64), digest: z.string().max(128) }),
    value<ChangeOutcome>(),
  ),
  'change.discard': atHost(z.object({ id: z.string().max(64) }), value<null>()),
}
