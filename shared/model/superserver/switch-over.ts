import type { DaemonStep } from '../change'
import type { Port } from './port'
import { placed, PORT_TOOLS } from './port-shell'
import { serviceNames, type DaemonName } from './reload'
import type { Daemon } from './state'

/*
 * Whoever takes a port must find it free: inetd tries again after ten minutes (inetd.c, RETRYTIME), and xinetd not at
 * all. So the one that gives them up goes first, and is waited for.
 */
const TOOLS = `${PORT_TOOLS}giver=$1 giver_start=$2 giver_names=$3 taker=$4 taker_start=$5 taker_names=$6
shift 6
`
const FORTH = `${TOOLS}is_same "$giver" "$giver_start" && is_same "$taker" "$taker_start" || exit 75
kill -HUP "$giver"
until_free "$giver" "$@" || { echo "$giver_names keeps its ports" >&2; exit 1; }
kill -HUP "$taker"
`
const BACK = `${TOOLS}again "$taker" "$taker_start" "$taker_names"
until_free "$taker" "$@"
again "$giver" "$giver_start" "$giver_names"
`

type Side = { readonly name: DaemonName; readonly daemon: Daemon }

/** Both daemons read their files again, first the one that gives ports up, then the one that takes them. Exit 75: one of them is another process by now. */
export function switchOver(giver: Side, taker: Side, ports: readonly Port[]): DaemonStep {
  const side = ({ name, daemon }: Side) => [String(daemon.pid), daemon.startTime, serviceNames[name]]
  const args = [...side(giver), ...side(taker), ...ports.map(placed)]
  const { pid, startTime } = taker.daemon
  return {
    kind: 'daemon',
    title: { key: 'superserver.step.switchOver', params: { from: giver.name, to: taker.name } },
    daemon: taker.name,
    action: 'reload',
    before: { pid, startTime },
    command: { kind: 'script', script: FORTH, args },
    restore: { kind: 'script', script: BACK, args },
  }
}
