import type { DaemonStep } from '../change'
import type { Daemon } from './state'

/*
 * Field 22 of /proc/PID/stat is the start time (proc(5)); the second field is the name in parentheses, which may
 * hold blanks and parentheses itself, so the fields are counted after the last one.
 */
export const IS_SAME = `is_same() {
  IFS= read -r line < "/proc/$1/stat" || return 1
  rest=\${line##*) }
  set -- "$2" $rest
  # A zombie takes signals, and does nothing about them.
  [ "\${21}" = "$1" ] && [ "$2" != Z ]
}
`

const RELOAD = `${IS_SAME}is_same "$1" "$2" || exit 75
kill -HUP "$1"
`

/*
 * After a bad configuration the daemon may be gone, and a reload of its unit would answer 0 all the same. Distributions
 * name the service of an inetd as they like.
 */
const RESTORE = `${IS_SAME}pid=$1 start=$2 names=$3
shift 3
if is_same "$pid" "$start" 2>/dev/null && kill -HUP "$pid"; then
  # One that is being killed takes it too, and is gone in a moment.
  sleep 0.2 2>/dev/null || sleep 1
  if is_same "$pid" "$start" 2>/dev/null; then exit; fi
fi
for name in $names; do
  if [ -d /run/systemd/system ] && systemctl cat "$name.service" >/dev/null 2>&1; then
    systemctl restart "$name.service"
    exit
  fi
  if [ -x "/etc/init.d/$name" ]; then
    "/etc/init.d/$name" restart
    exit
  fi
done
"$@"
`

/** What the host's init may call them. */
export const serviceNames = { xinetd: 'xinetd', inetd: 'inetd openbsd-inetd inetutils-inetd' } as const
export type DaemonName = keyof typeof serviceNames

/** Tells the running daemon to read its files again: HUP, to that process alone. Exit 75: it is another one by now. */
export function reloadStep(name: DaemonName, { pid, startTime, argv }: Daemon): DaemonStep {
  const args = [String(pid), startTime]
  return {
    kind: 'daemon',
    title: { key: `${name}.step.reload`, params: { pid } },
    daemon: name,
    action: 'reload',
    before: { pid, startTime },
    command: { kind: 'script', script: RELOAD, args },
    restore: { kind: 'script', script: RESTORE, args: [...args, serviceNames[name], ...argv] },
  }
}
