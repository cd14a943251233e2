import { useTabs } from '../../api/tabs'

/** What the palette and the keyboard can ask of an open terminal. */
export interface TerminalActions {
  find(): void
  copy(): void
  paste(): void
  selectAll(): void
  clear(): void
  toggleScreenReader(): void
}

const live = new Map<string, TerminalActions>()

/** Until the returned function is called. */
export function registerTerminal(tabId: string, actions: TerminalActions): () => void {
  live.set(tabId, actions)
  return () => {
    if (live.get(tabId) === actions) live.delete(tabId)
  }
}

/** The terminal in front; null: something else is. */
export function activeTerminal(): TerminalActions | null {
  const { active } = useTabs()
  return active === null ? null : (live.get(active) ?? null)
}
