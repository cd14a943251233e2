import type { ChangeProgress } from './change'
import type { HistoryEntry } from './history'
import type { HostStatus } from './host'
import type { PartName, PartSnapshot } from './part'
import type { Problem } from './problem'
import type { Profile } from './profile'
import type { Question } from './question'
import type { Settings } from './settings'

/** What the main process tells the renderer unasked. */
export interface Events {
  'profile.changed': readonly Profile[]
  'host.changed': HostStatus
  'host.removed': { readonly id: string }
  'part.changed': { readonly host: string; readonly part: PartName; readonly snapshot: PartSnapshot }
  'question.asked': Question
  'question.gone': { readonly id: string }
  'change.progress': ChangeProgress
  /** An entry is new, or its outcome is known now. */
  'history.changed': HistoryEntry
  /** Nothing was done after all, so it stands there no more. */
  'history.dropped': { readonly id: string }
  'settings.changed': Settings
  'hostProcess.changed': { readonly kind: 'up' } | { readonly kind: 'gone'; readonly problem: Problem }
  /** A menu item or a second start of the app asks the window to do something. */
  'command.run': { readonly command: string }
}

export type EventName = keyof Events
