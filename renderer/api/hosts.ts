import { defineStore } from 'pinia'
import { computed, ref } from 'vue'
import type { Answer, HostStatus, Privilege, Profile } from '../../shared/contract'
import { call, on } from './client'

const closed = (id: string): HostStatus => ({
  id,
  state: { kind: 'closed' },
  privilege: { kind: 'unknown' },
  readOnly: false,
})

/** The hosts the user knows, and how each is connected. Filled by the host process, never guessed here. */
export const useHosts = defineStore('hosts', () => {
  const profiles = ref<readonly Profile[]>([])
  const statuses = ref<ReadonlyMap<string, HostStatus>>(new Map())
  const loaded = ref(false)

  const setStatus = (status: HostStatus) => {
    statuses.value = new Map(statuses.value).set(status.id, status)
  }
  on('profile.changed', (all) => (profiles.value = all))
  on('host.changed', setStatus)
  on('host.removed', ({ id }) => {
    const rest = new Map(statuses.value)
    rest.delete(id)
    statuses.value = rest
  })

  /** Reads everything anew: at the start, and when the host process was started again. */
  async function load(restarted = false): Promise<Answer<null>> {
    const [list, states] = await Promise.all([call('profile.list', {}), call('host.statuses', {})])
    if (!list.ok) return list.problem.code === 'app.hostProcessGone' && !restarted ? reload() : list
    if (!states.ok) return states
    profiles.value = list.value
    statuses.value = new Map(states.value.map((status) => [status.id, status]))
    loaded.value = true
    return { ok: true, value: null }
  }
  /** A page that was loaded while the host process is gone did not hear of it, and has no other way to go on. */
  async function reload(): Promise<Answer<null>> {
    const started = await call('app.restartHostProcess', {})
    return started.ok ? load(true) : started
  }
  on('hostProcess.changed', (state) => {
    if (state.kind === 'gone') statuses.value = new Map()
  })

  const statusOf = (id: string): HostStatus => statuses.value.get(id) ?? closed(id)
  const profileOf = (id: string): Profile | undefined => profiles.value.find((profile) => profile.id === id)
  const nameOf = (id: string): string => profileOf(id)?.name ?? id

  async function connect(id: string): Promise<Answer<HostStatus>> {
    const answer = await call('host.connect', { host: id })
    if (answer.ok) setStatus(answer.value)
    return answer
  }
  const disconnect = (id: string): Promise<Answer<null>> => call('host.disconnect', { host: id })
  const unlock = (id: string, minutes: number): Promise<Answer<Privilege>> =>
    call('host.unlock', { host: id, minutes })
  const lock = (id: string): Promise<Answer<Privilege>> => call('host.lock', { host: id })
  const save = (profile: Profile): Promise<Answer<Profile>> => call('profile.save', { profile })
  const remove = (id: string): Promise<Answer<null>> => call('profile.remove', { id })

  const groups = computed(() => [...new Set(profiles.value.map(({ group }) => group))].sort())
  const tags = computed(() => [...new Set(profiles.value.flatMap((profile) => [...profile.tags]))].sort())

  return {
    profiles,
    statuses,
    loaded,
    groups,
    tags,
    load,
    statusOf,
    profileOf,
    nameOf,
    connect,
    disconnect,
    unlock,
    lock,
    save,
    remove,
  }
})
