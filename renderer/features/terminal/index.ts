import { defineAsyncComponent } from 'vue'
import type { Feature } from '../../api/feature'
import { activeTerminal } from './live'
import { openTerminalTab } from './open'

/** Loaded with the first tab: the window is usable sooner without xterm. */
const TerminalTab = defineAsyncComponent(() => import('./TerminalTab.vue'))

export const feature: Feature = {
  sections: [],
  tabs: [{ kind: 'terminal', icon: 'i-lucide-square-terminal', component: TerminalTab }],
  commands: [
    {
      id: 'terminal.new',
      title: 'terminal.command.new',
      icon: 'i-lucide-square-terminal',
      keys: ['meta_t'],
      needsHost: true,
      run: ({ host }) => {
        if (host !== null) openTerminalTab(host)
      },
    },
    {
      id: 'terminal.find',
      title: 'terminal.command.find',
      icon: 'i-lucide-search',
      needsHost: false,
      run: () => activeTerminal()?.find(),
    },
    {
      id: 'terminal.clear',
      title: 'terminal.command.clear',
      icon: 'i-lucide-eraser',
      needsHost: false,
      run: () => activeTerminal()?.clear(),
    },
    {
      id: 'terminal.screenReader',
      title: 'terminal.command.screenReader',
      icon: 'i-lucide-speech',
      needsHost: false,
      run: () => activeTerminal()?.toggleScreenReader(),
    },
  ],
}
