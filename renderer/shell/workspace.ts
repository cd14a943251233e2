import { defineStore } from 'pinia'
import { ref, watch } from 'vue'
import type { Answer } from '../../shared/contract'
import { call } from '../api/client'
import { useHosts } from '../api/hosts'
import { useTabs } from '../api/tabs'
import type { SavedWorkspace } from './saved-workspace'
import { sidebarLimits } from './sidebar-limits'

const saveDelayMs = 400
/** What the window shows and a restart shows again: tabs, the sidebar, closed groups. */
export const useWorkspace = defineStore('workspace', () => {
  const sidebarWidth = ref<number>(sidebarLimits.usual)
  const sidebarShown = ref(true)
  const closedGroups = ref<ReadonlySet<string>>(new Set())
  let saved: SavedWorkspace | null = null
  const tabs = useTabs()
  const hosts = useHosts()

  function toggleGroup(name: string): void {
    const next = new Set(closedGroups.value)
    if (!next.delete(name)) next.add(name)
    closedGroups.value = next
  }

  function restore({ open, sidebar, closedGroups: closed }: SavedWorkspace): void {
    sidebarWidth.value = sidebar.width
    sidebarShown.value = sidebar.shown
    closedGroups.value = new Set(closed)
    const known = open.tabs.filter(({ host }) => host === null || hosts.profileOf(host) !== undefined)
    const { active } = open
    const kept = known.some(({ id }) => id === active) ? active : (known.at(-1)?.id ?? null)
    tabs.restore({ tabs: known, active: kept })
  }

  function save(): void {
    const state: SavedWorkspace = {
      version: 1,
      open: { tabs: [...tabs.tabs], active: tabs.active },
      sidebar: { width: sidebarWidth.value, shown: sidebarShown.value },
      closedGroups: [...closedGroups.value],
    }
    void call('workspace.set', { json: JSON.stringify(state) })
  }

  /** Reads what was saved; nothing of it is shown yet. */
  async function load(): Promise<Answer<null>> {
    const answer = await call('workspace.get', {})
    if (!answer.ok) return answer
    // What reads it is not needed by a window that opens for the first time.
    if (answer.value !== null) saved = (await import('./saved-workspace')).readWorkspace(answer.value)
    return { ok: true, value: null }
  }

  /** Shows what was saved, then saves each change, and at the end whatever is not saved yet. Needs the hosts. */
  function start(): void {
    if (saved !== null) restore(saved)
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

  return { sidebarWidth, sidebarShown, closedGroups, toggleGroup, load, start }
})
