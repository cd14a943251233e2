/** What the names in those files mean here. LDAP and the like know more than the files: getent asks them. */
export const tellNames = `for wm_f in protocols rpc; do
  if [ -r "/etc/$wm_f" ]; then wm_piece "$wm_f"; head -c 4000000 "/etc/$wm_f"; fi
done
for wm_f in passwd group; do
  if [ -r "/etc/$wm_f" ]; then wm_piece "$wm_f"; cut -d: -f1-3 "/etc/$wm_f"; fi
done
set -f
IFS=$wm_nl
wm_said='[[:space:]]*=[[:space:]]*\\([^[:space:]]*\\).*'
wm_values=
[ -z "$wm_seen" ] || wm_values=$(cat $wm_seen 2>/dev/null | sed -n -e "s/^[[:space:]]*server$wm_said/s\\1/p" -e "s/^[[:space:]]*user$wm_said/u\\1/p" -e "s/^[[:space:]]*group$wm_said/g\\1/p" | sort -u)
wm_users= wm_groups=
wm_piece programs
for wm_v in $wm_values; do
  case $wm_v in
  s/*) wm_v=\${wm_v#s}; if [ -f "$wm_v" ] && [ -x "$wm_v" ]; then echo "yes $wm_v"; else echo "no $wm_v"; fi ;;
  u[!-]*) wm_users=$wm_users$wm_nl\${wm_v#u} ;;
  g[!-]*) wm_groups=$wm_groups$wm_nl\${wm_v#g} ;;
  esac
done
if command -v getent >/dev/null; then
  if [ -n "$wm_users" ]; then wm_piece getentPasswd; getent passwd $wm_users; fi
  if [ -n "$wm_groups" ]; then wm_piece getentGroup; getent group $wm_groups; fi
fi
unset IFS
set +f
`
