import { fail, ok } from '../../../shared/contract/answer'
import type { SuperserverState } from '../../../shared/model/superserver'
import type { PartSource } from '../../host/part-source'
import { partProblem } from '../../host/part-problem'
import { readState } from './read-state'
import { readSuperserverAndLog } from './sections'

export const superserverPart: PartSource<SuperserverState> = {
  name: 'superserver',
  // Its dump, and which process holds a port, are for root alone.
  need: 'try',
  sections: [readSuperserverAndLog],
  refreshMs: 30_000,
  parse([answer], { host }) {
    if (answer?.kind !== 'done') return fail(partProblem(answer))
    return ok(readState(host, answer.pieces))
  },
}
