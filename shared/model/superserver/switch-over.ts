import type { DaemonStep } from '../change'
import type { Port } from './port'
import { IS_SAME, serviceNames, type DaemonName } from './reload'
import type { Daemon } from './state'

/*
 * Whoever takes a port must find it free: inetd tries again after ten minutes (inetd.c, RETRYTIME), and xinetd not at
 * all. So the one that gives them up goes first, and is waited for.
 */
const TOOLS = `${IS_SAME}
# PID PORT…: it holds one of them still
holds() {
  holder=$1
  shift
  for place do
    if ss -H -ln\${place%%:*}p "sport = :\${place#*:}" | grep -q "pid=$holder,"; then return 0; fi
  done
  return 1
}
until_free() {
  tries=0
  while holds "$@"; do
    tries=$((tries + 1))
    [ "$tries" -lt 100 ] || return 1
    sleep 0.05 2>/dev/null || sleep 1
  done
}
# PID START NAMES: reads its files again, or is started
again() {
  if is_same "$1" "$2" 2>/dev/null && kill -HUP "$1"; then
    sleep 0.2 2>/dev/null || sleep 1
    if is_same "$1" "$2" 2>/dev/null; then return; fi
  fi
  for name in $3; do
    if [ -d /run/systemd/system ] && systemctl cat "$name.service" >/dev/null 2>&1; then systemctl restart "$name.service"; return; fi
    if [ -x "/etc/init.d/$name" ]; then "/etc/init.d/$name" restart; return; fi
  done
  return 1
}
giver=$1 giver_start=$2 giver_names=$3 taker=$4 taker_start=$5 taker_names=$6
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
  const args = [
    ...side(giver),
    ...side(taker),
    ...ports.map(({ protocol, port }) => `${protocol === 'tcp' ? 't' : 'u'}:${port}`),
  ]
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
