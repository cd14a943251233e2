import type { BalancerState } from './balancer'
import type { DesktopState } from './desktop'
import type { SuperserverState } from './superserver'

/** The value of each part of a host. */
export interface PartValues {
  readonly facts: unknown
  readonly superserver: SuperserverState
  readonly balancer: BalancerState
  readonly desktops: DesktopState
}
