import { failoverPrefix } from '../../../../shared/model/superserver'

/**
 * Redirections that change by themselves: whatever there is of our names. What has none costs a look at four folders.
 * A cron is told by its name and its program, in this mount namespace; busybox's reads no /etc/cron.d.
 */
export const readFailover = `wm_piece failover
if command -v timeout >/dev/null && command -v bash >/dev/null; then echo bash
else
  for wm_f in perl python3 nc; do if command -v "$wm_f" >/dev/null; then echo "$wm_f"; break; fi; done
fi
if [ ! -d /run/systemd/system ] && [ -d /etc/cron.d ]; then
  for wm_f in /proc/[0-9]*; do
    { IFS= read -r wm_line <"$wm_f/comm"; } 2>/dev/null || continue
    case $wm_line in cron|crond) ;; *) continue ;; esac
    case $(readlink "$wm_f/exe") in *busybox*) continue ;; esac
    [ "$(readlink "$wm_f/ns/mnt")" = "$(readlink /proc/self/ns/mnt)" ] || continue
    wm_piece cron
    break
  done
fi
wm_known=' '
for wm_f in /usr/local/sbin/${failoverPrefix}* /etc/systemd/system/${failoverPrefix}*.timer /etc/cron.d/${failoverPrefix}* /run/${failoverPrefix}*; do
  if [ ! -e "$wm_f" ] && [ ! -h "$wm_f" ]; then continue; fi
  wm_name=\${wm_f##*/} wm_name=\${wm_name%.timer}
  case $wm_name in *[!A-Za-z0-9_-]*) continue ;; esac
  case $wm_known in *" $wm_name "*) continue ;; esac
  wm_known="$wm_known$wm_name "
  wm_piece watch; printf %s "$wm_name"
  if [ -r "/run/$wm_name/state" ]; then wm_piece rounds; head -c 65536 "/run/$wm_name/state"; fi
  for wm_e in "/usr/local/sbin/$wm_name" "/etc/systemd/system/$wm_name.service" "/etc/systemd/system/$wm_name.timer" "/etc/cron.d/$wm_name"; do
    wm_read "$wm_e"
  done
done
`
