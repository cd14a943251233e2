import { computed, onScopeDispose, ref, shallowRef, toValue, watch, type MaybeRefOrGetter } from 'vue'
import type { Problem, ServiceLog } from '../../../../shared/contract'
import { call } from '../../../api/client'
import { useHosts } from '../../../api/hosts'

/** From one answer to the next question. */
const everyMs = 2000

/**
 * The log of one service, read again and again as long as the calling scope lives and the host is connected. Each reading
 * is one script that ends by itself: nothing is left running on the host when the view closes or the connection drops.
 */
export function useServiceLog(host: MaybeRefOrGetter<string>, service: MaybeRefOrGetter<string>) {
  const hosts = useHosts()
  const up = computed(() => hosts.statusOf(toValue(host)).state.kind === 'up')
  const latest = shallowRef<ServiceLog | null>(null)
  const problem = shallowRef<Problem | null>(null)
  const isLive = ref(false)
  let timer: ReturnType<typeof setTimeout> | undefined
  let turn = 0

  async function read(mine: number): Promise<void> {
    const answer = await call('host.serviceLog', { host: toValue(host), service: toValue(service) })
    if (mine !== turn) return
    problem.value = answer.ok ? null : answer.problem
    isLive.value = answer.ok
    if (answer.ok) latest.value = answer.value
    timer = setTimeout(() => void read(mine), everyMs)
  }
  function stop(): void {
    turn += 1
    clearTimeout(timer)
    isLive.value = false
  }
  watch(
    [() => toValue(host), () => toValue(service), up] as const,
    ([newHost, newService, isUp], [oldHost, oldService]) => {
      stop()
      if (newHost !== oldHost || newService !== oldService) latest.value = null
      problem.value = null
      if (isUp) void read(turn)
    },
    { immediate: true },
  )
  onScopeDispose(stop)
  return { latest, problem, isLive }
}
