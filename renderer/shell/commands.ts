import { computed } from 'vue'
import { useI18n } from 'vue-i18n'
import type { Command } from '../api/feature'
import { useHosts } from '../api/hosts'
import { useSettings } from '../api/settings'
import { useTabs } from '../api/tabs'
import { useDialogs } from '../ui/dialogs'
import { useNotify } from '../ui/notify'
import { useConnecting } from './connecting'
import { features } from './features'
import { useOpenSettings } from './open-settings'
import { panes } from './panes'
import { useWorkspace } from './workspace'

/** The actions of the window itself, and of every feature. */
export function useCommands() {
  const { t } = useI18n()
  const hosts = useHosts()
  const tabs = useTabs()
  const dialogs = useDialogs()
  const settings = useSettings()
  const workspace = useWorkspace()
  const connecting = useConnecting()
  const notify = useNotify()
  const openSettings = useOpenSettings()

  /** The host that the window is about now. */
  const host = computed(() => tabs.activeTab?.host ?? null)

  const step = (by: number) => {
    const at = tabs.tabs.findIndex(({ id }) => id === tabs.active)
    const next = tabs.tabs.at((at + by) % Math.max(1, tabs.tabs.length))
    if (next !== undefined) tabs.activate(next.id)
  }
  const change = async (part: Parameters<typeof settings.change>[0]) => {
    notify.unlessOk(await settings.change(part))
  }
  const withHost = (act: (id: string) => unknown) => (context: { readonly host: string | null }) => {
    if (context.host !== null) void act(context.host)
  }

  const window: readonly Command[] = [
    {
      id: 'app.palette',
      title: 'command.palette',
      icon: 'i-lucide-command',
      keys: ['meta_k'],
      needsHost: false,
      run: () => void dialogs.show({ kind: 'palette' }),
    },
    {
      id: 'host.new',
      title: 'host.new',
      icon: 'i-lucide-plus',
      keys: ['meta_n'],
      needsHost: false,
      run: () => void dialogs.show({ kind: 'hostForm', id: null }),
    },
    {
      id: 'host.import',
      title: 'host.import',
      icon: 'i-lucide-file-input',
      needsHost: false,
      run: () => void dialogs.show({ kind: 'import' }),
    },
    {
      id: 'host.find',
      title: 'command.findHost',
      icon: 'i-lucide-search',
      keys: ['meta_o'],
      needsHost: false,
      run: () => {
        workspace.sidebarShown = true
        requestAnimationFrame(() => panes.focusSearch())
      },
    },
    {
      id: 'host.connect',
      title: 'host.connect',
      icon: 'i-lucide-plug',
      needsHost: true,
      run: withHost((id) => connecting.connect(id)),
    },
    {
      id: 'host.disconnect',
      title: 'host.disconnect',
      icon: 'i-lucide-unplug',
      needsHost: true,
      run: withHost(async (id) => notify.unlessOk(await connecting.disconnect(id))),
    },
    {
      id: 'host.edit',
      title: 'host.edit',
      icon: 'i-lucide-pencil',
      needsHost: true,
      run: withHost((id) => dialogs.show({ kind: 'hostForm', id })),
    },
    {
      id: 'host.remove',
      title: 'host.remove',
      icon: 'i-lucide-trash-2',
      needsHost: true,
      run: withHost((id) => dialogs.show({ kind: 'removeHost', id })),
    },
    {
      id: 'host.unlock',
      title: 'privilege.unlock',
      icon: 'i-lucide-lock-open',
      needsHost: true,
      run: withHost(async (id) =>
        notify.unlessOk(await hosts.unlock(id, settings.settings.privilegeMinutes)),
      ),
    },
    {
      id: 'host.lock',
      title: 'privilege.lock',
      icon: 'i-lucide-lock',
      needsHost: true,
      run: withHost(async (id) => notify.unlessOk(await hosts.lock(id))),
    },
    {
      id: 'tab.close',
      title: 'tab.close',
      icon: 'i-lucide-x',
      keys: ['meta_w'],
      needsHost: false,
      run: () => {
        if (tabs.active !== null) tabs.close(tabs.active)
      },
    },
    {
      id: 'tab.next',
      title: 'command.nextTab',
      icon: 'i-lucide-arrow-right',
      keys: ['ctrl_tab'],
      needsHost: false,
      run: () => step(1),
    },
    {
      id: 'tab.previous',
      title: 'command.previousTab',
      icon: 'i-lucide-arrow-left',
      keys: ['ctrl_shift_tab'],
      needsHost: false,
      run: () => step(-1),
    },
    {
      id: 'window.nextPane',
      title: 'command.nextPane',
      icon: 'i-lucide-panels-top-left',
      keys: ['f6'],
      needsHost: false,
      run: () => panes.next(1),
    },
    {
      id: 'window.previousPane',
      title: 'command.previousPane',
      icon: 'i-lucide-panels-top-left',
      keys: ['shift_f6'],
      needsHost: false,
      run: () => panes.next(-1),
    },
    {
      id: 'window.sidebar',
      title: 'command.sidebar',
      icon: 'i-lucide-panel-left',
      keys: ['meta_b'],
      needsHost: false,
      run: () => void (workspace.sidebarShown = !workspace.sidebarShown),
    },
    {
      id: 'app.settings',
      title: 'settings.open',
      icon: 'i-lucide-settings',
      keys: ['meta_,'],
      needsHost: false,
      run: openSettings,
    },
    {
      id: 'app.shortcuts',
      title: 'shortcuts.title',
      icon: 'i-lucide-keyboard',
      keys: ['meta_/'],
      needsHost: false,
      run: () => void dialogs.show({ kind: 'shortcuts' }),
    },
    {
      id: 'app.readOnly',
      title: 'command.readOnly',
      icon: 'i-lucide-lock',
      needsHost: false,
      run: () => change({ readOnly: !settings.settings.readOnly }),
    },
    {
      id: 'theme.light',
      title: 'command.themeLight',
      icon: 'i-lucide-sun',
      needsHost: false,
      run: () => change({ theme: 'light' }),
    },
    {
      id: 'theme.dark',
      title: 'command.themeDark',
      icon: 'i-lucide-moon',
      needsHost: false,
      run: () => change({ theme: 'dark' }),
    },
    {
      id: 'theme.system',
      title: 'command.themeSystem',
      icon: 'i-lucide-monitor',
      needsHost: false,
      run: () => change({ theme: 'system' }),
    },
    {
      id: 'language.en',
      title: 'command.languageEn',
      icon: 'i-lucide-languages',
      needsHost: false,
      run: () => change({ language: 'en' }),
    },
    {
      id: 'language.zh-CN',
      title: 'command.languageZh',
      icon: 'i-lucide-languages',
      needsHost: false,
      run: () => change({ language: 'zh-CN' }),
    },
  ]

  const commands: readonly Command[] = [...window, ...features.flatMap((feature) => [...feature.commands])]
  const run = (command: Command) => void command.run({ host: host.value })
  const available = computed(() => commands.filter((command) => !command.needsHost || host.value !== null))
  const runById = (id: string) => {
    const command = available.value.find((one) => one.id === id)
    if (command !== undefined) run(command)
  }
  const title = (command: Command) => t(command.title)

  return { commands, available, host, run, runById, title }
}
