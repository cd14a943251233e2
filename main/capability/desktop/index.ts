import type { Capability } from '../capability'
import { desktopChange } from './change'
import { desktopPart } from './part'

/** VNC displays of a host: what runs, and a way to look at it. */
export { Passwords } from './passwords'
export { lastDesktops } from './part'
export { openDesktop } from './view'
export type { ViewDeps } from './view'

export const desktop: Capability = { name: 'desktops', part: desktopPart, change: desktopChange }
