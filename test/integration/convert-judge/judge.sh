#!/bin/bash
# Lets a real inetd serve each case below CASES, asks it, and then a real xinetd with the converted files, in a network
# of their own.
# judge.sh BASE CASES — inside `unshare --net --mount --pid --fork --kill-child`, so nothing of it is seen outside.
#   CASES/allow, CASES/deny, CASES/tell.pl, CASES/ask.pl: of all
#   CASES/N/inetd.conf and CASES/N/daemon: what it serves, and the command
#   CASES/N/xinetd.conf: what takes over; CASES/N/asks: see ask.pl; CASES/N/rpcbind: there if it is to run
#   CASES/N/{before,after}.{sockets,said,rpc}, CASES/N/log are written
set -eu
base=$1 cases=$2
mount --make-rprivate /
mount -t proc proc /proc
mount --bind "$base" "$base"
mount -o remount,bind,ro "$base"
mount -t tmpfs tmpfs "$base/run"
mount -t tmpfs tmpfs "$base/tmp"
cp -a "$base/etc" "$base/tmp/etc"
mount --bind "$base/tmp/etc" "$base/etc"
mount -t proc proc "$base/proc"
mount --bind "$cases" "$base/mnt"
mount --rbind /dev "$base/dev"
cp "$cases/allow" "$base/etc/hosts.allow"
cp "$cases/deny" "$base/etc/hosts.deny"
# Nobody here would answer for names.
sed -i 's/^hosts:.*/hosts: files/' "$base/etc/nsswitch.conf"
ip link set lo up
# openbsd-inetd gives no answer to a datagram from 127/8 (dg_badinput()).
ip addr add 10.1.1.1/32 dev lo

# It waits for clients, or has spun for 0.5 s of its own time, as openbsd-inetd does over some files: in epoll_wait, epoll_pwait, select, pselect6, poll, ppoll, or rt_sigsuspend (x86-64).
until_waiting() { # PID
  local tries=0 call utime stime
  while :; do
    call=''
    read -r call _ < "/proc/$1/syscall" 2>/dev/null || :
    case $call in 232 | 281 | 23 | 270 | 7 | 271 | 130) return 0 ;; esac
    kill -0 "$1" 2>/dev/null || return 1
    tries=$((tries + 1))
    [ "$tries" -lt 6000 ] || return 1
    read -r _ _ _ _ _ _ _ _ _ _ _ _ _ utime stime _ < "/proc/$1/stat" 2>/dev/null || return 1
    [ "$((utime + stime))" -le 50 ] || return 1
    sleep 0.005
  done
}

until_said() { # FILE WORD PID
  local tries=0
  while ! grep -q "$2" "$1" 2>/dev/null; do
    kill -0 "$3" 2>/dev/null || return 1
    tries=$((tries + 1))
    [ "$tries" -lt 3000 ] || return 1
    sleep 0.01
  done
}

until_gone() { # PID
  local tries=0
  while [ -e "/proc/$1" ] && [ "$(cut -d' ' -f3 "/proc/$1/stat" 2>/dev/null)" != Z ]; do
    tries=$((tries + 1))
    [ "$tries" -lt 400 ] || return 1
    sleep 0.005
  done
}

look() { # CASE WHEN
  ss -lntuH > "$cases/$1/$2.sockets"
  : > "$cases/$1/$2.said"
  [ ! -s "$cases/$1/asks" ] || chroot "$base" perl /mnt/ask.pl "/mnt/$1/asks" > "$cases/$1/$2.said"
  [ ! -e "$cases/$1/rpcbind" ] || chroot "$base" rpcinfo -p 127.0.0.1 > "$cases/$1/$2.rpc"
}

# inetd takes what it registered back from rpcbind when it is asked to end; xinetd cannot register it otherwise.
end() { # PID
  kill -TERM "$1" 2>/dev/null || :
  until_gone "$1" || kill -KILL "$1" 2>/dev/null || :
  wait "$1" 2>/dev/null || :
}

rpcbind=
for case in $(ls "$cases"); do
  here=$cases/$case
  [ -d "$here" ] || continue
  if [ -e "$here/rpcbind" ]; then
    mkdir -p "$base/run/rpcbind"
    chroot "$base" /usr/sbin/rpcbind -f &
    rpcbind=$!
    tries=0
    until chroot "$base" rpcinfo -p 127.0.0.1 >/dev/null 2>&1 || [ "$tries" -ge 500 ]; do
      tries=$((tries + 1))
      sleep 0.02
    done
  fi
  cp "$here/inetd.conf" "$base/etc/inetd.conf"
  chroot "$base" $(cat "$here/daemon") </dev/null >/dev/null 2>"$here/log" &
  pid=$!
  until_waiting "$pid" || :
  look "$case" before
  end "$pid"

  : > "$base/run/log"
  chroot "$base" /usr/sbin/xinetd -dontfork -stayalive -filelog /run/log -f "/mnt/$case/xinetd.conf" -pidfile /run/pid </dev/null >/dev/null 2>&1 &
  pid=$!
  until_said "$base/run/log" 'Started working' "$pid" || :
  look "$case" after
  end "$pid"
  cat "$base/run/log" >> "$here/log"
  if [ -n "$rpcbind" ]; then
    end "$rpcbind"
    rpcbind=
  fi
done
