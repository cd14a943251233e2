import { vncPrograms } from '../../../shared/model/facts/read'
import type { Section } from '../../host/script'

const programs = ['sudo', 'doas', 'ipvsadm', 'keepalived', ...vncPrograms].join(' ')

/** Files and the kernel's own words: nothing here waits for a disk or a name server. */
const quick = `wm_has() { command -v "$1" >/dev/null 2>&1; }
wm_piece uname; uname -s; uname -r; uname -m; uname -n
wm_piece id; id -u; id -un
wm_piece osRelease; cat /etc/os-release 2>/dev/null || cat /usr/lib/os-release
wm_piece init
if [ -d /run/systemd/system ]; then echo systemd
elif [ -d /run/openrc ] || [ -x /sbin/openrc-run ]; then echo openrc
else
  case $(readlink /proc/1/exe 2>/dev/null || tr '\\000' '\\n' </proc/1/cmdline 2>/dev/null | sed -n 1p) in
  *runit*) echo runit ;;
  *s6-*) echo s6 ;;
  *busybox*) echo busybox ;;
  *) if [ -f /etc/inittab ]; then if [ -h /sbin/init ]; then echo busybox; else echo sysvinit; fi
     elif [ -f /etc/rc.subr ]; then echo bsd; fi ;;
  esac
fi
wm_piece loadavg; cat /proc/loadavg 2>/dev/null || sysctl -n vm.loadavg
wm_piece btime; sed -n '/^btime /p' /proc/stat 2>/dev/null || sysctl -n kern.boottime
wm_piece processors; getconf _NPROCESSORS_ONLN 2>/dev/null || nproc
wm_piece meminfo; cat /proc/meminfo
wm_piece timeZone
wm_zone=$(readlink /etc/localtime) && case $wm_zone in */zoneinfo/*) printf '%s\\n' "\${wm_zone##*/zoneinfo/}" ;; esac
[ -n "$wm_zone" ] || sed -n 1p /etc/timezone 2>/dev/null
wm_piece utcOffset; date +%z
if wm_has ip; then wm_piece ip; ip -o addr show; else wm_piece ifconfig; ifconfig -a; fi
wm_piece virtualization
if wm_has systemd-detect-virt; then systemd-detect-virt
elif [ -f /.dockerenv ]; then echo docker
elif [ -f /run/.containerenv ]; then echo podman
elif grep -q 'User Mode Linux' /proc/cpuinfo 2>/dev/null; then echo uml
elif [ -r /sys/class/dmi/id/sys_vendor ]; then
  case $(cat /sys/class/dmi/id/sys_vendor /sys/class/dmi/id/product_name) in
  *QEMU*|*KVM*) echo kvm ;; *VMware*) echo vmware ;; *VirtualBox*) echo oracle ;; *Xen*) echo xen ;;
  *Microsoft*Virtual*) echo microsoft ;; *Amazon*) echo amazon ;; *) echo none ;;
  esac
fi
wm_piece packageManager
for wm_p in apt-get:apt dnf:dnf yum:yum zypper:zypper pacman:pacman apk:apk opkg:opkg emerge:emerge pkg:pkg; do
  if wm_has "\${wm_p%:*}"; then echo "\${wm_p#*:}"; break; fi
done
wm_piece programs
for wm_p in ${programs}; do command -v "$wm_p"; done
wm_piece shells
sed -n '/^\\//p' /etc/shells 2>/dev/null
wm_piece superservers
if wm_has xinetd; then echo xinetd; fi
if [ -e /var/lib/dpkg/info/openbsd-inetd.list ]; then echo openbsd-inetd
elif wm_has inetutils-inetd; then echo inetutils-inetd
elif wm_p=$(command -v inetd); then
  case $(readlink -f "$wm_p") in *busybox*) echo busybox-inetd ;; *) echo inetd ;; esac
fi
wm_piece running
# NAME PIDFILE…: the pidfile's process lives, and is what the name says.
wm_lives() {
  wm_name=$1
  shift
  for wm_f do
    [ -r "$wm_f" ] || continue
    IFS= read -r wm_pid <"$wm_f" || [ -n "$wm_pid" ] || continue
    case $wm_pid in ''|*[!0-9]*) continue ;; esac
    if [ -r "/proc/$wm_pid/cmdline" ]; then wm_arg=$(tr '\\000' '\\n' <"/proc/$wm_pid/cmdline" | sed -n 1p)
    else wm_arg=$(ps -p "$wm_pid" -o comm=)
    fi
    case \${wm_arg##*/} in *"$wm_name"*) echo "$wm_name"; return ;; esac
  done
}
wm_lives xinetd /run/xinetd.pid /var/run/xinetd.pid
wm_lives inetd /run/inetd.pid /var/run/inetd.pid /run/inetutils-inetd.pid
wm_lives keepalived /run/keepalived.pid /var/run/keepalived.pid /run/keepalived/keepalived.pid
if [ -e /proc/net/ip_vs ]; then wm_piece ipvs; fi
wm_piece managers
for wm_p in Puppet:/etc/puppetlabs/puppet/puppet.conf Puppet:/etc/puppet/puppet.conf Puppet:/opt/puppetlabs/bin/puppet \\
  Chef:/etc/chef/client.rb Chef:/opt/chef/bin/chef-client Chef:/etc/cinc/client.rb Salt:/etc/salt/minion CFEngine:/var/cfengine/bin/cf-agent \\
  cloud-init:/var/lib/cloud/instance Ansible:/etc/ansible/facts.d; do
  if [ -e "\${wm_p#*:}" ]; then echo "\${wm_p%%:*} \${wm_p#*:}"; fi
done
wm_p=$(grep -lis -e 'ansible managed' -e 'begin ansible managed block' /etc/*.conf /etc/ssh/sshd_config /etc/hosts /etc/sudoers.d/* \\
  /etc/xinetd.d/* /etc/keepalived/*.conf /etc/sysctl.d/* /etc/motd 2>/dev/null | sed -n 1p)
if [ -n "$wm_p" ]; then echo "Ansible $wm_p"; fi
:`

export const factsSections: readonly Section[] = [
  { name: 'facts', seconds: 8, body: quick },
  // A dead network mount can hold these two.
  { name: 'disk', seconds: 3, body: 'wm_piece disk; df -Pk /' },
  {
    name: 'users',
    seconds: 3,
    body: `wm_piece users
if command -v who >/dev/null; then who | wc -l; elif command -v loginctl >/dev/null; then loginctl --no-legend list-sessions | wc -l; fi`,
  },
]
