import type { Feature } from '../../api/feature'
import { useHistoryPage } from '../../api/history'
import { later } from '../../ui/later'

const HistorySection = later(() => import('./HistorySection.vue'))
const HistoryTab = later(() => import('./HistoryTab.vue'))

export const feature: Feature = {
  sections: [
    {
      id: 'history',
      title: 'history.title',
      icon: 'i-lucide-history',
      order: 90,
      component: HistorySection,
    },
  ],
  tabs: [{ kind: 'history', icon: 'i-lucide-history', component: HistoryTab }],
  commands: [
    {
      id: 'history.open',
      title: 'history.command',
      icon: 'i-lucide-history',
      needsHost: false,
      run: () => useHistoryPage().open(),
    },
  ],
}
