import { tellDaemon } from './daemon'

/** Where xinetd is, and whether it runs: sets wm_xinetd and wm_daemon. */
const findXinetd = `wm_xinetd=$(command -v xinetd)
if [ -n "$wm_xinetd" ]; then wm_piece program; printf '%s' "$wm_xinetd"; wm_piece version; "$wm_xinetd" -version 2>&1; fi
wm_find "$wm_xinetd" xinetd /run/xinetd.pid /var/run/xinetd.pid /run/xinetd/xinetd.pid
`

/*
 * SIGUSR1 has xinetd append its state to a file. Only for root, only to a process that catches the signal (bit 9
 * of SigCgt): it ends any other. What it appended is taken away again, so that readings leave nothing behind: xinetd
 * opens the file anew each time, to append (internals.c). A very large file is left alone.
 */
const askDump = `wm_dump=/var/run/xinetd.dump
wm_lock=/var/run/wharfmaster-xinetd-dump
wm_count() { wm_now=$(grep -c '^END OF DUMP' "$wm_dump" 2>/dev/null); wm_now=\${wm_now:-0}; }
wm_ask() {
  wm_size=0 wm_got= wm_i=0
  [ ! -f "$wm_dump" ] || wm_size=$(wc -c <"$wm_dump")
  [ "$wm_size" -lt 100000000 ] || return 0
  wm_count
  wm_before=$wm_now
  kill -USR1 "$wm_daemon"
  while [ "$wm_i" -lt 40 ]; do
    wm_count
    if [ "$wm_now" -gt "$wm_before" ]; then wm_got=$(tail -c 2000000 "$wm_dump"); break; fi
    wm_i=$((wm_i + 1))
    sleep 0.05 2>/dev/null || sleep 1
  done
  if [ -n "$wm_got" ]; then wm_piece dump; printf '%s\\n' "$wm_got"; fi
  if [ "$wm_size" -eq 0 ]; then rm -f "$wm_dump"
  elif [ -n "$wm_got" ]; then dd if=/dev/null of="$wm_dump" bs=1 seek="$((wm_size))" count=0 2>/dev/null
  fi
}
if [ -n "$wm_daemon" ] && [ "$(id -u)" = 0 ] && [ ! -h "$wm_dump" ]; then
  case $(sed -n 's/^SigCgt:.*\\(.\\)..$/\\1/p' "/proc/$wm_daemon/status") in
  [2367abefABEF])
    # One asks at a time, or one would take away what another waits for. The lock names who has it: one who was killed
    # keeps nobody waiting.
    wm_i=0
    until ln -s "$$" "$wm_lock" 2>/dev/null; do
      wm_i=$((wm_i + 1))
      wm_holder=$(readlink "$wm_lock")
      if [ "$wm_i" -gt 60 ] || { [ -n "$wm_holder" ] && [ ! -d "/proc/$wm_holder" ]; }; then rm -f "$wm_lock"; fi
      if [ "$wm_i" -gt 65 ]; then break; fi
      sleep 0.05 2>/dev/null || sleep 1
    done
    wm_ask
    [ "$(readlink "$wm_lock")" != "$$" ] || rm -f "$wm_lock" ;;
  esac
fi
`

/** The files that xinetd reads, and those which they name: a superset, since only the lens knows what is a line. */
const readConfiguration = `wm_conf=/etc/xinetd.conf
if [ -n "$wm_daemon" ]; then
  wm_next=
  for wm_arg in $(tr '\\000' '\\n' <"/proc/$wm_daemon/cmdline"); do
    [ -z "$wm_next" ] || { wm_conf=$wm_arg; break; }
    case $wm_arg in -f) wm_next=1 ;; esac
  done
fi
wm_seen=$wm_nl wm_entered=$wm_nl
wm_follow() {
  case $wm_seen in *"$wm_nl$1$wm_nl"*) return ;; esac
  wm_seen=$wm_seen$1$wm_nl
  wm_read "$1"
  if [ ! -f "$1" ] || [ ! -r "$1" ]; then return; fi
  wm_old=$IFS IFS=$wm_nl
  set -f
  set -- $(sed -n 's/^[[:space:]]*\\(include\\(dir\\)\\{0,1\\}\\)[[:space:]][[:space:]]*\\([^[:space:]]*\\).*/\\1 \\3/p' "$1")
  set +f
  IFS=$wm_old
  for wm_line do
    case $wm_line in
    'include '*) wm_follow "\${wm_line#include }" ;;
    'includedir '*) wm_enter "\${wm_line#includedir }" ;;
    esac
  done
}
wm_enter() {
  case $wm_entered in *"$wm_nl$1$wm_nl"*) return ;; esac
  wm_entered=$wm_entered$1$wm_nl
  wm_piece directory; printf %s "$1"
  if [ ! -d "$1" ]; then wm_piece noDirectory; return; fi
  if [ ! -r "$1" ] || [ ! -x "$1" ]; then wm_piece closedDirectory; return; fi
  for wm_e in "$1"/* "$1"/.[!.]*; do
    if [ -e "$wm_e" ] || [ -h "$wm_e" ]; then wm_piece entry; printf %s "\${wm_e##*/}"; fi
  done
  set -- "$1"/*
  # Nearly none of them includes others: one look at all of them saves one at each.
  wm_leads=$wm_nl$(grep -ls '^[[:space:]]*include' -- "$@")$wm_nl
  for wm_e do
    case \${wm_e##*/} in *.*|*~) continue ;; esac
    if [ ! -e "$wm_e" ] && [ ! -h "$wm_e" ]; then continue; fi
    case $wm_leads in
    *"$wm_nl$wm_e$wm_nl"*) wm_follow "$wm_e" ;;
    *)
      case $wm_seen in *"$wm_nl$wm_e$wm_nl"*) continue ;; esac
      wm_seen=$wm_seen$wm_e$wm_nl
      wm_read "$wm_e" ;;
    esac
  done
}
wm_piece configuration; printf %s "$wm_conf"
wm_follow "$wm_conf"
`

/** All of xinetd: sets wm_seen, the files that were read, a line each, and wm_compat where it reads inetd.conf too. */
export const readXinetd = `wm_seen= wm_compat= wm_nl='
'
${findXinetd}if [ -n "$wm_xinetd$wm_daemon" ] || [ -e /etc/xinetd.conf ]; then
${tellDaemon('')}${askDump}${readConfiguration}
unset IFS
set +f
fi
if [ -n "$wm_daemon" ]; then
  for wm_arg in $(tr '\\000' '\\n' <"/proc/$wm_daemon/cmdline"); do [ "$wm_arg" != -inetd_compat ] || wm_compat=$wm_daemon; done
fi
`
