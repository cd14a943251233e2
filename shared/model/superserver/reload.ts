import type { DaemonStep } from '../change'
import type { XinetdDaemon } from './state'

/*
 * Field 22 of /proc/PID/stat is the start time (proc(5)); the second field is the name in parentheses, which may
 * hold blanks and parentheses itself, so the fields are counted after the last one.
 */
const IS_SAME = `is_same() {
  IFS= read -r line < "/proc/$1/stat" || return 1
  rest=\${line##*) }
  set -- "$2" $rest
  [ "\${21}" = "$1" ]
}
`

const RELOAD = `${IS_SAME}is_same "$1" "$2" || exit 75
kill -HUP "$1"
`

/** After a bad configuration xinetd may be gone, and a reload of its unit would answer 0 all the same. */
const RESTORE = `${IS_SAME}pid=$1 start=$2
shift 2
if is_same "$pid" "$start" 2>/dev/null; then
  kill -HUP "$pid"
elif [ -d /run/systemd/system ] && systemctl cat xinetd.service >/dev/null 2>&1; then
  systemctl restart xinetd.service
elif [ -x /etc/init.d/xinetd ]; then
  /etc/init.d/xinetd restart
else
  "$@"
fi
`

/** Tells the running daemon to read its files again: HUP, to that process alone. Exit 75: it is another one by now. */
export function reloadStep(daemon: XinetdDaemon): DaemonStep {
  const { pid, startTime, argv } = daemon
  const args = [String(pid), startTime]
  return {
    kind: 'daemon',
    title: { key: 'xinetd.step.reload', params: { pid } },
    daemon: 'xinetd',
    action: 'reload',
    before: { pid, startTime },
    command: { kind: 'script', script: RELOAD, args },
    restore: { kind: 'script', script: RESTORE, args: [...args, ...argv] },
  }
}
