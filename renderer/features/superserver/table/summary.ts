import { computed, type ComputedRef, type Ref } from 'vue'
import { useI18n } from 'vue-i18n'
import type { SuperserverState } from '../../../../shared/model/superserver'

/** Which daemons there are, and whether they run, in a few words. */
export function useSummary(state: Readonly<Ref<SuperserverState | null>>): ComputedRef<string> {
  const { t } = useI18n()
  return computed(() => {
    if (state.value === null) return ''
    const { xinetd, inetd } = state.value
    const words: string[] = []
    if (xinetd !== null) {
      const version = xinetd.build?.version ?? t('superserver.versionUnknown')
      words.push(
        xinetd.daemon === null
          ? t('superserver.notRunning', { version })
          : t('superserver.runningAs', { version, pid: xinetd.daemon.pid }),
      )
    }
    if (inetd !== null && inetd.dialect !== 'xinetd') {
      const name = t(`inetd.dialect.${inetd.dialect}`)
      words.push(
        inetd.daemon === null
          ? t('superserver.inetdNotRunning', { name })
          : t('superserver.inetdRunningAs', { name, pid: inetd.daemon.pid }),
      )
    }
    return words.join(' · ')
  })
}
