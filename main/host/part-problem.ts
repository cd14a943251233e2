import { problem, type Problem } from '../../shared/contract/problem'
import type { SectionAnswer } from './script-answer'

/** Why a part has no value, when its section did not come to its end. */
export function partProblem(answer: SectionAnswer | undefined): Problem {
  return answer?.kind === 'late'
    ? problem('host.partLate', { seconds: answer.seconds })
    : problem('host.answerCut')
}
