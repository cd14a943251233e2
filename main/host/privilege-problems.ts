import { problem, type Problem } from '../../shared/contract/problem'
import { sudoRefusal } from '../../shared/probe/sudo-list'
import { detailText } from '../ssh/problems'
import type { Found } from './privilege-detection'
import type { Told } from './run'

/** Why a script did not run: no connection, a shell that did not start, or a sudo that says no. */
export function refusalProblem(told: Told, found: Found | null, host: string): Problem {
  if (told.kind === 'failed') return { ...told.problem, host }
  const said = 'said' in told ? told.said : ''
  // Our own mark, with which sudo was to ask, says nothing to a reader.
  const words = said.replace(/p%[0-9a-f]{32}/g, '').trim()
  const more = { host, ...(words === '' ? {} : { detail: detailText(words) }) }
  if (sudoRefusal(said) === 'notAllowed') return problem('host.privilegeNone', {}, more)
  const noShell = found?.kind === 'root' || told.kind === 'refused'
  return problem(noShell ? 'host.shellRefused' : 'host.privilegeRefused', {}, more)
}

/** Why nobody is asked for a password: none would help. */
export function noWayProblem(found: Found | null, host: string): Problem {
  if (found === null) return problem('host.privilegeUnknown', {}, { host })
  if (found.kind === 'limited')
    return problem('host.privilegeLimited', { commands: found.commands.join(', ') }, { host })
  return problem('host.privilegeNone', {}, { host })
}
