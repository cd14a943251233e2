import type { Command, DaemonStep } from '../../change'
import { common, type Port } from '../port'
import { placed, PORT_TOOLS } from '../port-shell'
import { serviceNames } from '../reload'
import type { Daemon } from '../state'
import type { Socket, Sockets } from './units'

/*
 * xinetd gives a service up for good when it cannot bind, and a socket unit fails: whoever takes a port must find it
 * free. The files are written before, and are back before a taking back; so a unit that goes has no file any more, by
 * which `systemctl disable` would find its link. The link is the one of [Install].
 */
const WANTS = '/etc/systemd/system/sockets.target.wants'
const ARGUMENTS = `pid=$1 start=$2 names=$3 ports=$4 sockets=$5 services=$6
`
const TAKE = `take() {
  [ -z "$pid" ] || until_free "$pid" $ports || { echo "xinetd keeps its ports" >&2; return 1; }
  systemctl daemon-reload || return
  tries=0
  # A server that xinetd ended may have its socket for a moment more.
  until systemctl enable --now $sockets; do
    tries=$((tries + 1))
    [ "$tries" -lt 3 ] || return 1
    sleep 0.3 2>/dev/null || sleep 1
  done
}
`
const GIVE = `give() {
  systemctl stop $sockets $services
  for socket in $sockets; do rm -f -- "${WANTS}/$socket"; done
  systemctl daemon-reload
  # One that failed would be remembered.
  systemctl reset-failed $sockets 2>/dev/null || :
}
`
const TOOLS = `${PORT_TOOLS}${TAKE}${GIVE}${ARGUMENTS}`

const TO_SYSTEMD = {
  command: `${TOOLS}is_same "$pid" "$start" || exit 75
kill -HUP "$pid"
take
`,
  restore: `${TOOLS}give
again "$pid" "$start" "$names"
`,
  // Nobody is to start the socket that this boot had in its plan.
  atBoot: `${ARGUMENTS}for socket in $sockets; do rm -f -- "${WANTS}/$socket"; done
systemctl daemon-reload
`,
}
const TO_XINETD = {
  command: `${TOOLS}[ -z "$pid" ] || is_same "$pid" "$start" || exit 75
give
[ -z "$pid" ] || kill -HUP "$pid"
`,
  restore: `${TOOLS}[ -z "$pid" ] || again "$pid" "$start" "$names"
take
`,
  atBoot: `${ARGUMENTS}mkdir -p -- "${WANTS}"
for socket in $sockets; do ln -sf -- "/etc/systemd/system/$socket" "${WANTS}/$socket"; done
systemctl daemon-reload
systemctl --no-block start $sockets
`,
}

/**
 * Ports go from xinetd to the sockets that come, or from those that go back to xinetd. Exit 75: xinetd is another
 * process by now.
 * @param xinetd null: it does not run, and takes them when it starts
 * @param silent ports that xinetd is not to have any more
 */
export function handOver(
  { coming, leaving }: Sockets,
  xinetd: Daemon | null,
  silent: readonly Port[],
): DaemonStep {
  const isForth = coming.length > 0
  const sockets = isForth ? coming : leaving
  const scripts = isForth ? TO_SYSTEMD : TO_XINETD
  const ports = common(
    silent,
    sockets.flatMap((socket) => socket.ports),
  )
  const args = [
    xinetd === null ? '' : String(xinetd.pid),
    xinetd?.startTime ?? '',
    serviceNames.xinetd,
    ports.map(placed).join(' '),
    sockets.map(({ unit }) => unit).join(' '),
    sockets.flatMap(serviceOf).join(' '),
  ]
  const script = (text: string): Command => ({ kind: 'script', script: text, args })
  return {
    kind: 'daemon',
    title: {
      key: 'superserver.step.switchOver',
      params: isForth ? { from: 'xinetd', to: 'systemd' } : { from: 'systemd', to: 'xinetd' },
    },
    daemon: 'xinetd',
    action: 'reload',
    before: xinetd === null ? null : { pid: xinetd.pid, startTime: xinetd.startTime },
    command: script(scripts.command),
    restore: script(scripts.restore),
    atBoot: script(scripts.atBoot),
  }
}

const serviceOf = ({ service }: Socket): readonly string[] => (service === null ? [] : [service])
