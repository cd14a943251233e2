import { z } from 'zod'
import { atHost, value } from './method'
import { profileId } from './profile'

/**
 * Who makes the connection. host: the sshd of a connected host, so the service sees that host's address, and the bytes
 * go there through SSH. here: this computer by plain TCP, as any client would come.
 */
const talkSource = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('host'), host: profileId }),
  z.object({ kind: z.literal('here') }),
])

/** A short talk with a service of a host. */
const talk = z.object({
  host: profileId,
  /** Absent: the host itself. */
  from: talkSource.optional(),
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

export type TalkSource = Readonly<z.infer<typeof talkSource>>
export type TalkWish = Readonly<z.infer<typeof talk>>

export interface Talk {
  /** From the asking to the open connection, the way through SSH included. */
  readonly connectedMs: number
  /** This computer's address, where it made the connection; null: a host made it, and its log knows. */
  readonly source: string | null
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
