import type { Capability } from '../capability'
import { superserverPart } from './part'

export const superserver: Capability = { name: 'superserver', part: superserverPart }
