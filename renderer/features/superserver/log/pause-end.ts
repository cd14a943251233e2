import { onScopeDispose, watch, type Ref } from 'vue'
import type { SuperserverState } from '../../../../shared/model/superserver'
import type { Row } from '../table/rows'

/** A pause for cps ends by itself. Then the host is read at once, so that the table does not go on telling of it. */
export function useReadingAtPauseEnd(
  state: Readonly<Ref<SuperserverState | null>>,
  rows: Readonly<Ref<readonly Row[]>>,
  read: () => void,
): void {
  let timer: ReturnType<typeof setTimeout> | undefined
  watch(rows, (now) => {
    clearTimeout(timer)
    const clock = state.value?.surroundings.clock ?? null
    if (clock === null) return
    const ends = now.flatMap(({ pausedUntil }) =>
      pausedUntil === null || pausedUntil < clock.now ? [] : [pausedUntil],
    )
    if (ends.length > 0) timer = setTimeout(read, (Math.min(...ends) - clock.now + 1) * 1000)
  })
  onScopeDispose(() => clearTimeout(timer))
}
