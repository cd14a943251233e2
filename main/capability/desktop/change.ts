import { fail, ok, type Answer } from '../../../shared/contract/answer'
import { problem } from '../../../shared/contract/problem'
import type { Json } from '../../../shared/model/change'
import {
  checkProof,
  desktopIntentSchema,
  desktopProofSchema,
  plan,
  type DesktopProof,
  type DesktopState,
} from '../../../shared/model/desktop'
import type { ChangeHost, ChangeSupport, Planned, Verdict } from '../capability'
import { readAnswers } from './part'
import { desktopSections } from './script'

export const desktopChange: ChangeSupport = {
  capability: 'desktop',

  async plan(host, intent): Promise<Answer<Planned>> {
    if (intent.capability !== 'desktop')
      return fail(problem('app.invalidRequest', { method: 'change.plan' }, { host: host.name }))
    const state = await read(host)
    if (!state.ok) return state
    const change = plan(state.value, desktopIntentSchema.parse(intent))
    if (!change.ok) return change
    return ok({ change: change.value, restored: restoredBy(host.id, change.value.parts[0]?.proof.expect) })
  },

  async prove(host, expect): Promise<Answer<Verdict>> {
    const proof = desktopProofSchema.safeParse(expect)
    if (!proof.success)
      return fail(problem('app.invalidRequest', { method: 'change.apply' }, { host: host.name }))
    const state = await read(host)
    return state.ok ? ok(checkProof(state.value, proof.data)) : state
  },
}

async function read(host: ChangeHost): Promise<Answer<DesktopState>> {
  const ran = await host.run({ sections: desktopSections, need: 'none' })
  if (!ran.ok) return ran
  const [overview, inside] = ran.value.answer.sections
  return readAnswers(host.id, overview, inside)
}

/** A start that is taken back leaves nothing; a stop cannot be. */
function restoredBy(host: string, expect: Json | undefined): ReadonlyMap<string, Json> {
  const proof = desktopProofSchema.safeParse(expect)
  if (!proof.success || proof.data.kind !== 'running') return new Map()
  const absent: DesktopProof = { kind: 'absent', display: proof.data.display }
  return new Map([[host, absent]])
}
