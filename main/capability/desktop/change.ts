import { fail, ok, type Answer } from '../../../shared/contract/answer'
import { problem } from '../../../shared/contract/problem'
import type { Json } from '../../../shared/model/change'
import {
  checkProof,
  displayOf,
  desktopIntentSchema,
  desktopProofSchema,
  plan,
  type DesktopIntent,
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
    return state.ok ? planned(host, state.value, desktopIntentSchema.parse(intent)) : state
  },

  /** A desktop that was started is stopped, if it is still that one's number; what was stopped is gone. */
  undo(change) {
    const intent = desktopIntentSchema.safeParse(change.intent)
    if (!intent.success || intent.data.kind !== 'start' || intent.data.display === null) return null
    const { display } = intent.data
    return async (host) => {
      const state = await read(host)
      if (!state.ok) return state
      const running = displayOf(state.value, display)
      if (running === null) return fail(problem('desktop.gone', { display }, { host: host.name }))
      const { pid, startTime } = running
      const stop = {
        capability: 'desktop',
        kind: 'stop',
        reason: '',
        display,
        process: { pid, startTime },
      } as const
      return planned(host, state.value, stop)
    }
  },

  async prove(host, expect): Promise<Answer<Verdict>> {
    const proof = desktopProofSchema.safeParse(expect)
    if (!proof.success)
      return fail(problem('app.invalidRequest', { method: 'change.apply' }, { host: host.name }))
    const state = await read(host)
    return state.ok ? ok(checkProof(state.value, proof.data)) : state
  },
}

function planned(host: ChangeHost, state: DesktopState, intent: DesktopIntent): Answer<Planned> {
  const change = plan(state, intent)
  if (!change.ok) return change
  return ok({ change: change.value, restored: restoredBy(host.id, change.value.parts[0]?.proof.expect) })
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
