import { useI18n } from 'vue-i18n'
import {
  edited,
  resolve,
  type SuperserverIntent,
  type SuperserverState,
} from '../../../shared/model/superserver'

export interface Finding {
  /** null: of no line. */
  readonly line: number | null
  readonly isBad: boolean
  readonly text: string
}

/** What the daemon would say of the services that an intent leaves in a file. */
export function useFound(): (
  state: SuperserverState,
  intent: SuperserverIntent,
  path: string,
) => readonly Finding[] {
  const { t } = useI18n()
  return (state, intent, path) => {
    const made = edited(state, intent)
    if (!made.ok)
      return [{ line: null, isBad: true, text: t(`problem.${made.problem.code}.what`, made.problem.params) }]
    const { xinetd } = made.value
    return (xinetd === null ? [] : resolve(xinetd).services)
      .filter((one) => one.path === path)
      .flatMap(({ diagnostics }) => diagnostics)
      .filter((one) => one.path === path)
      .map((one) => ({
        line: one.line,
        isBad: one.effect === 'serviceRefused',
        text: t(`xinetd.diagnostic.${one.code}`, one.params),
      }))
  }
}
