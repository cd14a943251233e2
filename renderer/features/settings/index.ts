import type { Feature } from '../../api/feature'
import { later } from '../../ui/later'

const SettingsPage = later(() => import('./SettingsPage.vue'))

export const feature: Feature = {
  sections: [],
  tabs: [{ kind: 'settings', icon: 'i-lucide-settings', component: SettingsPage }],
  commands: [],
}
