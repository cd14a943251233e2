import type { ByName } from './kind'
import { fromOf, wordOf } from './kind'
import type { ConnectionStep } from './steps'

/** service.c, banner_always and banner_success. */
export function bannerSteps(
  settings: ByName,
  when: 'always' | 'success',
  by: 'daemon' | 'child',
): readonly ConnectionStep[] {
  const name = when === 'always' ? 'banner' : 'banner_success'
  const path = wordOf(settings, name)
  return path === null ? [] : [{ kind: 'banner', by, when, path, from: fromOf(settings, name) }]
}
