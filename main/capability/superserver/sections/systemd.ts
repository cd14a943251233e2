import { failoverPrefix } from '../../../../shared/model/superserver'

/**
 * systemd's sockets, and our units of redirections, what units are called, and the files of those sockets that stand where an administrator puts them,
 * with the services of their names: what is a link there is another's file.
 */
export const readSystemd = `if [ -d /run/systemd/system ]; then
  wm_piece units
  systemctl show --no-pager -p Id,Description,Listen,ActiveState,UnitFileState,Triggers,Accept,NConnections,FragmentPath,Result '*.socket' '${failoverPrefix}*'
  wm_piece systemd; systemctl --version
  wm_piece unitNames
  for wm_d in $(systemctl show --no-pager -p UnitPath | sed 's/^UnitPath=//'); do
    for wm_f in "$wm_d"/*.socket "$wm_d"/*.service; do
      if [ -e "$wm_f" ] || [ -h "$wm_f" ]; then printf '%s\\n' "\${wm_f##*/}"; fi
    done
  done
  for wm_f in /etc/systemd/system/*.socket; do
    if [ ! -f "$wm_f" ] || [ -h "$wm_f" ]; then continue; fi
    wm_read "$wm_f"
    for wm_e in "\${wm_f%.socket}.service" "\${wm_f%.socket}@.service"; do
      if [ -f "$wm_e" ] && [ ! -h "$wm_e" ]; then wm_read "$wm_e"; fi
    done
  done
fi
`
