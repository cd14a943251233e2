import path from 'node:path'
import { z } from 'zod'
import { settingsSchema, type Settings } from '../../shared/contract/settings'
import { readJson, writeJson } from '../store/json-file'

/** The user's settings and the last workspace, in two files under the app's data folder. */
export function openSettings(folder: string, complain: (message: string) => void) {
  const settingsFile = path.join(folder, 'settings.json')
  const workspaceFile = path.join(folder, 'workspace.json')
  let settings: Settings = readJson(settingsFile, settingsSchema, {}, complain)
  let workspace = readJson(workspaceFile, z.object({ json: z.string().nullable() }), { json: null }, complain)
  return {
    get: () => settings,
    set(next: Settings) {
      // Written first: what could not be kept is not in force either, and read-only is never half on.
      writeJson(settingsFile, next)
      settings = next
    },
    workspace: () => workspace.json,
    setWorkspace(json: string) {
      workspace = { json }
      writeJson(workspaceFile, workspace)
    },
  }
}
export type SettingsStore = ReturnType<typeof openSettings>
