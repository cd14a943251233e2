import { defineStore } from 'pinia'
import { computed, ref } from 'vue'
import { z } from 'zod'

const tabSchema = z.object({
  id: z.string(),
  /** `section`, or a tab kind of a feature. */
  kind: z.string(),
  host: z.string().nullable(),
  /** What the user sees; for a section its id, which the shell translates. */
  title: z.string(),
  params: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])),
})
export type Tab = Readonly<z.infer<typeof tabSchema>>

export const tabsSchema = z.object({ tabs: z.array(tabSchema).max(200), active: z.string().nullable() })

/** The open tabs, in their order. */
export const useTabs = defineStore('tabs', () => {
  const tabs = ref<readonly Tab[]>([])
  const active = ref<string | null>(null)
  const activeTab = computed(() => tabs.value.find(({ id }) => id === active.value) ?? null)

  /** Opens a tab, or shows the one of the same id. */
  function open(tab: Tab): void {
    if (!tabs.value.some(({ id }) => id === tab.id)) tabs.value = [...tabs.value, tab]
    active.value = tab.id
  }

  /** Shows a section of a host in the host's one section tab. */
  function openSection(host: string, section: string): void {
    const id = `section:${host}`
    const tab: Tab = { id, kind: 'section', host, title: section, params: {} }
    tabs.value = tabs.value.some((other) => other.id === id)
      ? tabs.value.map((other) => (other.id === id ? tab : other))
      : [...tabs.value, tab]
    active.value = id
  }

  function close(id: string): void {
    const index = tabs.value.findIndex((tab) => tab.id === id)
    if (index < 0) return
    const rest = tabs.value.filter((tab) => tab.id !== id)
    tabs.value = rest
    if (active.value === id) active.value = (rest[index] ?? rest[index - 1])?.id ?? null
  }

  function rename(id: string, title: string): void {
    tabs.value = tabs.value.map((tab) => (tab.id === id ? { ...tab, title } : tab))
  }

  function activate(id: string): void {
    if (tabs.value.some((tab) => tab.id === id)) active.value = id
  }

  function restore(saved: z.infer<typeof tabsSchema>): void {
    tabs.value = saved.tabs
    active.value = saved.active
  }

  return { tabs, active, activeTab, open, openSection, close, rename, activate, restore }
})
