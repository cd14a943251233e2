import { quote } from '../../../host/quote'
import type { Section } from '../../../host/script'
import { tellClock } from './clock'

/** How many bytes of each place are looked through, and how many of its bytes and lines are told. */
type Bounds = { readonly through: number; readonly bytes: number; readonly lines: number }
const ofAll: Bounds = { through: 4 * 1024 * 1024, bytes: 96 * 1024, lines: 1200 }
/** Asked for every other second while somebody looks. */
const ofOne: Bounds = { through: 1024 * 1024, bytes: 32 * 1024, lines: 300 }

/*
 * Of each place two pieces: what the daemon says of itself (its start, pauses, bans, servers that could not be started),
 * however far back among its connections; and the last lines of all, or those that name the service in wm_id.
 */
const logReading = (id: string, { through, bytes, lines }: Bounds): string => `wm_id=${quote(id)}
wm_grep=grep
! echo x | grep -aq x 2>/dev/null || wm_grep='grep -a'
wm_timed() { if command -v timeout >/dev/null; then timeout 5 "$@"; else "$@"; fi; }
wm_of() { if [ -n "$wm_id" ]; then $wm_grep -F -e " $wm_id"; else cat; fi | tail -n ${lines} | tail -c ${bytes}; }
wm_notices() { $wm_grep -E 'options compiled in|ctivating service |global_no_access list for |failed|libwrap refused ' | tail -n 300 | tail -c ${bytes}; }
wm_log_file() {
  wm_piece log; printf 'file %s' "$1"
  if [ ! -e "$1" ]; then wm_piece logMissing
  elif [ ! -f "$1" ]; then wm_piece logNotRegular
  elif [ ! -r "$1" ]; then wm_piece logPermission
  else
    wm_piece logNotices; wm_timed tail -c ${through} -- "$1" | wm_notices
    wm_piece logLines; wm_timed tail -c ${through} -- "$1" | wm_of
  fi
}
# journalctl of systemd before 230 knows no short-unix.
wm_journal() {
  wm_timed journalctl -q --no-pager -t xinetd -o short-unix "$@" 2>/dev/null || wm_timed journalctl -q --no-pager -t xinetd -o short-iso "$@"
}
# Where syslog's lines are: the journal if it can be read, else the files that syslogd writes by itself.
wm_log_system() {
  wm_piece log; printf 'journal '
  wm_held= wm_readable=
  for wm_f in /var/log/journal/*/system.journal /run/log/journal/*/system.journal; do
    if [ -e "$wm_f" ]; then wm_held=1; fi
    if [ -r "$wm_f" ]; then wm_readable=1; fi
  done
  if [ -n "$wm_readable" ] && command -v journalctl >/dev/null; then
    wm_piece logNotices; wm_journal -p notice -n 4000 | wm_notices
    wm_piece logLines; wm_journal -n 4000 | wm_of
    return
  fi
  if [ -n "$wm_held" ]; then wm_piece logPermission; else wm_piece logMissing; fi
  for wm_f in /var/log/syslog /var/log/messages /var/log/daemon.log /var/log/auth.log /var/log/secure; do
    [ -f "$wm_f" ] || continue
    wm_piece log; printf 'syslog %s' "$wm_f"
    if [ ! -r "$wm_f" ]; then wm_piece logPermission; continue; fi
    wm_piece logNotices; wm_timed tail -c ${through} -- "$wm_f" | $wm_grep ' xinetd\\[' | wm_notices
    wm_piece logLines; wm_timed tail -c ${through} -- "$wm_f" | $wm_grep ' xinetd\\[' | wm_of
  done
}
`

/**
 * The daemon's log, after its configuration was read: the files of wm_seen name the files, a superset as only the lens
 * knows what is a line; so does the daemon's own -filelog.
 */
export const tellLog = `${logReading('', ofAll)}
if [ -n "$wm_xinetd$wm_daemon$wm_seen" ]; then
  wm_log_system
  IFS=$wm_nl
  set -f
  set -- $(
    [ -z "$wm_seen" ] || cat $wm_seen 2>/dev/null | sed -n 's/^[[:space:]]*log_type[[:space:]]*+\\{0,1\\}=[[:space:]]*FILE[[:space:]][[:space:]]*\\(\\/[^[:space:]]*\\).*/\\1/p'
    [ -z "$wm_daemon" ] || tr '\\000' '\\n' <"/proc/$wm_daemon/cmdline" | sed -n '/^-filelog$/{n;/^\\//p;}'
  )
  set -- $(printf '%s\\n' "$@" | sort -u | head -n 8)
  set +f
  unset IFS
  for wm_f do wm_log_file "$wm_f"; done
fi
`

/**
 * The log once more, of one service.
 * @param paths of its files, as the last reading found them
 */
export const readServiceLog = (id: string, paths: readonly string[]): Section => ({
  name: 'serviceLog',
  seconds: 15,
  body: [
    logReading(id, ofOne),
    'wm_log_system',
    ...paths.map((path) => `wm_log_file ${quote(path)}`),
    tellClock,
  ].join('\n'),
})
