import { computed, type Ref } from 'vue'
import type { Problem } from '../../../shared/contract'
import type { Disturbance } from '../../../shared/model/change'
import { plan, type SuperserverIntent, type SuperserverState } from '../../../shared/model/superserver'

/** What only the host can tell when it is read for the plan, and not what is typed. */
const ofTheHost = ['superserver.silent', 'superserver.unseen', 'superserver.nothingToDo']

/** What would become of an intent, as far as it can be told from what was read; null: nothing is wished. */
export function useForeseen(
  state: Readonly<Ref<SuperserverState>>,
  intent: Readonly<Ref<SuperserverIntent | null>>,
) {
  const made = computed(() => (intent.value === null ? null : plan(state.value, intent.value)))
  return {
    problem: computed<Problem | null>(() =>
      made.value === null || made.value.ok || ofTheHost.includes(made.value.problem.code)
        ? null
        : made.value.problem,
    ),
    disturbs: computed<readonly Disturbance[]>(() =>
      made.value?.ok === true ? made.value.value.parts.flatMap((part) => part.disturbs) : [],
    ),
  }
}
