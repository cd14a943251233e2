import type { ContextMenuItem } from '@nuxt/ui'
import { useI18n } from 'vue-i18n'
import { useHosts } from '../api/hosts'
import { useTabs } from '../api/tabs'
import { useDialogs } from '../ui/dialogs'
import { useNotify } from '../ui/notify'
import { shownState } from '../ui/state'
import { features, sections } from './features'
import { useConnecting } from './connecting'

const firstSection = 'overview'

/** What can be done with a host from the list, its header and its menu. */
export function useHostActions() {
  const { t } = useI18n()
  const hosts = useHosts()
  const tabs = useTabs()
  const dialogs = useDialogs()
  const connecting = useConnecting()
  const notify = useNotify()

  /** Shows a host where it was last seen. */
  function open(id: string): void {
    const tab = tabs.tabs.find((other) => other.kind === 'section' && other.host === id)
    tabs.openSection(id, tab?.title ?? firstSection)
  }

  async function openAndConnect(id: string): Promise<void> {
    open(id)
    const { state } = hosts.statusOf(id)
    const idle = state.kind === 'closed' || (state.kind === 'lost' && state.retryAt === null)
    if (idle) await connecting.connect(id)
  }

  /** Also ends tabs that live on the connection. A host that is being changed stays, which is told. */
  async function disconnect(id: string): Promise<void> {
    notify.unlessOk(await connecting.disconnect(id))
  }

  function menu(id: string): ContextMenuItem[][] {
    const profile = hosts.profileOf(id)
    if (profile === undefined) return []
    const state = shownState(hosts.statusOf(id).state)
    const connection: ContextMenuItem =
      state === 'closed'
        ? { label: t('host.connect'), icon: 'i-lucide-plug', onSelect: () => void openAndConnect(id) }
        : { label: t('host.disconnect'), icon: 'i-lucide-unplug', onSelect: () => void disconnect(id) }
    const offered = features
      .flatMap((feature) => [...feature.commands])
      .filter((command) => command.needsHost)
      .map((command): ContextMenuItem => ({
        label: t(command.title),
        icon: command.icon,
        onSelect: () => void command.run({ host: id }),
      }))
    const pages = sections.map((section): ContextMenuItem => ({
      label: t(section.title),
      icon: section.icon,
      onSelect: () => tabs.openSection(id, section.id),
    }))
    return [
      [connection, ...offered],
      [{ label: t('host.goTo'), icon: 'i-lucide-corner-down-right', children: pages }],
      [
        {
          label: t('host.edit'),
          icon: 'i-lucide-pencil',
          kbds: ['F2'],
          onSelect: () => dialogs.show({ kind: 'hostForm', id }),
        },
        {
          label: t('host.copyAddress'),
          icon: 'i-lucide-copy',
          onSelect: () => void navigator.clipboard.writeText(profile.address),
        },
        {
          label: t('host.remove'),
          icon: 'i-lucide-trash-2',
          color: 'error',
          kbds: ['Del'],
          onSelect: () => dialogs.show({ kind: 'removeHost', id }),
        },
      ],
    ]
  }

  return { open, openAndConnect, disconnect, menu }
}
