import { z } from 'zod'
import { atHost, value } from './method'
import type { Problem } from './problem'
import { profileId } from './profile'

/** What can be read of a host. A view opens the parts it shows; what is open is gathered in one exec. */
export const partNames = ['facts', 'superserver', 'balancer', 'desktops'] as const
export type PartName = (typeof partNames)[number]

/** The last state of a part. A value stays, marked stale, when a later reading failed. */
export interface PartSnapshot<T = unknown> {
  readonly value: T | null
  /** When it was read: milliseconds since the epoch, null before the first answer. */
  readonly at: number | null
  readonly revision: number
  readonly stale: boolean
  readonly problem: Problem | null
}

const part = z.object({ host: profileId, part: z.enum(partNames) })

export const partMethods = {
  'part.open': atHost(part, value<PartSnapshot>()),
  'part.close': atHost(part, value<null>()),
  'part.refresh': atHost(part, value<PartSnapshot>()),
}
