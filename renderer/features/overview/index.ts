import type { Feature } from '../../api/feature'
import OverviewPage from './OverviewPage.vue'

export const feature: Feature = {
  sections: [
    { id: 'overview', title: 'overview.title', icon: 'i-lucide-gauge', order: 10, component: OverviewPage },
  ],
  tabs: [],
  commands: [],
}
