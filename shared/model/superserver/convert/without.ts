import type { Dialect, EditRefusal, InetdDocument } from '../../../lens/inetd'
import { disable, removeEntry } from '../../../lens/inetd'
import type { Conversion } from './conversion'

export type Without =
  | { readonly kind: 'edited'; readonly document: InetdDocument }
  /** `line` counts from 1. */
  | { readonly kind: 'refused'; readonly line: number; readonly refusal: EditRefusal }

/**
 * inetd.conf without what was converted, which would exist twice otherwise: both inetd and xinetd -inetd_compat go on
 * reading it. What could not be converted and what stays is left as it is.
 * @param how disable: comments entries out, and leaves those that are so already; remove: takes all of them out
 */
export function without(
  document: InetdDocument,
  dialect: Dialect,
  conversions: readonly Conversion[],
  how: 'disable' | 'remove',
): Without {
  const sources = conversions.flatMap(({ kind, source }) => (kind === 'converted' ? [source] : []))
  const wanted = sources.filter(({ enabled }) => enabled || how === 'remove').map(({ from }) => from)
  let next = document
  // From below, so that the places above stay what they are.
  for (const at of [...new Set(wanted)].sort((a, b) => b - a)) {
    const edited = how === 'remove' ? removeEntry(next, dialect, at) : disable(next, dialect, at)
    if (edited.kind === 'refused') return { kind: 'refused', line: at + 1, refusal: edited.refusal }
    next = edited.document
  }
  return { kind: 'edited', document: next }
}
