import { z } from 'zod'
import type { Problem } from './problem'
import { profileId } from './profile'

/** Streams go over a MessagePort straight between the renderer and the host process. */
export const streamParams = {
  'terminal.open': z.object({
    host: profileId,
    columns: z.number().int().min(2).max(1000),
    rows: z.number().int().min(1).max(1000),
    /** On a read-only host: the user said that what is typed there is his own doing. */
    acknowledgeReadOnly: z.boolean().optional(),
  }),
  'desktop.view': z.object({ host: profileId, display: z.number().int().min(0).max(9999) }),
} as const

export type StreamName = keyof typeof streamParams
export type StreamParams<N extends StreamName> = z.infer<(typeof streamParams)[N]>

/** At most this many bytes in one message: an Electron port copies, and noVNC's queue is bounded. */
export const streamChunkBytes = 64 * 1024
/** Bytes that a side may send before the other gives it credit again. */
export const streamWindowBytes = 1024 * 1024

/**
 * What a terminal's screen has drawn is told in portions of this size: one message for each chunk would cost more than
 * drawing it.
 */
export const drawnPortionBytes = 64 * 1024

/** Host process → renderer. */
export type StreamDown =
  | { readonly type: 'opened' }
  | { readonly type: 'data'; readonly bytes: Uint8Array }
  | { readonly type: 'credit'; readonly bytes: number }
  | { readonly type: 'notice'; readonly name: string; readonly problem?: Problem }
  | { readonly type: 'end'; readonly problem: Problem | null; readonly code: number | null }

/** Renderer → host process; validated there. */
export const streamUpSchema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('data'), bytes: z.instanceof(Uint8Array) }),
  z.object({
    type: z.literal('credit'),
    bytes: z
      .number()
      .int()
      .min(0)
      .max(1 << 30),
  }),
  z.object({
    type: z.literal('resize'),
    columns: z.number().int().min(2).max(1000),
    rows: z.number().int().min(1).max(1000),
  }),
  z.object({ type: z.literal('close') }),
])
export type StreamUp = z.infer<typeof streamUpSchema>
