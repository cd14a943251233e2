import { defineStore } from 'pinia'
import { computed, ref } from 'vue'
import type { Answer, Question, QuestionAnswer } from '../../shared/contract'
import { call, on } from '../api/client'

/** Questions that wait for the user, the oldest first. */
export const useQuestions = defineStore('questions', () => {
  const waiting = ref<readonly Question[]>([])
  const current = computed(() => waiting.value[0] ?? null)

  const drop = (id: string) => (waiting.value = waiting.value.filter((question) => question.id !== id))
  on('question.asked', (question) => {
    drop(question.id)
    waiting.value = [...waiting.value, question]
  })
  on('question.gone', ({ id }) => drop(id))
  on('hostProcess.changed', (state) => {
    if (state.kind === 'gone') waiting.value = []
  })

  /** After the page was loaded anew: what was asked before still waits. */
  async function load(): Promise<Answer<null>> {
    const answer = await call('question.list', {})
    if (!answer.ok) return answer
    waiting.value = answer.value
    return { ok: true, value: null }
  }

  async function answer(id: string, value: QuestionAnswer): Promise<Answer<null>> {
    const told = await call('question.answer', { id, answer: value })
    drop(id)
    return told
  }

  return { waiting, current, load, answer }
})
