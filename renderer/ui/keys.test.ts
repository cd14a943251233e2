import { describe, expect, it } from 'vitest'
import { keyCaps, matches, type KeyStroke } from './keys'

const stroke = (key: string, held: Partial<KeyStroke> = {}): KeyStroke => ({
  key,
  code: '',
  ctrlKey: false,
  metaKey: false,
  altKey: false,
  shiftKey: false,
  ...held,
})

describe('shortcuts', () => {
  it('take ⌘ on a Mac and Ctrl elsewhere', () => {
    expect(matches('meta_k', stroke('k', { metaKey: true }), 'darwin', false)).toBe(true)
    expect(matches('meta_k', stroke('k', { ctrlKey: true }), 'darwin', false)).toBe(false)
    expect(matches('meta_k', stroke('k', { ctrlKey: true }), 'linux', false)).toBe(true)
    expect(matches('meta_k', stroke('k', { metaKey: true }), 'win32', false)).toBe(false)
  })

  it('want exactly the modifiers they name', () => {
    expect(matches('meta_k', stroke('K', { ctrlKey: true, shiftKey: true }), 'linux', false)).toBe(false)
    expect(matches('meta_k', stroke('k', { ctrlKey: true, altKey: true }), 'linux', false)).toBe(false)
    expect(matches('k', stroke('k', { ctrlKey: true }), 'linux', false)).toBe(false)
  })

  it('leave Ctrl and a letter to the shell in a terminal', () => {
    expect(matches('meta_k', stroke('k', { ctrlKey: true }), 'linux', true)).toBe(false)
    expect(matches('meta_k', stroke('K', { ctrlKey: true, shiftKey: true }), 'linux', true)).toBe(true)
    expect(matches('meta_k', stroke('k', { metaKey: true }), 'darwin', true)).toBe(true)
  })

  it('know a digit by its place, whatever Shift makes of it', () => {
    const shifted = stroke('!', { code: 'Digit1', ctrlKey: true, shiftKey: true })
    expect(matches('meta_1', shifted, 'linux', true)).toBe(true)
  })

  it('know a letter by its place under a keyboard that types another script', () => {
    expect(matches('f5', stroke('F5'), 'linux', false)).toBe(true)
    expect(matches('meta_k', stroke('л', { code: 'KeyK', ctrlKey: true }), 'linux', false)).toBe(true)
    // On Dvorak the key at KeyK types t: what is written on it counts.
    expect(matches('meta_k', stroke('t', { code: 'KeyK', ctrlKey: true }), 'linux', false)).toBe(false)
  })

  it('are shown with the names of the system', () => {
    expect(keyCaps('meta_shift_k', 'darwin')).toEqual(['⌘', '⇧', 'K'])
    expect(keyCaps('meta_alt_k', 'linux')).toEqual(['Ctrl', 'Alt', 'K'])
    expect(keyCaps('ctrl_tab', 'win32')).toEqual(['Ctrl', 'Tab'])
    expect(keyCaps('f5', 'linux')).toEqual(['F5'])
  })
})
