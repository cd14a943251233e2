import { z } from 'zod'
import { atHost, value } from './method'
import { profileId } from './profile'

/** A short talk with a service, over a connection that the host itself makes. */
const talk = z.object({
  host: profileId,
  address: z.string().min(1).max(255),
  port: z.number().int().min(1).max(65535),
  /** What is sent, as hexadecimal digits; empty: nothing. */
  send: z
    .string()
    .max(131_072)
    .regex(/^([0-9a-f]{2})*$/),
  /** How long an answer is waited for; its end ends the talk sooner. */
  milliseconds: z.number().int().min(100).max(30_000),
})

export interface Talk {
  /** From the asking to the open connection, the way through SSH included. */
  readonly connectedMs: number
  /** The first byte of the answer, from the open connection; null: none came. */
  readonly firstByteMs: number | null
  /** The first 64 KiB, as hexadecimal digits. */
  readonly received: string
  readonly truncated: boolean
  /** closed: the service ended it. open: it was still open when the time was over. */
  readonly ended: 'closed' | 'open'
  readonly endedMs: number
}

export const talkMethods = { 'host.talk': atHost(talk, value<Talk>()) }
