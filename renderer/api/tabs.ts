import { defineStore } from 'pinia'
import { computed, ref } from 'vue'

export interface Tab {
  readonly id: string
  /** `section`, or a tab kind of a feature. */
  readonly kind: string
  readonly host: string | null
  /** What the user sees; for a section its id, which the shell translates. */
  readonly title: string
  readonly params: Readonly<Record<string, string | number | boolean>>
}

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

  function restore(saved: { readonly tabs: readonly Tab[]; readonly active: string | null }): void {
    tabs.value = saved.tabs
    active.value = saved.active
  }

  return { tabs, active, activeTab, open, openSection, close, rename, activate, restore }
})
