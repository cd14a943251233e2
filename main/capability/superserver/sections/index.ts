import { fileReading } from '../../../host/file-reading'
import type { Section } from '../../../host/script'
import { tellBoot } from './boot'
import { tellClock } from './clock'
import { findDaemons } from './daemon'
import { readFailover } from './failover'
import { readInetd } from './inetd'
import { tellLog } from './log'
import { tellLookups } from './lookups'
import { tellNames } from './names'
import { readSystemd } from './systemd'
import { readXinetd } from './xinetd'

const listSockets = `if command -v ss >/dev/null; then wm_piece sockets; ss -H -lntup; fi
`

const tellSurroundings = `${tellClock}wm_piece ancestors
wm_pid=$$ wm_way=$SSH_CONNECTION wm_wrapped=
while [ "\${wm_pid:-0}" -gt 1 ]; do
  printf '%s\\n' "$wm_pid"
  # sudo takes it out of what comes after it.
  wm_way=\${wm_way:-$(tr '\\000' '\\n' <"/proc/$wm_pid/environ" | sed -n 's/^SSH_CONNECTION=//p')}
  if grep -q libwrap "/proc/$wm_pid/maps"; then wm_wrapped=1; fi
  IFS= read -r wm_line <"/proc/$wm_pid/stat" || break
  set -- \${wm_line##*") "}
  wm_pid=$2
done 2>/dev/null
if [ -n "$wm_way" ]; then wm_piece connection; printf %s "$wm_way"; fi
if [ -n "$wm_wrapped" ]; then wm_piece wrapped; fi
if [ -r /proc/loadavg ]; then wm_piece load; cat /proc/loadavg; fi
if [ -e /proc/net/if_inet6 ]; then wm_piece ipv6; fi
if [ -r /etc/networks ]; then wm_piece networks; cat /etc/networks; fi
wm_read /etc/services
wm_read /etc/hosts.allow
wm_read /etc/hosts.deny
`

/**
 * Files behind the piece `inetd` are inetd's, behind `units` systemd's, behind `failover` those of redirections that change
 * by themselves, behind `clock` nobody's.
 */
const reading = (log: string): Section => ({
  name: 'superserver',
  seconds: 15,
  body: [
    fileReading,
    findDaemons,
    readXinetd,
    log,
    readInetd,
    `if [ -n "$wm_xinetd$wm_seen$wm_dialect" ]; then\nwm_mounts\n${tellNames}${tellLookups}fi\n`,
    tellBoot,
    readSystemd,
    readFailover,
    listSockets,
    tellSurroundings,
  ].join('\n'),
})

/** All that a plan and a proof need. */
export const readSuperserver = reading('')
/** All that the view shows: the end of the daemon's log besides. */
export const readSuperserverAndLog = reading(tellLog)
