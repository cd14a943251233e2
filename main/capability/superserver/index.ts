import type { Capability } from '../capability'
import { superserverChange } from './change'
import { superserverPart } from './part'

export { serviceLog } from './service-log'

export const superserver: Capability = {
  name: 'superserver',
  part: superserverPart,
  change: superserverChange,
}
