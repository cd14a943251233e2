import type { Feature, Section, TabKind } from '../api/feature'
import { feature as overview } from '../features/overview'
import { feature as superserver } from '../features/superserver'
import { feature as desktop } from '../features/desktop'
import { feature as balancer } from '../features/balancer'
import { feature as history } from '../features/history'
import { feature as settings } from '../features/settings'
import { feature as terminal } from '../features/terminal'

/** Every feature of the app: one line each. */
export const features: readonly Feature[] = [
  overview,
  superserver,
  balancer,
  desktop,
  history,
  settings,
  terminal,
]

export const sections: readonly Section[] = features
  .flatMap((feature) => [...feature.sections])
  .sort((a, b) => a.order - b.order)

export const tabKinds: ReadonlyMap<string, TabKind> = new Map(
  features.flatMap((feature) => feature.tabs.map((kind): [string, TabKind] => [kind.kind, kind])),
)
