import { computed, onScopeDispose, ref, shallowRef, toValue, watch, type MaybeRefOrGetter } from 'vue'
import type { PartName, PartSnapshot } from '../../shared/contract'
import type { PartValues } from '../../shared/model/parts'
import { call, on } from './client'
import { useHosts } from './hosts'

const nothingYet = { value: null, at: null, revision: 0, stale: false, problem: null } as const

/**
 * A part of a host, as long as the calling scope lives. The host process reads what is open, merged, and pushes
 * each new revision; after a drop the last value stays, marked stale.
 */
export function useHostPart<N extends PartName>(host: MaybeRefOrGetter<string>, part: N) {
  const hosts = useHosts()
  const snapshot = shallowRef<PartSnapshot>(nothingYet)
  const loading = ref(false)
  const up = computed(() => hosts.statusOf(toValue(host)).state.kind === 'up')

  const stop = on('part.changed', (event) => {
    if (event.host === toValue(host) && event.part === part) snapshot.value = event.snapshot
  })

  async function open(id: string): Promise<void> {
    loading.value = true
    const answer = await call('part.open', { host: id, part })
    loading.value = false
    if (toValue(host) !== id) return
    if (!answer.ok) snapshot.value = { ...snapshot.value, stale: true, problem: answer.problem }
    else if (answer.value.revision >= snapshot.value.revision) snapshot.value = answer.value
  }
  const close = (id: string) => void call('part.close', { host: id, part })

  watch(
    [() => toValue(host), up],
    ([id, isUp], previous) => {
      const [oldId, wasUp] = previous
      if (oldId !== undefined && oldId !== id) {
        snapshot.value = nothingYet
        close(oldId)
      }
      if (isUp && (oldId !== id || wasUp !== true)) void open(id)
    },
    { immediate: true },
  )
  onScopeDispose(() => {
    stop()
    close(toValue(host))
  })

  async function refresh(): Promise<void> {
    loading.value = true
    const answer = await call('part.refresh', { host: toValue(host), part })
    loading.value = false
    if (answer.ok) snapshot.value = answer.value
    else snapshot.value = { ...snapshot.value, stale: true, problem: answer.problem }
  }

  return {
    // The host process made the value by this part's own parser.
    value: computed(() => snapshot.value.value as PartValues[N] | null),
    at: computed(() => snapshot.value.at),
    revision: computed(() => snapshot.value.revision),
    stale: computed(() => snapshot.value.stale || (!up.value && snapshot.value.value !== null)),
    problem: computed(() => snapshot.value.problem),
    loading,
    refresh,
  }
}
