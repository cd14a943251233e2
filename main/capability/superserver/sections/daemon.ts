/*
 * A daemon is found by its pidfile, and what the pidfile says is checked: the process runs a program of that name,
 * in this mount namespace. Containers on the same kernel have daemons of their own.
 */
export const findDaemons = `# PID NAMES
wm_runs() {
  case $1 in ''|*[!0-9]*) return 1 ;; esac
  [ -d "/proc/$1" ] || return 1
  wm_arg=$(tr '\\000' '\\n' <"/proc/$1/cmdline" | sed -n 1p)
  wm_arg=\${wm_arg##*/}
  # The links of another user's process can be read by root alone; its command line by everybody.
  if wm_exe=$(readlink "/proc/$1/exe"); then
    [ "$(readlink "/proc/$1/ns/mnt")" = "$(readlink /proc/self/ns/mnt)" ] || return 1
    wm_exe=\${wm_exe##*/} wm_exe=\${wm_exe%' (deleted)'}
    case $wm_exe in
    busybox*) [ "$wm_arg" = "$wm_exe" ] && wm_arg=$(tr '\\000' '\\n' <"/proc/$1/cmdline" | sed -n 2p) ;;
    *) wm_arg=$wm_exe ;;
    esac
  fi
  case " $2 " in *" $wm_arg "*) ;; *) return 1 ;; esac
}
# PROGRAM NAMES PIDFILE...: sets wm_daemon and wm_pidfile.
wm_find() {
  wm_daemon= wm_pidfile= wm_program=$1 wm_names=$2
  shift 2
  for wm_f do
    [ -f "$wm_f" ] || continue
    IFS= read -r wm_pid <"$wm_f" || [ -n "$wm_pid" ] || continue
    if wm_runs "$wm_pid" "$wm_names"; then wm_daemon=$wm_pid wm_pidfile=$wm_f; return; fi
  done
  [ -n "$wm_program" ] && [ "$(id -u)" = 0 ] || return 0
  wm_program=$(readlink -f "$wm_program")
  for wm_f in /proc/[0-9]*; do
    # Without a pidfile: one that runs the very file of this host, started by init.
    [ "$(readlink "$wm_f/exe")" = "$wm_program" ] || continue
    wm_runs "\${wm_f#/proc/}" "$wm_names" || continue
    if [ "$(sed -n 's/^PPid:[[:space:]]*//p' "$wm_f/status")" = 1 ]; then wm_daemon=\${wm_f#/proc/}; return; fi
  done 2>/dev/null
}
`

/** @param prefix of the pieces' names */
export const tellDaemon = (prefix: string): string => `if [ -n "$wm_daemon" ]; then
  wm_piece ${prefix}daemon; printf '%s\\n' "$wm_daemon"
  wm_piece ${prefix}pidfile; printf '%s' "$wm_pidfile"
  wm_piece ${prefix}stat; cat "/proc/$wm_daemon/stat"
  wm_piece ${prefix}cmdline; cat "/proc/$wm_daemon/cmdline"
fi
`
