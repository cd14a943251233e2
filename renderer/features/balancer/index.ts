import type { Feature } from '../../api/feature'
import { later } from '../../ui/later'

const BalancerPage = later(() => import('./BalancerPage.vue'))

export const feature: Feature = {
  sections: [
    { id: 'balancer', title: 'balancer.title', icon: 'i-lucide-split', order: 30, component: BalancerPage },
  ],
  tabs: [],
  commands: [],
}
