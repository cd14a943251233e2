import { onScopeDispose } from 'vue'
import { on } from '../api/client'
import { useTabs } from '../api/tabs'
import { matches } from '../ui/keys'
import type { useCommands } from './commands'
import { usePlatform } from './platform'

/** Whether a key pressed there is meant for a host: a terminal, a remote desktop. */
const belongsToHost = (target: EventTarget | null) =>
  target instanceof Element && target.closest('.xterm, [data-keys="host"]') !== null

const dialogOpen = () =>
  document.querySelector('[role="dialog"][data-state="open"], [role="alertdialog"]') !== null

/** Runs commands by their keys, and those that a menu or another start of the app asks for. */
export function useShortcuts({ available, run, runById }: ReturnType<typeof useCommands>): void {
  const platform = usePlatform()
  const tabs = useTabs()

  function onKey(event: KeyboardEvent): void {
    if (event.defaultPrevented || event.isComposing || dialogOpen()) return
    const theirs = belongsToHost(event.target)
    const fits = (keys: string) => matches(keys, event, platform.value, theirs)
    const place = [1, 2, 3, 4, 5, 6, 7, 8, 9].find((digit) => fits(`meta_${String(digit)}`))
    const command = available.value.find(({ keys }) => keys?.some(fits) ?? false)
    if (place === undefined && command === undefined) return
    event.preventDefault()
    event.stopPropagation()
    if (command !== undefined) run(command)
    else if (place !== undefined) {
      const tab = place === 9 ? tabs.tabs.at(-1) : tabs.tabs[place - 1]
      if (tab !== undefined) tabs.activate(tab.id)
    }
  }

  // Before a terminal sees the key, or it would be sent to the host as well.
  window.addEventListener('keydown', onKey, { capture: true })
  const stop = on('command.run', ({ command }) => runById(command))
  onScopeDispose(() => {
    window.removeEventListener('keydown', onKey, { capture: true })
    stop()
  })
}
