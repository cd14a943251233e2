import type { SuperserverState } from './superserver'

/** The value of each part of a host. */
export interface PartValues {
  readonly facts: unknown
  readonly superserver: SuperserverState
  readonly balancer: unknown
  readonly desktops: unknown
}
