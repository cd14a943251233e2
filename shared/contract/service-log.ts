import { z } from 'zod'
import type { DaemonLog } from '../model/superserver'
import { atHost, value } from './method'
import { profileId } from './profile'

const serviceLog = z.object({
  host: profileId,
  /** Its id. */
  service: z
    .string()
    .min(1)
    .max(1024)
    .regex(/^[^\0\n]*$/),
})

/** What the daemon logged of one service, read anew. */
export interface ServiceLog {
  readonly log: DaemonLog
  /** The host's own time when it was read: seconds since 1970. */
  readonly now: number
}

export const serviceLogMethods = { 'host.serviceLog': atHost(serviceLog, value<ServiceLog>()) }
