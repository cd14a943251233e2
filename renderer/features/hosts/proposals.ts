import { ref } from 'vue'
import type { DamagedConfigLine, Problem, ProfileProposal } from '../../../shared/contract'
import { call } from '../../api/client'
import { useHosts } from '../../api/hosts'

/** What ~/.ssh/config offers, which of it is wanted, and how taking it went. */
export function useProposals() {
  const hosts = useHosts()
  const proposals = ref<readonly ProfileProposal[]>([])
  const damaged = ref<readonly DamagedConfigLine[]>([])
  const chosen = ref<ReadonlySet<string>>(new Set())
  const loading = ref(true)
  const saving = ref(false)
  const trouble = ref<Problem | null>(null)

  async function load(): Promise<void> {
    loading.value = true
    const answer = await call('profile.proposals', {})
    loading.value = false
    if (!answer.ok) {
      trouble.value = answer.problem
      return
    }
    proposals.value = answer.value.proposals
    damaged.value = answer.value.damaged
    chosen.value = new Set(proposals.value.filter(({ exists }) => !exists).map(({ profile }) => profile.id))
  }

  function toggle(id: string): void {
    const next = new Set(chosen.value)
    if (!next.delete(id)) next.add(id)
    chosen.value = next
  }

  /** Saves what is chosen, jump hosts with what needs them; true if all of it was saved. */
  async function take(): Promise<boolean> {
    saving.value = true
    trouble.value = null
    for (const { profile } of proposals.value.filter((proposal) => chosen.value.has(proposal.profile.id))) {
      const answer = await hosts.save(profile)
      if (!answer.ok) {
        trouble.value = answer.problem
        break
      }
    }
    saving.value = false
    return trouble.value === null
  }

  return { proposals, damaged, chosen, loading, saving, trouble, load, toggle, take }
}
