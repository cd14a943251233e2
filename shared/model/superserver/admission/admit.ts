import type { XinetdService } from '../xinetd/resolve'
import type { Admission, Check, Outcome } from './check'
import { kindOf } from './kind'
import { questionsOf } from './questions'
import type { AdmissionContext, AdmissionRequest } from './request'

/**
 * Whether xinetd would let a client in, by what, and how each of its checks goes. What cannot be told from what is given is
 * unknown, unless a later check refuses anyway.
 */
export function admit(
  service: XinetdService,
  request: AdmissionRequest,
  context: AdmissionContext,
): Admission {
  const checks: Check[] = []
  let isRefused = false
  for (const { rule, attribute, judge } of questionsOf({
    service,
    kind: kindOf(service),
    request,
    context,
  })) {
    const outcome: Outcome = isRefused ? { kind: 'notReached' } : judge()
    isRefused ||= outcome.kind === 'refused'
    const setting = attribute === null ? null : (service.settings[attribute] ?? null)
    checks.push({ rule, attribute, setting, outcome })
  }
  const first = (kind: Outcome['kind']): Check | null =>
    checks.find(({ outcome }) => outcome.kind === kind) ?? null
  if (isRefused) return { verdict: 'refused', by: first('refused'), checks }
  const open = first('unknown')
  if (open !== null) return { verdict: 'unknown', by: open, checks }
  const list = checks.find(({ rule, outcome }) => rule === 'only_from' && outcome.kind === 'passed')
  return { verdict: 'allowed', by: list ?? null, checks }
}
