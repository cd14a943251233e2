import type { Lens } from '../lens'
import type { InetdDocument } from './document'
import { parse } from './parse'
import { print } from './print'

/** inetd.conf(5) of every inetd; what one of them makes of it is `readEntries`. */
export const inetd: Lens<InetdDocument> = { name: 'inetd', parse, print }

export * from './document'
export * from './entry'
export { readEntries, readEntry } from './read'
export * from './edit'
export * from './set-field'
export type { Edited, EditRefusal } from './edited'
