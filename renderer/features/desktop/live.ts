import { useTabs } from '../../api/tabs'

/** What the palette and the keyboard can ask of an open desktop. */
export interface DesktopActions {
  toggleFullscreen(): void
  toggleViewOnly(): void
  ctrlAltDel(): void
  typeClipboard(): void
}

const live = new Map<string, DesktopActions>()

/** Until the returned function is called. */
export function registerDesktop(tabId: string, actions: DesktopActions): () => void {
  live.set(tabId, actions)
  return () => {
    if (live.get(tabId) === actions) live.delete(tabId)
  }
}

/** The desktop in front; null: something else is. */
export function activeDesktop(): DesktopActions | null {
  const { active } = useTabs()
  return active === null ? null : (live.get(active) ?? null)
}
