import type { PartName } from '../../shared/contract/part'
import { problem, type Problem } from '../../shared/contract/problem'
import type { SectionAnswer } from './script-answer'

/** Why a part has no value, when its section did not come to its end. */
export function partProblem(part: PartName, answer: SectionAnswer | undefined): Problem {
  return answer?.kind === 'late'
    ? problem('host.partLate', { part, seconds: answer.seconds })
    : problem('host.answerCut')
}
