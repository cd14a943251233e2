import { defineStore } from 'pinia'
import { ref } from 'vue'
import type { Problem } from '../../shared/contract'
import { on } from '../api/client'

/** Whether the process that holds the connections is there. */
export const useHostProcess = defineStore('hostProcess', () => {
  const gone = ref<Problem | null>(null)
  on('hostProcess.changed', (state) => {
    gone.value = state.kind === 'gone' ? state.problem : null
  })
  return { gone }
})
