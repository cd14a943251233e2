import { problem, type Problem } from '../../../shared/contract/problem'
import type { HostPart } from '../../../shared/model/change'
import type { ChangeHost } from '../../capability/capability'
import { pathOf, type Captured } from './apply-part'
import { rollbackSection } from './rollback-script'

export interface RollbackHost extends ChangeHost {
  /** Waits for the connection; false: it did not come. */
  whenUp(milliseconds: number): Promise<boolean>
}

const patienceMs = 60_000
/** The script finds out by itself what is left to do, so a second one after a broken link does no harm. */
const tries = 3

/** Takes a part back. null: all of it is as before, as far as its files and commands say. */
export async function rollbackPart(
  host: RollbackHost,
  part: HostPart,
  id: string,
  captured: Captured,
): Promise<Problem | null> {
  let last: Problem = problem('host.notConnected', {}, { host: host.name })
  for (let attempt = 0; attempt < tries; attempt += 1) {
    if (!(await host.whenUp(patienceMs))) return last
    const ran = await host.run({
      sections: [rollbackSection(part, id, captured)],
      need: part.need ?? 'require',
    })
    if (!ran.ok) {
      last = ran.problem
      continue
    }
    const [answer] = ran.value.answer.sections
    if (answer?.kind !== 'done') {
      last = problem('host.answerCut', {}, { host: host.name })
      continue
    }
    const names = answer.pieces.map(({ name }) => name)
    const wrong = names.filter((name) => /^(foreign|lost|failed) /.test(name))
    if (wrong.length === 0 && names.includes('rolledBack')) return null
    const lines = wrong.map((name) => {
      const [word = '', step = ''] = name.split(' ')
      return `${word}: ${pathOf(part.steps[Number(step)]) || `step ${Number(step) + 1}`}`
    })
    return problem(
      'change.rollbackIncomplete',
      {},
      { host: host.name, detail: [...lines, answer.stderr].join('\n').trim().slice(0, 2000) },
    )
  }
  return last
}
