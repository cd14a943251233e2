import { fail, ok, type Answer } from '../../../shared/contract/answer'
import { problem } from '../../../shared/contract/problem'
import type { ServiceLog } from '../../../shared/contract/service-log'
import type { SuperserverState } from '../../../shared/model/superserver'
import { decode } from '../../../shared/codec'
import type { ConnectedHost } from '../../host/connected-host'
import { partProblem } from '../../host/part-problem'
import { readClock, readLog } from './read-log'
import { readServiceLog } from './sections/log'

/** The host tells no more lines than that. */
const kept = 300

/** The end of the log, of one service. Where the daemon logs to says the last reading of the part. */
export async function serviceLog(
  host: Pick<ConnectedHost, 'parts' | 'run'>,
  id: string,
): Promise<Answer<ServiceLog>> {
  // This part's own parser made it.
  const state = (host.parts.last('superserver')?.value ?? null) as SuperserverState | null
  const places = state?.xinetd?.log?.places
  if (places === undefined) return fail(problem('app.notFound', { what: 'log' }))
  const paths = places.flatMap(({ kind, path }) => (kind === 'file' ? [path] : []))
  const ran = await host.run({ sections: [readServiceLog(id, paths)], need: 'try' })
  if (!ran.ok) return ran
  const [answer] = ran.value.answer.sections
  if (answer?.kind !== 'done') return fail(partProblem(answer))
  const text = (wanted: string): string => {
    const piece = answer.pieces.find(({ name }) => name === wanted)
    return piece === undefined ? '' : decode(piece.bytes)
  }
  const clock = readClock(text('clock'), text('zone'))
  const log = readLog(answer.pieces, clock, kept)
  if (log === null || clock === null) return fail(problem('host.answerCut'))
  // The host looks for the id anywhere in a line.
  return ok({ log: { ...log, entries: log.entries.filter((entry) => entry.id === id) }, now: clock.now })
}
