import type { Feature } from '../../api/feature'
import BalancerPage from './BalancerPage.vue'

export const feature: Feature = {
  sections: [
    { id: 'balancer', title: 'balancer.title', icon: 'i-lucide-split', order: 30, component: BalancerPage },
  ],
  tabs: [],
  commands: [],
}
