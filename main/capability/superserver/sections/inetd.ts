import { tellDaemon } from './daemon'

/**
 * inetd and the files that it reads: those of its command line, else what its manual names. Whose inetd it is says the
 * program itself. Where there is none and xinetd runs with -inetd_compat (wm_compat), xinetd reads inetd.conf.
 */
export const readInetd = `wm_inetd=$(command -v inetd || command -v inetutils-inetd)
wm_find "$wm_inetd" 'inetd inetutils-inetd openbsd-inetd' /run/inetd.pid /var/run/inetd.pid /run/inetutils-inetd.pid
wm_dialect=
if [ -n "$wm_inetd$wm_daemon" ]; then
  wm_program=$(readlink -f "\${wm_daemon:+/proc/$wm_daemon/exe}" 2>/dev/null || readlink -f "$wm_inetd")
  case $(uname -s) in
  FreeBSD|DragonFly) wm_dialect=freebsd ;;
  NetBSD) wm_dialect=netbsd ;;
  *)
    case \${wm_program##*/} in busybox*) wm_dialect=busybox ;; esac
    if [ -z "$wm_dialect" ] && grep -q inetutils -- "$wm_program" "$wm_inetd" 2>/dev/null; then wm_dialect=inetutils; fi
    wm_dialect=\${wm_dialect:-openbsd} ;;
  esac
elif [ -n "$wm_compat" ]; then wm_dialect=xinetd wm_daemon=$wm_compat wm_pidfile=
fi
if [ -n "$wm_dialect" ]; then
  wm_piece inetd; printf %s "$wm_dialect"
  ${tellDaemon('inetd-')}
  wm_confs= wm_last=-p
  if [ -n "$wm_daemon" ] && [ "$wm_dialect" != xinetd ]; then
    for wm_arg in $(tr '\\000' '\\n' <"/proc/$wm_daemon/cmdline"); do
      if [ "$wm_last" != -p ]; then case $wm_arg in /*) wm_confs="$wm_confs $wm_arg" ;; esac; fi
      wm_last=$wm_arg
    done
  fi
  if [ -z "$wm_confs" ]; then
    wm_confs=/etc/inetd.conf
    if [ "$wm_dialect" = inetutils ]; then wm_confs="$wm_confs /etc/inetd.d"; fi
  fi
  for wm_conf in $wm_confs; do
    if [ ! -d "$wm_conf" ]; then wm_read "$wm_conf"; continue; fi
    for wm_e in "$wm_conf"/*; do if [ -f "$wm_e" ]; then wm_read "$wm_e"; fi; done
  done
fi
`
