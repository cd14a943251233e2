import { useTabs } from '../api/tabs'

/** Opens the settings' tab, of which there is one. */
export function useOpenSettings() {
  const tabs = useTabs()
  return () =>
    tabs.open({ id: 'settings', kind: 'settings', host: null, title: 'settings.title', params: {} })
}
