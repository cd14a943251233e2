import type { Feature } from '../../api/feature'
import SettingsPage from './SettingsPage.vue'

export const feature: Feature = {
  sections: [],
  tabs: [{ kind: 'settings', icon: 'i-lucide-settings', component: SettingsPage }],
  commands: [],
}
