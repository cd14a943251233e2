import { computed } from 'vue'
import { useSettings } from '../api/settings'
import type { Platform } from '../ui/keys'

/** The system the app runs on, for the names of keys. */
export function usePlatform() {
  const settings = useSettings()
  return computed<Platform>(() => settings.info?.platform ?? 'linux')
}
