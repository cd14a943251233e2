import { useTabs } from '../../api/tabs'

/** The display in a tab of its own; one tab a display. */
export function openDesktopTab(host: string, display: number): void {
  useTabs().open({
    id: `desktop:${host}:${display}`,
    kind: 'desktop',
    host,
    title: `:${display}`,
    params: { display },
  })
}
