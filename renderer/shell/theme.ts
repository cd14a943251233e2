import { onScopeDispose, ref, watchEffect } from 'vue'
import { useSettings } from '../api/settings'

const system = window.matchMedia('(prefers-color-scheme: dark)')

function paint(dark: boolean): void {
  document.documentElement.classList.toggle('dark', dark)
  document.documentElement.classList.toggle('light', !dark)
  document.documentElement.style.colorScheme = dark ? 'dark' : 'light'
}

// The main process has told the system's theme of the setting already, so the first picture has the right one.
paint(system.matches)

/** Light or dark, as the settings say; for as long as the calling scope lives. */
export function useTheme(): void {
  const settings = useSettings()
  const systemDark = ref(system.matches)
  const onChange = () => (systemDark.value = system.matches)
  system.addEventListener('change', onChange)
  onScopeDispose(() => system.removeEventListener('change', onChange))
  watchEffect(() => {
    const { theme } = settings.settings
    paint(theme === 'system' ? systemDark.value : theme === 'dark')
  })
}
