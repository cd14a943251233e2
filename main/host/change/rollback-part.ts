import { problem, type Problem } from '../../../shared/contract/problem'
import type { HostPart } from '../../../shared/model/change'
import type { ChangeHost } from '../../capability/capability'
import { pathOf, type Captured } from './apply-part'
import { rollbackSection } from './rollback-script'

export interface RollbackHost extends ChangeHost {
  /** Waits for the connection; false: it did not come. */
  whenUp(milliseconds: number): Promise<boolean>
}

export type RolledBack =
  /** All of it is as before, as far as its files and commands say. */
  | { readonly kind: 'back' }
  /** The files are; a command failed, which a second run of it may well do: the proof decides. */
  | { readonly kind: 'commandsFailed'; readonly problem: Problem }
  | { readonly kind: 'incomplete'; readonly problem: Problem }

const patienceMs = 90_000
/** Between two tries: the loss of a connection is known some time after the loss of what ran on it. */
const pauseMs = 500

/**
 * Takes a part back. The script finds out by itself what is left to do with files, so that after a broken link a
 * second one does no harm.
 */
export async function rollbackPart(
  host: RollbackHost,
  part: HostPart,
  id: string,
  captured: Captured,
): Promise<RolledBack> {
  let last: Problem = problem('host.notConnected', {}, { host: host.name })
  const until = Date.now() + patienceMs
  for (let attempt = 1; Date.now() < until; attempt += 1) {
    if (!(await host.whenUp(until - Date.now()))) return { kind: 'incomplete', problem: last }
    const ran = await host.run({
      sections: [rollbackSection(part, id, captured)],
      need: part.need ?? 'require',
    })
    const [answer] = ran.ok ? ran.value.answer.sections : []
    if (answer?.kind !== 'done') {
      last = ran.ok ? problem('host.answerCut', {}, { host: host.name }) : ran.problem
      // No more questions to somebody who has said no.
      if (last.code === 'app.cancelled' || last.code.startsWith('host.privilege'))
        return { kind: 'incomplete', problem: last }
      await new Promise((resolve) => setTimeout(resolve, pauseMs * attempt))
      continue
    }
    const names = answer.pieces.map(({ name }) => name)
    const wrong = names.filter((name) => /^(foreign|lost|failed) /.test(name))
    if (wrong.length === 0 && names.includes('rolledBack')) return { kind: 'back' }
    const lines = wrong.map((name) => {
      const [word = '', step = ''] = name.split(' ')
      return `${word}: ${pathOf(part.steps[Number(step)]) || `step ${Number(step) + 1}`}`
    })
    const commandsAlone = names.includes('rolledBack') && wrong.every((name) => name.startsWith('failed '))
    return {
      kind: commandsAlone ? 'commandsFailed' : 'incomplete',
      problem: problem(
        'change.rollbackIncomplete',
        {},
        { host: host.name, detail: [...lines, answer.stderr].join('\n').trim().slice(0, 2000) },
      ),
    }
  }
  return { kind: 'incomplete', problem: last }
}
