import type { Capability } from './capability'
import { balancer } from './balancer'
import { desktop } from './desktop'
import { facts } from './facts'
import { superserver } from './superserver'

/** Every capability that the host process knows. */
export const capabilities: readonly Capability[] = [facts, superserver, balancer, desktop]
