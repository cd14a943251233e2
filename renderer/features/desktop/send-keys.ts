import type RFB from '@novnc/novnc'
import { keysymOf } from './keysym'

/** A key by its X keysym (X11/keysymdef.h) and its place on the keyboard (KeyboardEvent.code). */
type Key = readonly [keysym: number, code: string]

const control: Key = [0xffe3, 'ControlLeft']
const alt: Key = [0xffe9, 'AltLeft']
const superKey: Key = [0xffeb, 'MetaLeft']
const functionKey = (number: number): Key => [0xffbd + number, `F${number}`]

/** Combinations that this computer's own system or window would take. */
export const combinations = [
  { id: 'ctrlAltDel', label: 'Ctrl+Alt+Del', keys: [control, alt, [0xffff, 'Delete']] },
  { id: 'ctrlAltBackspace', label: 'Ctrl+Alt+Backspace', keys: [control, alt, [0xff08, 'Backspace']] },
  { id: 'altTab', label: 'Alt+Tab', keys: [alt, [0xff09, 'Tab']] },
  { id: 'altF4', label: 'Alt+F4', keys: [alt, functionKey(4)] },
  { id: 'super', label: 'Super', keys: [superKey] },
  { id: 'ctrlEsc', label: 'Ctrl+Esc', keys: [control, [0xff1b, 'Escape']] },
  { id: 'ctrlAltF1', label: 'Ctrl+Alt+F1', keys: [control, alt, functionKey(1)] },
  { id: 'ctrlAltF2', label: 'Ctrl+Alt+F2', keys: [control, alt, functionKey(2)] },
  { id: 'ctrlAltF7', label: 'Ctrl+Alt+F7', keys: [control, alt, functionKey(7)] },
  { id: 'printScreen', label: 'Print Screen', keys: [[0xff61, 'PrintScreen']] },
] as const satisfies readonly { readonly id: string; readonly label: string; readonly keys: readonly Key[] }[]

export function pressTogether(rfb: RFB, keys: readonly Key[]): void {
  for (const [keysym, code] of keys) rfb.sendKey(keysym, code, true)
  for (const [keysym, code] of [...keys].reverse()) rfb.sendKey(keysym, code, false)
}

/** Types a text key by key: for a login screen, or a server whose clipboard knows no Chinese. */
export function typeText(rfb: RFB, text: string): void {
  for (const character of text.replaceAll('\r\n', '\n'))
    rfb.sendKey(keysymOf(character.codePointAt(0) ?? 0x20), '')
}
