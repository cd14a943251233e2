import { computed, type ComputedRef } from 'vue'
import { useI18n } from 'vue-i18n'
import type { PartPreview } from '../../../shared/model/change'
import { useHosts } from '../../api/hosts'

/** As whom a change runs: the first of its parts that needs root says how; null: there is no part yet. */
export function usePrivilegeText(parts: () => readonly PartPreview[]): ComputedRef<string | null> {
  const { t } = useI18n()
  const hosts = useHosts()
  return computed(() => {
    const all = parts()
    if (all.length === 0) return null
    const first = all.find(({ need }) => need !== 'none')
    if (first === undefined) return t('change.privilege.login')
    const held = hosts.statusOf(first.host).privilege
    switch (held.kind) {
      case 'root':
      case 'none':
      case 'unknown':
      case 'limited':
        return t(`change.privilege.${held.kind}`)
      case 'locked':
        return t('change.privilege.locked', { by: held.by })
      case 'sudo':
      case 'doas':
        return t('change.privilege.held', { by: held.kind })
    }
  })
}
