import { defineStore } from 'pinia'
import { ref, watch } from 'vue'
import { z } from 'zod'
import { call } from '../api/client'
import { useHosts } from '../api/hosts'
import { tabsSchema, useTabs } from '../api/tabs'

const saveDelayMs = 400
export const sidebarLimits = { least: 180, most: 420, usual: 248 } as const

const savedSchema = z.object({
  version: z.literal(1),
  open: tabsSchema,
  sidebar: z.object({
    width: z.number().min(sidebarLimits.least).max(sidebarLimits.most),
    shown: z.boolean(),
  }),
  closedGroups: z.array(z.string()).max(1000),
})

/** What the window shows and a restart shows again: tabs, the sidebar, closed groups. */
export const useWorkspace = defineStore('workspace', () => {
  const sidebarWidth = ref<number>(sidebarLimits.usual)
  const sidebarShown = ref(true)
  const closedGroups = ref<ReadonlySet<string>>(new Set())
  const tabs = useTabs()
  const hosts = useHosts()

  function toggleGroup(name: string): void {
    const next = new Set(closedGroups.value)
    if (!next.delete(name)) next.add(name)
    closedGroups.value = next
  }

  function restore(json: string): void {
    const saved = savedSchema.safeParse(parsed(json))
    // Another version's workspace is no fault: the window starts empty.
    if (!saved.success) return
    sidebarWidth.value = saved.data.sidebar.width
    sidebarShown.value = saved.data.sidebar.shown
    closedGroups.value = new Set(saved.data.closedGroups)
    const known = saved.data.open.tabs.filter(
      ({ host }) => host === null || hosts.profileOf(host) !== undefined,
    )
    const { active } = saved.data.open
    const kept = known.some(({ id }) => id === active) ? active : (known.at(-1)?.id ?? null)
    tabs.restore({ tabs: known, active: kept })
  }

  function save(): void {
    const state: z.input<typeof savedSchema> = {
      version: 1,
      open: { tabs: [...tabs.tabs], active: tabs.active },
      sidebar: { width: sidebarWidth.value, shown: sidebarShown.value },
      closedGroups: [...closedGroups.value],
    }
    void call('workspace.set', { json: JSON.stringify(state) })
  }

  /** Reads what was saved, then saves each change, and at the end whatever is not saved yet. */
  async function start(): Promise<void> {
    const answer = await call('workspace.get', {})
    if (answer.ok && answer.value !== null) restore(answer.value)
    let timer: ReturnType<typeof setTimeout> | null = null
    watch([() => tabs.tabs, () => tabs.active, sidebarWidth, sidebarShown, closedGroups], () => {
      if (timer !== null) clearTimeout(timer)
      timer = setTimeout(() => {
        timer = null
        save()
      }, saveDelayMs)
    })
    window.addEventListener('pagehide', () => {
      if (timer !== null) save()
    })
  }

  return { sidebarWidth, sidebarShown, closedGroups, toggleGroup, start }
})

function parsed(json: string): unknown {
  try {
    return JSON.parse(json)
  } catch {
    return null // the same as another version's
  }
}
