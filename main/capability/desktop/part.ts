import { fail, ok, type Answer } from '../../../shared/contract/answer'
import { problem } from '../../../shared/contract/problem'
import type { DesktopState } from '../../../shared/model/desktop'
import type { ConnectedHost } from '../../host/connected-host'
import type { PartSource } from '../../host/part-source'
import type { SectionAnswer } from '../../host/script-answer'
import { readDesktops } from './read'
import { desktopSections } from './script'

/** The remote desktops of a host. Of other users' desktops a login sees what /proc shows to everybody. */
export const desktopPart: PartSource<DesktopState> = {
  name: 'desktops',
  need: 'none',
  sections: desktopSections,
  refreshMs: 5000,
  parse: ([overview, inside], { host }) => readAnswers(host, overview, inside),
}

/** Older than this it is read anew. */
const freshMs = 15_000

/** What is known of a host's desktops without asking it; null: nothing fresh. */
export function lastDesktops({ parts }: Pick<ConnectedHost, 'parts'>): DesktopState | null {
  const last = parts.last('desktops')
  if (last === null || last.stale || last.at === null || Date.now() - last.at > freshMs) return null
  // This part's own parser made it.
  return last.value as DesktopState | null
}

export function readAnswers(
  host: string,
  overview: SectionAnswer | undefined,
  inside: SectionAnswer | undefined,
): Answer<DesktopState> {
  if (overview?.kind === 'late')
    return fail(problem('host.partLate', { seconds: overview.seconds }, { host }))
  if (overview?.kind !== 'done') return fail(problem('host.answerCut', {}, { host }))
  // A display that hangs costs what it would have said of itself, and nothing else.
  const pieces = inside === undefined || inside.kind === 'missing' ? [] : inside.pieces
  return ok(readDesktops(host, overview.pieces, pieces))
}
