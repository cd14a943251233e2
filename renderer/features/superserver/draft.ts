import { computed, ref, type Ref } from 'vue'
import type { XinetdService } from '../../../shared/model/superserver'

/** What the user wants of one attribute: words, or null to inherit again. */
export type Wanted = readonly string[] | null

/**
 * A draft is the wish alone, on top of what is read: a refresh below it changes what is not touched and
 * overwrites nothing the user typed.
 */
export function useDraft(service: Ref<XinetdService>) {
  const wanted = ref<ReadonlyMap<string, Wanted>>(new Map())

  const current = (name: string): readonly string[] => service.value.settings[name]?.values ?? []
  const isOwn = (name: string): boolean => service.value.settings[name]?.origin === 'own'

  function set(name: string, words: Wanted): void {
    const next = new Map(wanted.value)
    const unchanged =
      words === null ? !isOwn(name) : isOwn(name) && words.join('\0') === current(name).join('\0')
    if (unchanged) next.delete(name)
    else next.set(name, words)
    wanted.value = next
  }

  /** What the form shows: the wish where there is one. */
  function shown(name: string): readonly string[] {
    const wish = wanted.value.get(name)
    return wish === undefined ? current(name) : (wish ?? inherited(name))
  }

  /** What holds without a line of the service's own; known only while it has none. */
  function inherited(name: string): readonly string[] {
    return isOwn(name) ? [] : current(name)
  }

  function originOf(name: string): 'own' | 'defaults' | 'builtin' | 'none' {
    const wish = wanted.value.get(name)
    if (wish === null) return 'none'
    if (wish !== undefined) return 'own'
    return service.value.settings[name]?.origin ?? 'none'
  }

  return {
    set,
    shown,
    originOf,
    isTouched: (name: string) => wanted.value.has(name),
    dirty: computed(() => wanted.value.size > 0),
    values: computed(() =>
      Object.fromEntries([...wanted.value].map(([name, words]) => [name, words && [...words]])),
    ),
    reset: () => (wanted.value = new Map()),
  }
}
