import { useTabs } from '../../api/tabs'

/** A new terminal in a tab of its own. */
export function openTerminalTab(host: string): void {
  useTabs().open({
    id: `terminal:${crypto.randomUUID()}`,
    kind: 'terminal',
    host,
    title: '',
    params: {},
  })
}
