import { z } from 'zod'
import type { ChangeOutcome } from './change'
import type { PlannedChange } from './change'
import { atHost, value } from './method'
import { profileId } from './profile'
import type { ChangePreview, Phrase } from '../model/change'

/** A change that was made, or tried. */
export interface HistoryEntry {
  readonly id: string
  /** When it was begun; milliseconds since the epoch. */
  readonly at: number
  /** `user@computer` of whoever made it. */
  readonly by: string
  readonly hosts: readonly {
    /** Profile id. */
    readonly id: string
    readonly name: string
    /** `user@address` of the login. */
    readonly account: string
  }[]
  readonly title: Phrase
  /** Why, in the user's words. */
  readonly reason: string
  /** null: it is being made. */
  readonly outcome: ChangeOutcome | null
  /** The change that it takes back. */
  readonly undoOf: string | null
  /** The change that took it back. */
  readonly undoneBy: string | null
}

export interface HistoryDetail extends HistoryEntry {
  /** As it was shown; what is secret is not in it. */
  readonly preview: ChangePreview
  /** Whether it can be asked to be undone: it holds, and its capability knows the way back. */
  readonly undoable: boolean
  /** It is being made right now; `awaited`: the user's word that it stays is waited for. null: it is not. */
  readonly making: { readonly awaited: boolean } | null
}

export const historyMethods = {
  /** The newest first. `text` is looked for in titles, reasons, hosts, people, paths and commands. */
  'history.list': atHost(
    z.object({
      host: profileId.optional(),
      text: z.string().max(200).default(''),
      before: z.number().optional(),
      limit: z.number().int().min(1).max(200).default(50),
    }),
    value<readonly HistoryEntry[]>(),
  ),
  'history.get': atHost(z.object({ id: z.string().max(64) }), value<HistoryDetail>()),
  /** Plans the way back as a change of its own; a conflict if a file is not as the change left it. */
  'history.undo': atHost(z.object({ id: z.string().max(64) }), value<PlannedChange>()),
  /** Says again to the hosts that wait for it that the change stays. */
  'history.resume': atHost(z.object({ id: z.string().max(64) }), value<ChangeOutcome>()),
}
