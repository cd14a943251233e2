import type { Lens } from '../lens'
import type { XinetdDocument } from './document'
import { parse } from './parse'
import { print } from './print'

/** xinetd.conf(5) and the files of its include and includedir, as read by xinetd 2.3.15. */
export const xinetd: Lens<XinetdDocument> = { name: 'xinetd', parse, print }

export * from './document'
export { addDefaults, defaultsIn } from './defaults'
export * from './edit'
export { linesOf } from './print'
