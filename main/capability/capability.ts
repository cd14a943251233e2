import type { PartName } from '../../shared/contract/part'
import type { PartSource } from '../host/part-source'

/** What one capability brings to the host process. */
export interface Capability {
  readonly name: PartName
  readonly part: PartSource
}
