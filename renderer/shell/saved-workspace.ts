import { z } from 'zod'
import type { Tab } from '../api/tabs'
import { sidebarLimits } from './sidebar-limits'

const tabSchema: z.ZodType<Tab> = z.object({
  id: z.string(),
  kind: z.string(),
  host: z.string().nullable(),
  title: z.string(),
  params: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])),
})

const savedSchema = z.object({
  version: z.literal(1),
  open: z.object({ tabs: z.array(tabSchema).max(200), active: z.string().nullable() }),
  sidebar: z.object({
    width: z.number().min(sidebarLimits.least).max(sidebarLimits.most),
    shown: z.boolean(),
  }),
  closedGroups: z.array(z.string()).max(1000),
})
export type SavedWorkspace = z.output<typeof savedSchema>

/** Null for another version's workspace, which is no fault: the window starts empty. */
export function readWorkspace(json: string): SavedWorkspace | null {
  try {
    return savedSchema.parse(JSON.parse(json))
  } catch {
    return null
  }
}
