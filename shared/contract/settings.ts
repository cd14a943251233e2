import { z } from 'zod'
import { atApp, nothing, value } from './method'
import { usualSettings } from './usual-settings'

export const settingsSchema = z.object({
  theme: z.enum(['system', 'light', 'dark']).default(usualSettings.theme),
  language: z.enum(['system', 'en', 'zh-CN']).default(usualSettings.language),
  /** Nothing on any host may be changed. */
  readOnly: z.boolean().default(usualSettings.readOnly),
  /** Minutes for which a password for sudo or doas is kept in memory; 0: until the app ends. */
  privilegeMinutes: z.number().int().min(0).max(1440).default(usualSettings.privilegeMinutes),
  terminal: z
    .object({
      fontSize: z.number().int().min(8).max(32).default(usualSettings.terminal.fontSize),
      scrollback: z.number().int().min(100).max(100_000).default(usualSettings.terminal.scrollback),
      /** Pasting more lines than this asks first. */
      pasteWarningLines: z.number().int().min(1).max(1000).default(usualSettings.terminal.pasteWarningLines),
      webgl: z.boolean().default(usualSettings.terminal.webgl),
    })
    .prefault({}),
})
export type Settings = Readonly<z.infer<typeof settingsSchema>>

/** What the window shows, so that a restart shows it again. Opaque to the main process but for its size. */
export const workspaceSchema = z.object({ json: z.string().max(1_000_000) })

export const settingsMethods = {
  'settings.get': atApp(nothing, value<Settings>()),
  'settings.set': atApp(z.object({ settings: settingsSchema }), value<Settings>()),
  'workspace.get': atApp(nothing, value<string | null>()),
  'workspace.set': atApp(workspaceSchema, value<null>()),
}
