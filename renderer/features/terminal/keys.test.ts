import { describe, expect, it } from 'vitest'
import { keyAction, type Key, type Platform } from './keys'

const key = (names: string, character?: string): Key => {
  const parts = names.split('+')
  const code = parts.at(-1) ?? ''
  const has = (name: string) => parts.includes(name)
  return {
    key: character ?? code.replace(/^(?:Key|Digit)/, '').toLowerCase(),
    code,
    ctrlKey: has('Ctrl'),
    shiftKey: has('Shift'),
    altKey: has('Alt'),
    metaKey: has('Cmd'),
  }
}
const on = (platform: Platform, names: string, character?: string, selected = false) =>
  keyAction(key(names, character), platform, selected)

describe('keyAction', () => {
  it('leaves every Ctrl and Alt key to the shell', () => {
    for (const platform of ['linux', 'win32', 'darwin'] as const)
      for (const letter of 'ABCDEFGHIJKLMNOPQRSTUVWXYZ') {
        expect(on(platform, `Ctrl+Key${letter}`)).toBe('shell')
        expect(on(platform, `Alt+Key${letter}`)).toBe('shell')
        expect(on(platform, `Key${letter}`)).toBe('shell')
      }
    for (const plain of ['F1', 'F6', 'F12', 'Escape', 'Tab', 'PageUp', 'Enter', 'Shift+Tab', 'Ctrl+Space'])
      expect(on('linux', plain), plain).toBe('shell')
  })

  it('has copy, paste, find and select all by Ctrl+Shift, by Cmd on a Mac', () => {
    const actions = { KeyC: 'copy', KeyV: 'paste', KeyF: 'find', KeyA: 'selectAll' } as const
    for (const [code, action] of Object.entries(actions)) {
      expect(on('linux', `Ctrl+Shift+${code}`)).toBe(action)
      expect(on('darwin', `Cmd+${code}`)).toBe(action)
    }
    expect(on('linux', 'Shift+Insert')).toBe('paste')
    expect(on('linux', 'Ctrl+Insert')).toBe('copy')
  })

  it('gives the window what is left of Ctrl+Shift and Cmd', () => {
    expect(on('linux', 'Ctrl+Shift+KeyK')).toBe('app')
    expect(on('darwin', 'Cmd+KeyK')).toBe('app')
    expect(on('darwin', 'Ctrl+Cmd+KeyF')).toBe('app')
    expect(on('linux', 'Ctrl+Tab')).toBe('app')
  })

  it('keeps ^@ and ^_ for the shell', () => {
    expect(on('linux', 'Ctrl+Shift+Digit2', '@')).toBe('shell')
    expect(on('linux', 'Ctrl+Shift+Minus', '_')).toBe('shell')
  })

  it('copies by Ctrl+C on Windows while something is selected', () => {
    expect(on('win32', 'Ctrl+KeyC', 'c', true)).toBe('copy')
    expect(on('win32', 'Ctrl+KeyC', 'c', false)).toBe('shell')
    expect(on('linux', 'Ctrl+KeyC', 'c', true)).toBe('shell')
  })

  it('changes the size', () => {
    expect(on('linux', 'Ctrl+Equal', '=')).toBe('larger')
    expect(on('linux', 'Ctrl+Shift+Equal', '+')).toBe('larger')
    expect(on('linux', 'Ctrl+Minus', '-')).toBe('smaller')
    expect(on('darwin', 'Cmd+Digit0', '0')).toBe('usualSize')
  })
})
