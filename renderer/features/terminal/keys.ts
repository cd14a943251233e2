/** What a key does in a terminal. `shell`: the program on the host gets it, and nobody else. */
export type KeyAction =
  | 'shell'
  /** The window's: it goes on to the app's shortcuts. */
  | 'app'
  | 'copy'
  | 'paste'
  | 'find'
  | 'selectAll'
  | 'larger'
  | 'smaller'
  | 'usualSize'

export interface Key {
  readonly key: string
  readonly code: string
  readonly ctrlKey: boolean
  readonly shiftKey: boolean
  readonly altKey: boolean
  readonly metaKey: boolean
}

export type Platform = 'darwin' | 'win32' | 'linux'

const onCtrlShift: Readonly<Record<string, KeyAction>> = {
  KeyC: 'copy',
  KeyV: 'paste',
  KeyF: 'find',
  KeyA: 'selectAll',
}

const onCommand: Readonly<Record<string, KeyAction>> = {
  KeyC: 'copy',
  KeyV: 'paste',
  KeyF: 'find',
  KeyA: 'selectAll',
}

/**
 * Every key belongs to the shell, except: Ctrl+Shift with a letter or digit (Cmd on a Mac), which are the app's; Ctrl with plus,
 * minus and 0 for the size; and on Windows Ctrl+C while something is selected, as its consoles do.
 */
export function keyAction(key: Key, platform: Platform, hasSelection: boolean): KeyAction {
  const { ctrlKey, shiftKey, altKey, metaKey, code } = key
  if (platform === 'darwin') {
    if (!metaKey) return 'shell'
    if (ctrlKey || altKey || shiftKey) return 'app'
    return onCommand[code] ?? sizeAction(key) ?? 'app'
  }
  if (shiftKey && code === 'Insert' && !ctrlKey && !altKey) return 'paste'
  if (!ctrlKey || altKey || metaKey) return 'shell'
  if (shiftKey)
    return onCtrlShift[code] ?? sizeAction(key) ?? (isLetterOrDigit(code) || code === 'Tab' ? 'app' : 'shell')
  if (code === 'Insert') return 'copy'
  if (platform === 'win32' && hasSelection && code === 'KeyC') return 'copy'
  if (code === 'Tab' || code === 'PageUp' || code === 'PageDown') return 'app'
  return sizeAction(key) ?? 'shell'
}

/** Ctrl+Shift+2 is ^@ and Ctrl+Shift+- is ^_: those stay the shell's. */
function isLetterOrDigit(code: string): boolean {
  return /^(?:Key[A-Z]|Digit[13-9])$/.test(code)
}

function sizeAction({ key, code }: Key): KeyAction | null {
  if (key === '+' || code === 'NumpadAdd' || key === '=') return 'larger'
  if (key === '-' || code === 'NumpadSubtract') return 'smaller'
  if (key === '0' || code === 'Numpad0') return 'usualSize'
  return null
}
