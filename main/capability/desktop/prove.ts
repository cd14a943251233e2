import {
  checkProof,
  type DesktopProof,
  type DesktopState,
  type ProofAnswer,
} from '../../../shared/model/desktop'
import type { Answer } from '../../../shared/contract/answer'

/** A display takes its time to listen, and to go. */
const patienceMs = 10_000
const pauseMs = 250

/** Reads the displays until the proof holds, or has not for ten seconds. */
export async function proveDesktop(
  read: () => Promise<Answer<DesktopState>>,
  proof: DesktopProof,
): Promise<Answer<ProofAnswer>> {
  const until = Date.now() + patienceMs
  for (;;) {
    const state = await read()
    if (!state.ok) return state
    const answer = checkProof(state.value, proof)
    if (answer.holds || Date.now() > until) return { ok: true, value: answer }
    await new Promise((resolve) => setTimeout(resolve, pauseMs))
  }
}
