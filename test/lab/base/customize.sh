#!/bin/sh
# Run by mmdebstrap on the finished file system, outside of it: customize.sh ROOT KEYS
# ROOT is the base, KEYS the folder with the lab's SSH keys. Accounts are documented in accounts.ts.
set -eu
root=$1 keys=$2 here=$(dirname "$0")

# --- packages that apt would not put beside the others -------------------------------------------------
# fish depends on man-db, which takes long to set up and has nothing to index here: unpacked without it.
# Other inetds conflict with xinetd: they wait in /opt for hosts that are to run them, and judge what we read.
unpack=$root/var/cache/lab-unpack
mkdir -p "$unpack"
( cd "$unpack" && APT_CONFIG=$MMDEBSTRAP_APT_CONFIG apt-get -qq -o APT::Sandbox::User=root download fish fish-common openbsd-inetd inetutils-inetd )
for deb in "$unpack"/fish*.deb; do chroot "$root" dpkg -x "/var/cache/lab-unpack/${deb##*/}" /; done
for inetd in openbsd-inetd inetutils-inetd; do
  for deb in "$unpack/$inetd"_*.deb; do chroot "$root" dpkg -x "/var/cache/lab-unpack/${deb##*/}" "/opt/$inetd"; done
done
rm -rf "$unpack"
chroot "$root" fish --no-config -c 'exit 0'
grep -qx /usr/bin/fish "$root/etc/shells" || echo /usr/bin/fish >> "$root/etc/shells"

# What the hosts run of xinetd waits as a package too, for hosts on which it is to be installed: as a repository on the
# host's own disk, with the one index that apt needs (deb [trusted=yes] file:/opt/packages ./).
packages=$root/opt/packages
mkdir -p "$packages"
( cd "$packages" && APT_CONFIG=$MMDEBSTRAP_APT_CONFIG apt-get -qq -o APT::Sandbox::User=root download xinetd )
for deb in "$packages"/*.deb; do
  dpkg-deb -f "$deb"
  printf 'Filename: ./%s\nSize: %s\nSHA256: %s\n\n' "${deb##*/}" "$(wc -c <"$deb")" "$(sha256sum <"$deb" | cut -d' ' -f1)"
done >"$packages/Packages"
chmod 755 "$packages"

# --- accounts --------------------------------------------------------------------------------------------
account() { # NAME SHELL PASSWORD
  chroot "$root" useradd -m -N -g users -s "$2" "$1"
  printf '%s:%s\n' "$1" "$3" | chroot "$root" chpasswd
}
account admin /bin/bash admin
account pat /bin/bash pat-password
account odd /bin/bash "pä'ss \"w\" \\ \$HOME 密码"
account tick /bin/bash tick-password
account tty /bin/bash tty-password
account limited /bin/bash limited-password
account doas /bin/bash doas-password
account doasfree /bin/sh doasfree-password
account plain /bin/bash plain-password
account csh /bin/tcsh csh-password
account fish /usr/bin/fish fish-password
account noisy /bin/bash noisy-password
account otp /bin/bash otp-password
account both /bin/bash both-password
account desk /bin/bash desk-password
printf 'root:root-password\n' | chroot "$root" chpasswd

cat > "$root/etc/sudoers.d/lab" <<'X'
Defaults:tick timestamp_type=global
Defaults:tty requiretty
admin ALL=(ALL:ALL) NOPASSWD: ALL
pat ALL=(ALL:ALL) ALL
odd ALL=(ALL:ALL) ALL
tick ALL=(ALL:ALL) ALL
tty ALL=(ALL:ALL) ALL
limited ALL=(root) NOPASSWD: /usr/bin/systemctl reload xinetd, /usr/sbin/ipvsadm -Ln
csh ALL=(ALL:ALL) NOPASSWD: ALL
fish ALL=(ALL:ALL) NOPASSWD: ALL
noisy ALL=(ALL:ALL) NOPASSWD: ALL
X
chmod 440 "$root/etc/sudoers.d/lab"
chroot "$root" visudo -qcf /etc/sudoers.d/lab
printf 'permit doas as root\npermit nopass doasfree as root\n' > "$root/etc/doas.conf"
chmod 600 "$root/etc/doas.conf"

# Rc files as real ones that print to whoever starts a shell, also for commands that sshd runs.
cat > "$root/home/noisy/.bashrc" <<'X'
echo "Welcome to $(hostname)! Remember: maintenance on Sunday."
echo "noisy: warning: TMOUT is not set" >&2
seq 1 40 | sed 's/^/motd line /'
clear 2>/dev/null || true
stty erase '^H' 2>&1
alias ls='ls --color=always'
alias cat='cat -n'
export BASH_ENV=$HOME/.bash_env GREP_OPTIONS=
cd /tmp
X
echo 'echo "bash_env was here"; echo "bash_env on stderr" >&2' > "$root/home/noisy/.bash_env"
cp "$root/home/noisy/.bashrc" "$root/home/noisy/.bash_profile"

