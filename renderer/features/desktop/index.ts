import { defineAsyncComponent } from 'vue'
import type { Feature } from '../../api/feature'
import { later } from '../../ui/later'
import { activeDesktop } from './live'

const DesktopsPage = later(() => import('./DesktopsPage.vue'))

/** Loaded with the first tab: the window is usable sooner without noVNC. */
const DesktopTab = defineAsyncComponent(() => import('./DesktopTab.vue'))

export const feature: Feature = {
  sections: [
    { id: 'desktop', title: 'desktop.title', icon: 'i-lucide-monitor', order: 40, component: DesktopsPage },
  ],
  tabs: [{ kind: 'desktop', icon: 'i-lucide-monitor', component: DesktopTab }],
  commands: [
    {
      id: 'desktop.fullscreen',
      title: 'desktop.command.fullscreen',
      icon: 'i-lucide-maximize',
      needsHost: false,
      run: () => activeDesktop()?.toggleFullscreen(),
    },
    {
      id: 'desktop.viewOnly',
      title: 'desktop.command.viewOnly',
      icon: 'i-lucide-eye',
      needsHost: false,
      run: () => activeDesktop()?.toggleViewOnly(),
    },
    {
      id: 'desktop.ctrlAltDel',
      title: 'desktop.command.ctrlAltDel',
      icon: 'i-lucide-keyboard',
      needsHost: false,
      run: () => activeDesktop()?.ctrlAltDel(),
    },
    {
      id: 'desktop.typeClipboard',
      title: 'desktop.command.typeClipboard',
      icon: 'i-lucide-clipboard-type',
      needsHost: false,
      run: () => activeDesktop()?.typeClipboard(),
    },
  ],
}
