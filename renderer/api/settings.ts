import { defineStore } from 'pinia'
import { ref } from 'vue'
import type { AppInfo, Answer, Settings } from '../../shared/contract'
import { usualSettings } from '../../shared/contract/usual-settings'
import { call, on } from './client'

/** The user's settings and what the app says of itself. */
export const useSettings = defineStore('settings', () => {
  const settings = ref<Settings>(usualSettings)
  const info = ref<AppInfo | null>(null)
  on('settings.changed', (next) => (settings.value = next))

  async function load(): Promise<Answer<null>> {
    const [got, about] = await Promise.all([call('settings.get', {}), call('app.info', {})])
    if (!got.ok) return got
    if (!about.ok) return about
    settings.value = got.value
    info.value = about.value
    return { ok: true, value: null }
  }

  async function change(part: Partial<Settings>): Promise<Answer<Settings>> {
    const answer = await call('settings.set', { settings: { ...settings.value, ...part } })
    if (answer.ok) settings.value = answer.value
    return answer
  }

  return { settings, info, load, change }
})
