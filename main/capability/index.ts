import type { Capability } from './capability'

/** Every capability that the host process knows. */
export const capabilities: readonly Capability[] = []
