import { fail, ok, type Answer } from '../../../shared/contract/answer'
import { problem } from '../../../shared/contract/problem'
import type { Change } from '../../../shared/model/change'
import {
  isUndoable,
  plan,
  planUndo,
  proofOfNow,
  superserverIntentSchema,
  superserverProofSchema,
  type SuperserverState,
} from '../../../shared/model/superserver'
import { partProblem } from '../../host/part-problem'
import type { ChangeHost, ChangeSupport, Planned } from '../capability'
import { readState } from './read-state'
import { readSuperserver } from './sections'
import { readOffer, tellInstaller } from './sections/installer'
import { judge } from './verdict'

export const superserverChange: ChangeSupport = {
  capability: 'superserver',

  async plan(host, intent) {
    const wanted = superserverIntentSchema.safeParse(intent)
    if (!wanted.success) return fail(problem('app.invalidRequest', { method: 'change.plan' }))
    return planned(
      host,
      (state) => plan(state, wanted.data),
      wanted.data.kind === 'install' ? withOffer : read,
    )
  },

  undo: (change) => (isUndoable(change) ? (host) => planned(host, (state) => planUndo(state, change)) : null),

  async prove(host, expect, moment) {
    const proof = superserverProofSchema.parse(expect)
    const state = await read(host)
    return state.ok ? ok(judge(proof, state.value, moment)) : state
  },
}

async function planned(
  host: ChangeHost,
  make: (state: SuperserverState) => Answer<Change>,
  ask: (host: ChangeHost) => Promise<Answer<SuperserverState>> = read,
): Promise<Answer<Planned>> {
  const state = await ask(host)
  if (!state.ok) return state
  const change = make(state.value)
  if (!change.ok) return change
  const [part] = change.value.parts
  const restored = part === undefined ? [] : [[host.id, proofOfNow(state.value, part.steps)] as const]
  return ok({ change: change.value, restored: new Map(restored) })
}

/** Needs root: a daemon's account of itself, and which process holds a port, are told to nobody else. */
async function read(host: ChangeHost): Promise<Answer<SuperserverState>> {
  const ran = await host.run({ sections: [readSuperserver], need: 'require' })
  if (!ran.ok) return ran
  const [answer] = ran.value.answer.sections
  if (answer?.kind !== 'done') return fail(partProblem(answer))
  return ok(readState(host.id, answer.pieces))
}

/** With what the host's package manager would do. */
async function withOffer(host: ChangeHost): Promise<Answer<SuperserverState>> {
  const ran = await host.run({ sections: [readSuperserver, tellInstaller], need: 'require' })
  if (!ran.ok) return ran
  const [answer, offer] = ran.value.answer.sections
  if (answer?.kind !== 'done') return fail(partProblem(answer))
  if (offer?.kind !== 'done') return fail(partProblem(offer))
  return ok({ ...readState(host.id, answer.pieces), offer: readOffer(offer.pieces) })
}
