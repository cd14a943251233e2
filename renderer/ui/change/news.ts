import { useToast } from '@nuxt/ui/composables'
import { onScopeDispose } from 'vue'
import { useI18n } from 'vue-i18n'
import type { HistoryEntry } from '../../../shared/contract'
import { useChanges } from '../../api/change'
import { on } from '../../api/client'
import { useHistoryPage } from '../../api/history'
import { visibleText } from '../visible'
import { lookOf } from './outcome'
import { usePhrase } from './phrase'

/**
 * Tells of outcomes that no dialog shows: those that were not known when the window looked, or that came while it was
 * loaded anew. Heard as long as the calling scope lives.
 */
export function useOutcomeNews(): void {
  const toast = useToast()
  const { t } = useI18n()
  const phrase = usePhrase()
  const changes = useChanges()
  const history = useHistoryPage()

  const shownInDialog = (id: string): boolean => {
    const current = changes.proposal
    return current !== null && 'planned' in current && current.planned.id === id
  }
  const titleOf = ({ title }: HistoryEntry): string => visibleText(phrase(title))

  const stop = on('history.changed', (entry) => {
    const { id, outcome, undoneBy, hosts } = entry
    // An entry that was undone is the same as before but for that.
    if (outcome === null || undoneBy !== null || shownInDialog(id) || history.quiet.has(id)) return
    const { icon, badge } = lookOf(outcome)
    toast.add({
      // One for each change: what is known later takes the place of what was said before.
      id: `outcome-${id}`,
      title: t(`change.news.${outcome.kind}`, { hosts: hosts.map(({ name }) => name).join(', ') }),
      description: titleOf(entry),
      color: badge,
      icon,
      duration: outcome.kind === 'proved' ? 8000 : 0,
      actions: [
        {
          label: t('change.news.show'),
          color: 'neutral',
          variant: 'outline',
          onClick: () => history.open(id),
        },
      ],
    })
  })
  onScopeDispose(stop)
}
