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

  /** The host of which the part is open. The host process counts its views, so it is opened once and closed once. */
  let opened: string | null = null

  const stop = on('part.changed', (event) => {
    if (event.host === toValue(host) && event.part === part) snapshot.value = event.snapshot
  })
  const forget = on('hostProcess.changed', (state) => {
    if (state.kind === 'gone') opened = null
  })

  async function open(id: string): Promise<void> {
    if (opened === id) return // it is read by itself when the connection comes back
    opened = id
    loading.value = true
    const answer = await call('part.open', { host: id, part })
    if (!answer.ok && opened === id) opened = null
    if (toValue(host) !== id) return
    loading.value = false
    if (!answer.ok) snapshot.value = { ...snapshot.value, stale: true, problem: answer.problem }
    else if (answer.value.revision >= snapshot.value.revision) snapshot.value = answer.value
  }
  function close(): void {
    if (opened !== null) void call('part.close', { host: opened, part })
    opened = null
  }

  watch(
    [() => toValue(host), up],
    ([id, isUp], previous) => {
      const [oldId, wasUp] = previous
      if (oldId !== undefined && oldId !== id) {
        snapshot.value = nothingYet
        loading.value = false
        close()
      }
      if (isUp && (oldId !== id || wasUp !== true)) void open(id)
    },
    { immediate: true },
  )
  onScopeDispose(() => {
    stop()
    forget()
    close()
  })

  async function refresh(): Promise<void> {
    const id = toValue(host)
    loading.value = true
    const answer = await call('part.refresh', { host: id, part })
    // What another host said must not stand under this one's name.
    if (toValue(host) !== id) return
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
