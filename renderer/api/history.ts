import { defineStore } from 'pinia'
import { onScopeDispose, ref, shallowRef, toValue, watch, type MaybeRefOrGetter } from 'vue'
import type { Answer, ChangeOutcome, HistoryDetail, HistoryEntry, Problem } from '../../shared/contract'
import { call, on } from './client'
import { useTabs } from './tabs'

const pageSize = 50
/** As much as one call gives. */
const mostAtOnce = 200
const typingMs = 200

/** Which entry the history over all hosts is asked to show. */
export const useHistoryPage = defineStore('history', () => {
  const wanted = ref<string | null>(null)
  const tabs = useTabs()

  /** Opens the one tab of the history over all hosts. */
  function open(id: string | null = null): void {
    wanted.value = id
    tabs.open({ id: 'history', kind: 'history', host: null, title: 'history.all', params: {} })
  }
  /** Entries that the page itself asks something of: it shows what comes of that. */
  const quiet = new Set<string>()
  async function resume(id: string): Promise<Answer<ChangeOutcome>> {
    quiet.add(id)
    try {
      return await call('history.resume', { id })
    } finally {
      quiet.delete(id)
    }
  }
  return { wanted, quiet, open, resume }
})

/**
 * The changes of one host, or of all, the newest first, as long as the calling scope lives. Kept as they become.
 * @param host profile id; null: all hosts
 * @param text words that each of them has
 */
export function useHistoryList(host: MaybeRefOrGetter<string | null>, text: MaybeRefOrGetter<string>) {
  const entries = shallowRef<readonly HistoryEntry[]>([])
  const problem = shallowRef<Problem | null>(null)
  const loaded = ref(false)
  const loading = ref(false)
  /** Whether there are older ones. */
  const more = ref(false)
  let asked = 0

  async function ask(before: number | undefined, limit: number): Promise<void> {
    asked += 1
    const mine = asked
    const of = toValue(host)
    loading.value = true
    const answer = await call('history.list', {
      ...(of === null ? {} : { host: of }),
      ...(before === undefined ? {} : { before }),
      text: toValue(text),
      limit,
    })
    if (mine !== asked) return
    loading.value = false
    loaded.value = true
    problem.value = answer.ok ? null : answer.problem
    if (!answer.ok) return
    more.value = answer.value.length === limit
    entries.value = before === undefined ? answer.value : [...entries.value, ...answer.value]
  }
  const reload = () => ask(undefined, Math.min(mostAtOnce, Math.max(pageSize, entries.value.length)))
  const loadMore = () => ask(entries.value.at(-1)?.at, pageSize)

  const stops = [
    on('history.changed', (entry) => {
      if (entries.value.some(({ id }) => id === entry.id))
        entries.value = entries.value.map((old) => (old.id === entry.id ? entry : old))
      else void reload()
    }),
    on('history.dropped', ({ id }) => {
      entries.value = entries.value.filter((entry) => entry.id !== id)
    }),
    on('hostProcess.changed', ({ kind }) => {
      if (kind === 'up') void reload()
    }),
  ]
  let typing: ReturnType<typeof setTimeout> | undefined
  watch(
    () => toValue(text),
    () => {
      clearTimeout(typing)
      typing = setTimeout(() => void ask(undefined, pageSize), typingMs)
    },
  )
  watch(
    () => toValue(host),
    () => {
      entries.value = []
      loaded.value = false
      void ask(undefined, pageSize)
    },
    { immediate: true },
  )
  onScopeDispose(() => {
    clearTimeout(typing)
    for (const stop of stops) stop()
    asked += 1
  })

  return { entries, problem, loaded, loading, more, reload, loadMore }
}

/** One change with all that is known of it; read anew whenever it becomes another. */
export function useHistoryDetail(id: MaybeRefOrGetter<string | null>) {
  const detail = shallowRef<HistoryDetail | null>(null)
  const problem = shallowRef<Problem | null>(null)

  async function load(): Promise<void> {
    const wanted = toValue(id)
    if (wanted === null) return
    const answer = await call('history.get', { id: wanted })
    if (toValue(id) !== wanted) return
    detail.value = answer.ok ? answer.value : null
    problem.value = answer.ok ? null : answer.problem
  }
  const stops = [
    on('history.changed', (entry) => {
      if (entry.id === toValue(id)) void load()
    }),
    on('change.progress', (event) => {
      if (event.kind === 'awaiting' && event.id === toValue(id)) void load()
    }),
  ]
  watch(
    () => toValue(id),
    () => {
      detail.value = null
      problem.value = null
      void load()
    },
    { immediate: true },
  )
  onScopeDispose(() => {
    for (const stop of stops) stop()
  })
  return { detail, problem }
}
