import type { HostState } from '../../shared/contract'

const cancelled: readonly string[] = ['app.cancelled', 'ssh.cancelled']

/** How a host's state is drawn: what the user gave up by himself is no failure. */
export function shownState(state: HostState): HostState['kind'] {
  return state.kind === 'lost' && cancelled.includes(state.problem.code) ? 'closed' : state.kind
}
