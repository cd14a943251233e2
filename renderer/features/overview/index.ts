import type { Feature } from '../../api/feature'
import { later } from '../../ui/later'

const OverviewPage = later(() => import('./OverviewPage.vue'))

export const feature: Feature = {
  sections: [
    { id: 'overview', title: 'overview.title', icon: 'i-lucide-gauge', order: 10, component: OverviewPage },
  ],
  tabs: [],
  commands: [],
}
