import type { Dialect, InetdDocument } from '../../../lens/inetd'
import { enable, readEntries } from '../../../lens/inetd'
import type { InetdSource } from './conversion'

/**
 * The entries of a file in its order. Of one that is commented out the outcome is what the daemon would make of it;
 * where it cannot be enabled without a change to others, it is left out.
 * @param disabled keep: those that are commented out too
 */
export function sourcesOf(
  document: InetdDocument,
  dialect: Dialect,
  disabled: 'keep' | 'leave',
): readonly InetdSource[] {
  const live = readEntries(document, dialect).map((reading): InetdSource => ({ ...reading, enabled: true }))
  const off = disabled === 'keep' ? disabledIn(document, dialect) : []
  return [...live, ...off].sort((a, b) => a.from - b.from)
}

function disabledIn(document: InetdDocument, dialect: Dialect): readonly InetdSource[] {
  return document.lines.flatMap(({ kind }, at): readonly InetdSource[] => {
    const edited = kind === 'disabled' ? enable(document, dialect, at) : null
    if (edited?.kind !== 'edited') return []
    return readEntries(edited.document, dialect)
      .filter(({ from }) => from === at)
      .map((reading) => ({ ...reading, enabled: false }))
  })
}
