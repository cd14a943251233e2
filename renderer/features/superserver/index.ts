import type { Feature } from '../../api/feature'
import { later } from '../../ui/later'

const ServicesPage = later(() => import('./ServicesPage.vue'))

export const feature: Feature = {
  sections: [
    {
      id: 'superserver',
      title: 'superserver.title',
      icon: 'i-lucide-plug-zap',
      order: 20,
      component: ServicesPage,
    },
  ],
  tabs: [],
  commands: [],
}
