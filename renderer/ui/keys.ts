/*
 * Shortcuts as features write them: names joined by `_`, as Nuxt UI's defineShortcuts has them. `meta` is ⌘ on a
 * Mac and Ctrl elsewhere. In a terminal or a remote desktop keys belong to the host: there, where ⌘ does not
 * exist, `meta_x` is reached by Ctrl+Shift+X.
 */
export type Platform = 'darwin' | 'win32' | 'linux'

export interface KeyStroke {
  readonly key: string
  readonly code: string
  readonly ctrlKey: boolean
  readonly metaKey: boolean
  readonly altKey: boolean
  readonly shiftKey: boolean
}

interface Chord {
  readonly key: string
  readonly meta: boolean
  readonly ctrl: boolean
  readonly alt: boolean
  readonly shift: boolean
}

function parse(keys: string): Chord {
  const names = keys.toLowerCase().split('_')
  const has = (name: string) => names.includes(name)
  return {
    key: names.at(-1) ?? '',
    meta: has('meta'),
    ctrl: has('ctrl'),
    alt: has('alt'),
    shift: has('shift'),
  }
}

/** Whether a key stroke is this shortcut. */
export function matches(
  keys: string,
  stroke: KeyStroke,
  platform: Platform,
  keysBelongToHost: boolean,
): boolean {
  const chord = parse(keys)
  const mac = platform === 'darwin'
  const command = mac ? chord.meta : false
  const control = mac ? chord.ctrl : chord.meta || chord.ctrl
  const withShift = keysBelongToHost && !mac && chord.meta && !chord.shift
  // A shortcut that is told from the shell's keys by Shift alone has nothing left to be told by.
  if (keysBelongToHost && !mac && chord.meta && chord.shift) return false
  // F6 and other keys without Ctrl or ⌘ are the host's: programs there use them.
  if (keysBelongToHost && !chord.meta && !chord.ctrl) return false
  return (
    sameKey(chord.key, stroke) &&
    stroke.metaKey === command &&
    stroke.ctrlKey === control &&
    stroke.altKey === chord.alt &&
    stroke.shiftKey === (chord.shift || withShift)
  )
}

/** Shift changes digits and signs, and other scripts have no Latin letters: those are told by their place. */
function sameKey(wanted: string, stroke: KeyStroke): boolean {
  if (stroke.key.toLowerCase() === wanted) return true
  if (/^[0-9]$/.test(wanted)) return stroke.code === `Digit${wanted}`
  if (/^[a-z]$/.test(wanted))
    return stroke.code === `Key${wanted.toUpperCase()}` && !/^[ -~]$/.test(stroke.key)
  return wanted === ',' ? stroke.code === 'Comma' : wanted === '/' ? stroke.code === 'Slash' : false
}

const macNames: Readonly<Record<string, string>> = { meta: '⌘', ctrl: '⌃', alt: '⌥', shift: '⇧', tab: '⇥' }
const otherNames: Readonly<Record<string, string>> = {
  meta: 'Ctrl',
  ctrl: 'Ctrl',
  alt: 'Alt',
  shift: 'Shift',
}
const keyNames: Readonly<Record<string, string>> = {
  tab: 'Tab',
  enter: 'Enter',
  escape: 'Esc',
  delete: 'Del',
  arrowleft: '←',
  arrowright: '→',
  arrowup: '↑',
  arrowdown: '↓',
}

/** The caps to show for a shortcut: `['⌘', 'K']`, `['Ctrl', 'K']`. */
export function keyCaps(keys: string, platform: Platform): readonly string[] {
  const names = platform === 'darwin' ? macNames : otherNames
  return keys
    .toLowerCase()
    .split('_')
    .map((name) => names[name] ?? keyNames[name] ?? (name.length <= 3 ? name.toUpperCase() : name))
}
