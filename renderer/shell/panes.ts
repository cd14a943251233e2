/*
 * The parts of the window that F6 goes round: the hosts, the tabs, a host's sections, the page. Each is marked by
 * `data-pane`; one that is hidden is passed over.
 */
const focusable = 'button:enabled:not([tabindex="-1"]), input:enabled, textarea:enabled, [tabindex="0"]'

function shown(): readonly HTMLElement[] {
  const all = [...document.querySelectorAll<HTMLElement>('[data-pane]')]
  return all.filter((pane) => pane.offsetParent !== null && pane.childElementCount > 0)
}

export const panes = {
  next(by: 1 | -1): void {
    const all = shown()
    const at = all.findIndex((pane) => pane.contains(document.activeElement))
    const pane = all[(at + by + all.length) % all.length]
    if (pane === undefined) return
    const marked = pane.querySelector<HTMLElement>(
      '[role="treeitem"][tabindex="0"], [aria-current="page"], [aria-selected="true"]',
    )
    ;(marked ?? pane.querySelector<HTMLElement>(focusable) ?? pane).focus()
  },

  focusTree(): void {
    document.querySelector<HTMLElement>('[role="treeitem"][tabindex="0"]')?.focus()
  },

  focusSearch(): void {
    document.querySelector<HTMLElement>('[data-pane="sidebar"] input')?.focus()
  },
} as const
