import type { DaemonStep, Disturbance, Session } from '../change'
import type { SuperserverProof } from './proof'
import { refuse, type Refusal } from './refuse'
import { reloadStep, serviceNames, type DaemonName } from './reload'
import type { Daemon, SuperserverState } from './state'

export type Action = 'start' | 'stop' | 'restart' | 'reload'

/** By the host's own init; its words are those of the actions. */
const BY_INIT = `action=$1 names=$2
for name in $names; do
  if [ -d /run/systemd/system ] && systemctl cat "$name.service" >/dev/null 2>&1; then
    systemctl "$action" "$name.service"
    exit
  fi
  if [ -x "/etc/init.d/$name" ]; then
    "/etc/init.d/$name" "$action"
    exit
  fi
done
echo "neither systemd nor /etc/init.d knows a service of that name: $names" >&2
exit 1
`

/** What takes an action back: sessions that it ended are not given back. */
const opposite = { start: 'stop', stop: 'start', restart: 'start' } as const

export type Control = {
  readonly step: DaemonStep
  readonly disturbs: readonly Disturbance[]
  readonly proof: Pick<SuperserverProof, 'control'>
}

/**
 * Starts, stops or restarts the daemon, or tells it to read its files again.
 * Problems: superserver.notRunning, .runs, .cutsOurselves.
 */
export function control(state: SuperserverState, name: DaemonName, action: Action): Control | Refusal {
  const daemon = state[name]?.daemon ?? null
  if (action === 'start') {
    if (daemon !== null) return refuse(state, 'superserver.runs', { name, pid: daemon.pid })
    return {
      step: byInit(name, action, null),
      disturbs: [],
      proof: { control: { daemon: name, running: true, notPid: null } },
    }
  }
  if (daemon === null) return refuse(state, 'superserver.notRunning', { name })
  if (action === 'reload')
    return {
      step: reloadStep(name, daemon),
      disturbs: [],
      proof: { control: { daemon: name, running: true, notPid: null } },
    }
  if (state.surroundings.ancestors.includes(daemon.pid))
    return refuse(state, 'superserver.cutsOurselves', { service: name })
  const sessions = sessionsOf(state, name)
  const degree = action === 'stop' ? 'outage' : sessions.length > 0 ? 'sessions' : 'notice'
  return {
    step: byInit(name, action, daemon),
    disturbs: [
      {
        what: { key: `superserver.disturb.${action}`, params: { name, sessions: sessions.length } },
        degree,
        subject: name,
        sessions,
      },
    ],
    proof: { control: { daemon: name, running: action === 'restart', notPid: daemon.pid } },
  }
}

function byInit(name: DaemonName, action: Exclude<Action, 'reload'>, daemon: Daemon | null): DaemonStep {
  return {
    kind: 'daemon',
    title: { key: `superserver.step.${action}`, params: { name } },
    daemon: name,
    action,
    before: daemon === null ? null : { pid: daemon.pid, startTime: daemon.startTime },
    command: { kind: 'script', script: BY_INIT, args: [action, serviceNames[name]] },
    restore: { kind: 'script', script: BY_INIT, args: [opposite[action], serviceNames[name]] },
  }
}

/** inetd does not tell what it has started. */
function sessionsOf({ xinetd }: SuperserverState, name: DaemonName): readonly Session[] {
  if (name === 'inetd') return []
  return (xinetd?.dump?.servers ?? []).map(({ peer, pid, started }) => ({
    peer: peer === null ? '' : `${peer.address} ${peer.port}`,
    pid,
    since: started,
  }))
}
