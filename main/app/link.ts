import { z } from 'zod'
import type { Problem } from '../../shared/contract/problem'
import type { Settings } from '../../shared/contract/settings'

/** What the app's main process and the host process say to each other. Both are our own code. */
export type ToHostProcess =
  | { readonly kind: 'start'; readonly userData: string; readonly settings: Settings }
  | { readonly kind: 'call'; readonly id: number; readonly method: string; readonly params: unknown }
  | { readonly kind: 'stream'; readonly name: string; readonly params: unknown }
  | { readonly kind: 'settings'; readonly settings: Settings }
  | { readonly kind: 'dispose' }

export const fromHostProcess = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('answer'), id: z.number(), answer: z.unknown() }),
  z.object({ kind: z.literal('event'), name: z.string(), payload: z.unknown() }),
  z.object({ kind: z.literal('disposed') }),
])

export type HostProcessState = { readonly kind: 'up' } | { readonly kind: 'gone'; readonly problem: Problem }
