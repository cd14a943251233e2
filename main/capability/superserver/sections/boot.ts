import { serviceNames } from '../../../../shared/model/superserver'

/** Whether the host's init starts them: `xinetd systemd xinetd enabled`, a line each. Links of rc2.d to rc5.d and OpenRC's are looked for by themselves. */
export const tellBoot = `wm_boot_of() {
  wm_for=$1
  shift
  for wm_name do
    if [ -d /run/systemd/system ] && wm_id=$(systemctl show -p Id --value "$wm_name.service" 2>/dev/null) && systemctl cat "$wm_id" >/dev/null 2>&1; then
      printf '%s systemd %s %s\\n' "$wm_for" "\${wm_id%.service}" "$(systemctl is-enabled "$wm_id" 2>/dev/null)"
      return
    fi
    if [ -x "/etc/init.d/$wm_name" ]; then
      wm_word=disabled
      if command -v rc-update >/dev/null; then
        [ ! -e "/etc/runlevels/default/$wm_name" ] || wm_word=enabled
        printf '%s openrc %s %s\\n' "$wm_for" "$wm_name" "$wm_word"
        return
      fi
      for wm_f in /etc/rc[2345].d/S[0-9][0-9]"$wm_name"; do [ ! -e "$wm_f" ] || wm_word=enabled; done
      printf '%s init %s %s\\n' "$wm_for" "$wm_name" "$wm_word"
      return
    fi
    if command -v sysrc >/dev/null && { [ -f "/etc/rc.d/$wm_name" ] || [ -f "/usr/local/etc/rc.d/$wm_name" ]; }; then
      wm_word=disabled
      case $(sysrc -qn "\${wm_name}_enable" 2>/dev/null) in [Yy][Ee][Ss]|[Tt][Rr][Uu][Ee]|[Oo][Nn]|1) wm_word=enabled ;; esac
      printf '%s rc.conf %s %s\\n' "$wm_for" "$wm_name" "$wm_word"
      return
    fi
  done
}
wm_piece boot
wm_boot_of xinetd ${serviceNames.xinetd}
wm_boot_of inetd ${serviceNames.inetd}
`
