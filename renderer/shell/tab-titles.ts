import { useI18n } from 'vue-i18n'
import { useHosts } from '../api/hosts'
import type { Tab } from '../api/tabs'
import { sections, tabKinds } from './features'

/** How tabs are named: by their host, then by what of it they show. */
export function useTabTitles() {
  const { t, te } = useI18n()
  const hosts = useHosts()

  const own = (tab: Tab): string => {
    if (tab.kind === 'section') {
      const section = sections.find(({ id }) => id === tab.title)
      return section === undefined ? '' : t(section.title)
    }
    // A tab kind may give a key of the texts, or words of its own such as a shell's title.
    return te(tab.title) ? t(tab.title) : tab.title
  }
  const short = (tab: Tab): string => (tab.host === null ? own(tab) : hosts.nameOf(tab.host))
  const detail = (tab: Tab): string => (tab.host === null ? '' : own(tab))
  const full = (tab: Tab): string => [short(tab), detail(tab)].filter((part) => part !== '').join(' · ')
  const icon = (tab: Tab): string => {
    if (tab.kind === 'section') return sections.find(({ id }) => id === tab.title)?.icon ?? 'i-lucide-server'
    return tabKinds.get(tab.kind)?.icon ?? 'i-lucide-app-window'
  }
  return { short, detail, full, icon }
}
