import type { Diagnostic } from '../diagnostic'
import type { Entry } from './entries'
import type { Reading, Setting } from './settings'

/** A service on its way through the daemon's checks. */
export type Candidate = {
  readonly entry: Entry
  readonly id: string
  readonly reading: Reading
  settings: Map<string, Setting>
  state: 'enabled' | 'disabled' | 'refused'
  readonly notes: Diagnostic[]
}