# A second prompt after the password, as a site with tokens has: RFC 6238, six digits, 30 s.
printf 'HOTP/T30/6 otp - 3132333435363738393031323334353637383930\n' > "$root/etc/users.oath"
chmod 600 "$root/etc/users.oath"
cp -p "$root/etc/users.oath" "$root/etc/users.oath.unused"
{
  sed '/^@include common-auth/q' "$root/etc/pam.d/sshd"
  echo 'auth [success=2 default=ignore] pam_succeed_if.so quiet user != otp'
  # A real site refuses a code that was used; tests sign in more often than every 30 s.
  echo 'auth optional pam_exec.so quiet /bin/cp /etc/users.oath.unused /etc/users.oath'
  echo 'auth required pam_oath.so usersfile=/etc/users.oath window=5 digits=6'
  sed '1,/^@include common-auth/d' "$root/etc/pam.d/sshd"
} > "$root/etc/pam.d/sshd.new"
mv "$root/etc/pam.d/sshd.new" "$root/etc/pam.d/sshd"

# Desktops: twm needs RandomPlacement, or it waits for a click to place each window; and it finds its fonts in the
# C locale alone.
install -d -m 700 "$root/home/desk/.vnc"
printf 'desk-vnc' | chroot "$root" tigervncpasswd -f > "$root/home/desk/.vnc/passwd"
chmod 600 "$root/home/desk/.vnc/passwd"
printf '#!/bin/sh\nxsetroot -solid "#2b5b84"\nxterm -geometry 80x24+40+40 &\nLC_ALL=C exec twm\n' > "$root/home/desk/.vnc/xstartup"
chmod 755 "$root/home/desk/.vnc/xstartup"
echo RandomPlacement > "$root/home/desk/.twmrc"

for home in "$root/root" "$root"/home/*; do
  install -d -m 700 "$home/.ssh"
  cat "$keys"/*.pub > "$home/.ssh/authorized_keys"
  chmod 600 "$home/.ssh/authorized_keys"
done
for home in "$root"/home/*; do
  name=${home##*/}
  chroot "$root" chown -R "$name:users" "/home/$name"
done

# --- the system --------------------------------------------------------------------------------------------
printf '%s\n' en_US.UTF-8 zh_CN.UTF-8 | while read -r locale; do
  chroot "$root" localedef -i "${locale%.*}" -f "${locale#*.}" "$locale"
done
chroot "$root" localedef -i zh_CN -f GBK zh_CN.GBK
ln -sf /usr/share/zoneinfo/Etc/UTC "$root/etc/localtime"
: > "$root/etc/machine-id"
rm -f "$root/etc/resolv.conf" "$root"/etc/ssh/ssh_host_*
cat > "$root/etc/ssh/sshd_config.d/50-lab.conf" <<'X'
UseDNS no
PermitRootLogin yes
MaxStartups 100
KbdInteractiveAuthentication yes
X
cat > "$root/etc/ssh/sshd_config.d/60-accounts.conf" <<'X'
Match User otp
  PasswordAuthentication no
Match User both
  AuthenticationMethods publickey,password
X
chroot "$root" ssh-keygen -q -t ed25519 -N '' -f /tmp/host_key
chroot "$root" sh -c 'mkdir -p /run/sshd && sshd -t -h /tmp/host_key'
rm -rf "$root"/tmp/host_key* "$root/run/sshd"

chroot "$root" systemctl -q disable nfs-server nfs-kernel-server keepalived ipvsadm rpcbind.service rpcbind.socket xinetd 2>/dev/null || true
rm -f "$root"/etc/rc[2345].d/S*xinetd "$root"/etc/rc[2345].d/S*ipvsadm
# Each of these waits for, or complains about, something that a container has not.
chroot "$root" systemctl -q mask run-rpc_pipefs.mount nfs-client.target console-getty.service e2scrub_reap.service \
  e2scrub_all.timer systemd-timesyncd.service apt-daily.timer apt-daily-upgrade.timer dpkg-db-backup.timer fstrim.timer 2>/dev/null || true

install -D -m 644 "$here/real-server@.service" "$root/etc/systemd/system/real-server@.service"
install -D -m 755 "$here/labinit" "$root/usr/sbin/labinit"
install -d "$root/srv/www" "$root/lib/modules"
install -D -m 755 "$here/labnet" "$root/usr/sbin/labnet"
install -D -m 644 "$here/labnet.service" "$root/etc/systemd/system/labnet.service"
chroot "$root" systemctl -q enable labnet.service
