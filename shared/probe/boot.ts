/** Whether the host's init starts a service at boot. */
export type BootState = {
  /** Who decides it. */
  readonly by: 'systemd' | 'init' | 'openrc' | 'rc.conf'
  /** As that calls it. */
  readonly name: string
  /** systemctl is-enabled's word, or `enabled`, `disabled`. */
  readonly word: string
  /** null: neither, and not to be switched: `static`, `masked` and the like. */
  readonly on: boolean | null
}

const LINE = /^(\S+) (systemd|init|openrc|rc\.conf) (\S+) (\S*)$/

/** What the section says, by daemon; lines that are none are left out. */
export function parseBoot(text: string): ReadonlyMap<string, BootState> {
  const states = new Map<string, BootState>()
  for (const line of text.split('\n')) {
    const [, daemon, by, name, word] = LINE.exec(line) ?? []
    if (daemon === undefined || name === undefined || word === undefined) continue
    if (by !== 'systemd' && by !== 'init' && by !== 'openrc' && by !== 'rc.conf') continue
    states.set(daemon, { by, name, word, on: onOf(word) })
  }
  return states
}

/** systemctl(1), is-enabled. */
function onOf(word: string): boolean | null {
  if (word === 'enabled') return true
  return word === 'disabled' ? false : null
}
