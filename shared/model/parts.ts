import type { BalancerState } from './balancer'
import type { DesktopState } from './desktop'
import type { HostFacts } from './facts'
import type { SuperserverState } from './superserver'

/** The value of each part of a host. */
export interface PartValues {
  readonly facts: HostFacts
  readonly superserver: SuperserverState
  readonly balancer: BalancerState
  readonly desktops: DesktopState
}
