import { z } from 'zod'
import { atHost, value } from './method'
import type { Problem } from './problem'
import { profileId } from './profile'
import { intentSchema } from '../model/intent'
import type { Assurance, ChangePreview } from '../model/change'

/** A change that was planned and is kept, under its id, until it is applied or discarded. */
export interface PlannedChange {
  readonly id: string
  /** Digest of the whole change; `change.apply` must name it, so that what was shown is what is done. */
  readonly digest: string
  readonly preview: ChangePreview
  /** By profile id: what the host's own taking back outlives. */
  readonly assurance: Readonly<Record<string, Assurance>>
}

export type ChangeOutcome =
  | { readonly kind: 'proved'; readonly evidence: readonly string[] }
  | { readonly kind: 'rolledBack'; readonly problem: Problem; readonly evidence: readonly string[] }
  /** Proved on every host, but not every host has heard that it stays. */
  | {
      readonly kind: 'halfConfirmed'
      readonly problem: Problem
      /** Profile ids. */
      readonly confirmed: readonly string[]
      readonly waiting: readonly string[]
      /** Until the waiting hosts take it back by themselves. */
      readonly seconds: number
    }
  | {
      readonly kind: 'unknown'
      readonly problem: Problem
      /** Until the host takes it back by itself, if it can; null: nothing of that kind is to be expected. */
      readonly seconds: number | null
    }

/** What happens while a change is applied. */
export type ChangeProgress = { readonly id: string } & (
  | {
      readonly kind: 'step'
      readonly host: string
      readonly step: number
      readonly steps: number
      /** A key of the texts. */
      readonly title: string
    }
  /** The host takes the change back by itself after so many seconds, unless it is confirmed. */
  | { readonly kind: 'armed'; readonly host: string; readonly seconds: number }
  /** It holds, as the hosts said; the user has so many seconds to say that it stays. */
  | { readonly kind: 'awaiting'; readonly seconds: number; readonly evidence: readonly string[] }
)

const id = z.string().max(64)
const digest = z.string().max(128)

export const changeMethods = {
  'change.plan': atHost(z.object({ host: profileId, intent: intentSchema }), value<PlannedChange>()),
  /** `user`: it stays only if `change.confirm` follows in time. */
  'change.apply': atHost(
    z.object({ id, digest, confirm: z.enum(['proof', 'user']).optional() }),
    value<ChangeOutcome>(),
  ),
  /** Refused when it is not waited for. */
  'change.confirm': atHost(z.object({ id }), value<null>()),
  /** Takes back what was done so far. Nothing to do once the change is confirmed. */
  'change.cancel': atHost(z.object({ id }), value<null>()),
  'change.discard': atHost(z.object({ id }), value<null>()),
  /** The planned change as one shell script for people to review; secrets are left out. */
  'change.export': atHost(z.object({ id, digest }), value<{ readonly text: string }>()),
}
