import { useToast } from '@nuxt/ui/composables'
import { useI18n } from 'vue-i18n'
import type { Answer, Problem } from '../../shared/contract'

/** Short messages in a corner, for what has no better place: a failure of something done in passing. */
export function useNotify() {
  const toast = useToast()
  const { t } = useI18n()

  const problem = (what: Problem) => {
    if (what.code === 'app.cancelled' || what.code === 'ssh.cancelled') return
    toast.add({
      title: t(`problem.${what.code}.what`, what.params),
      description: t(`problem.${what.code}.todo`, what.params),
      color: 'error',
      icon: 'i-lucide-triangle-alert',
    })
  }
  return {
    problem,
    failed: (title: string, description: string) =>
      toast.add({ title, description, color: 'error', icon: 'i-lucide-triangle-alert' }),
    done: (title: string) => toast.add({ title, color: 'success', icon: 'i-lucide-check', duration: 2500 }),
    /** Tells of a failed answer; true if it was a good one. */
    unlessOk: (answer: Answer<unknown>): boolean => {
      if (!answer.ok) problem(answer.problem)
      return answer.ok
    },
  }
}
