#!/bin/bash
# Lets the real xinetd run with sessions open, gives it another configuration and a HUP, and keeps its two dumps.
# reload.sh BASE CASES — inside `unshare --net --mount --pid --fork --kill-child`, so nothing of it is seen outside.
#   CASES/N/xinetd.conf, CASES/N/next.conf, CASES/N/ports (of 127.0.0.1, one session each), CASES/N/options
#   CASES/N/before and CASES/N/after, the dumps; CASES/N/end: alive or gone; CASES/N/log
set -eu
base=$1 cases=$2
mount --make-rprivate /
mount -t tmpfs tmpfs "$base/run"
mount --bind "$cases" "$base/mnt"
mount --rbind /dev "$base/dev"
ip link set lo up

# until_said FILE WORD PID: waits for the word in the file, at most 8 s, not longer than the process lives
until_said() {
  local tries=0
  while ! grep -q "$2" "$1" 2>/dev/null; do
    kill -0 "$3" 2>/dev/null || return 1
    tries=$((tries + 1))
    [ "$tries" -lt 800 ] || return 1
    sleep 0.01
  done
}

dump() {
  rm -f "$base/run/xinetd.dump"
  kill -USR1 "$1" && until_said "$base/run/xinetd.dump" 'END OF DUMP' "$1" && cp "$base/run/xinetd.dump" "$2"
}

for case in $(ls "$cases"); do
  here=$cases/$case
  rm -f "$base/run/pid"
  : > "$base/run/log"
  chroot "$base" /usr/sbin/xinetd $(cat "$here/options") -filelog /run/log -f "/mnt/$case/xinetd.conf" -pidfile /run/pid </dev/null >/dev/null 2>&1 &
  pid=$!
  if ! grep -q dontfork "$here/options"; then
    wait "$pid"
    pid=$$
  fi
  until_said "$base/run/log" 'Started working' "$pid"
  pid=$(cat "$base/run/pid")
  clients=
  for port in $(cat "$here/ports"); do
    (exec 3<>"/dev/tcp/127.0.0.1/$port"; echo hello >&3; read -r answer <&3; echo "$answer" > "$here/said.$port"; read -r more <&3 || :) &
    clients="$clients $!"
    tries=0
    while [ ! -s "$here/said.$port" ] && [ "$tries" -lt 300 ]; do tries=$((tries + 1)); sleep 0.01; done
  done
  dump "$pid" "$here/before"
  cp "$here/next.conf" "$here/xinetd.conf"
  kill -HUP "$pid"
  if until_said "$base/run/log" 'Reconfigured:' "$pid" && kill -0 "$pid" && sleep 0.05 && dump "$pid" "$here/after"; then
    echo alive > "$here/end"
  else
    echo gone > "$here/end"
  fi
  kill -KILL "$pid" $clients 2>/dev/null || :
  wait "$pid" $clients 2>/dev/null || :
  cp "$base/run/log" "$here/log"
done
