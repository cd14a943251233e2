import { onScopeDispose, readonly, ref, type Ref } from 'vue'

/** The time, for texts such as “12 s ago”; ticks while the calling scope lives. */
export function useNow(intervalMs = 1000): Readonly<Ref<number>> {
  const now = ref(Date.now())
  const timer = setInterval(() => (now.value = Date.now()), intervalMs)
  onScopeDispose(() => clearInterval(timer))
  return readonly(now)
}
