import { useI18n } from 'vue-i18n'
import type { Phrase } from '../../../shared/model/change'

/** A sentence of a change. The history may hold one of another version of the app, whose text is not there any more. */
export function usePhrase(): (phrase: Phrase) => string {
  const { t, te } = useI18n()
  return ({ key, params }) => (te(key) ? t(key, params) : [key, ...Object.values(params)].join(' '))
}
