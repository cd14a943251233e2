import { IS_SAME } from './reload'
import type { Port } from './port'

/** Shell functions about who holds a port, and about a daemon that is to read its files again. */
export const PORT_TOOLS = `${IS_SAME}
# PID PORT…: it holds one of them still
holds() {
  holder=$1
  shift
  for place do
    if ss -H -ln\${place%%:*}p "sport = :\${place#*:}" | grep -q "pid=$holder,"; then return 0; fi
  done
  return 1
}
until_free() {
  tries=0
  while holds "$@"; do
    tries=$((tries + 1))
    [ "$tries" -lt 100 ] || return 1
    sleep 0.05 2>/dev/null || sleep 1
  done
}
# PID START NAMES: reads its files again, or is started
again() {
  if is_same "$1" "$2" 2>/dev/null && kill -HUP "$1"; then
    sleep 0.2 2>/dev/null || sleep 1
    if is_same "$1" "$2" 2>/dev/null; then return; fi
  fi
  for name in $3; do
    if [ -d /run/systemd/system ] && systemctl cat "$name.service" >/dev/null 2>&1; then systemctl restart "$name.service"; return; fi
    if [ -x "/etc/init.d/$name" ]; then "/etc/init.d/$name" restart; return; fi
  done
  return 1
}
`

/** A port as these functions take it. */
export function placed({ protocol, port }: Port): string {
  return `${protocol === 'tcp' ? 't' : 'u'}:${port}`
}
