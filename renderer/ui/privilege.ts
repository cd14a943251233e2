import { computed, ref, toValue, type MaybeRefOrGetter } from 'vue'
import { useI18n } from 'vue-i18n'
import type { Privilege } from '../../shared/contract'
import { useHosts } from '../api/hosts'
import { useSettings } from '../api/settings'
import { useNotify } from './notify'

const icons: Readonly<Record<Privilege['kind'], string>> = {
  root: 'i-lucide-shield-check',
  sudo: 'i-lucide-lock-open',
  doas: 'i-lucide-lock-open',
  locked: 'i-lucide-lock',
  limited: 'i-lucide-shield',
  none: 'i-lucide-shield-off',
  unknown: 'i-lucide-shield-question-mark',
}

/** What the signed-in account may do on a host, in words, and the way to more and back. */
export function usePrivilege(host: MaybeRefOrGetter<string>) {
  const { t } = useI18n()
  const hosts = useHosts()
  const settings = useSettings()
  const notify = useNotify()
  const busy = ref(false)

  const privilege = computed(() => hosts.statusOf(toValue(host)).privilege)
  const label = computed(() => {
    const it = privilege.value
    switch (it.kind) {
      case 'root':
        return 'root'
      case 'sudo':
      case 'doas':
        return t('privilege.as', { by: it.kind })
      case 'locked':
      case 'limited':
      case 'none':
      case 'unknown':
        return t(`privilege.${it.kind}`)
    }
  })
  const explanation = computed(() => {
    const it = privilege.value
    switch (it.kind) {
      case 'sudo':
      case 'doas':
        return t(`privilege.explain.${it.how}`, { by: it.kind })
      case 'locked':
        return t('privilege.explain.locked', { by: it.by })
      case 'root':
      case 'limited':
      case 'none':
      case 'unknown':
        return t(`privilege.explain.${it.kind}`)
    }
  })
  /** A password that is kept can be forgotten; NOPASSWD, a ticket of sudo's own and root leave nothing to forget. */
  const lockable = computed(() => {
    const it = privilege.value
    return (it.kind === 'sudo' || it.kind === 'doas') && it.how === 'password'
  })
  const commands = computed(() => (privilege.value.kind === 'limited' ? privilege.value.commands : []))

  async function unlock(): Promise<void> {
    busy.value = true
    notify.unlessOk(await hosts.unlock(toValue(host), settings.settings.privilegeMinutes))
    busy.value = false
  }
  async function lock(): Promise<void> {
    notify.unlessOk(await hosts.lock(toValue(host)))
  }

  return {
    privilege,
    icon: computed(() => icons[privilege.value.kind]),
    label,
    explanation,
    lockable,
    commands,
    busy,
    unlock,
    lock,
  }
}
