import { defineStore } from 'pinia'
import { ref } from 'vue'
import type { Answer, Problem } from '../../shared/contract'
import { useHosts } from '../api/hosts'

/** Connections that the user asked for: which are on the way, and why the last try of each failed. */
export const useConnecting = defineStore('connecting', () => {
  const hosts = useHosts()
  const failures = ref<ReadonlyMap<string, Problem>>(new Map())

  function setFailure(id: string, problem: Problem | null): void {
    const next = new Map(failures.value)
    if (problem === null) next.delete(id)
    else next.set(id, problem)
    failures.value = next
  }

  async function connect(id: string): Promise<boolean> {
    setFailure(id, null)
    const answer = await hosts.connect(id)
    if (!answer.ok) setFailure(id, answer.problem)
    return answer.ok
  }

  /** Also gives up a connection that is being made. */
  async function disconnect(id: string): Promise<Answer<null>> {
    const answer = await hosts.disconnect(id)
    if (answer.ok) setFailure(id, null)
    return answer
  }

  return { failures, connect, disconnect }
})
