#!/bin/sh
# Runs the real xinetd on each configuration below CASES, in a root of its own, and keeps what it says of itself.
# judge.sh BASE CASES — inside `unshare --net --mount --pid --fork --kill-child`, so nothing of it is seen outside.
#   CASES/N/xinetd.conf is seen as /mnt/N/xinetd.conf
#   CASES/N/dump, CASES/N/log, CASES/N/end are written; end: alive, or the exit status
set -eu
base=$1 cases=$2
mount --make-rprivate /
mount -t tmpfs tmpfs "$base/run"
mount --bind "$cases" "$base/mnt"
mount --rbind /dev "$base/dev"
ip link set lo up

# until FILE WORD PID: waits for the word in the file, at most 30 s, not longer than the process lives
until_said() {
  tries=0
  while ! grep -q "$2" "$1" 2>/dev/null; do
    kill -0 "$3" 2>/dev/null || return 1
    tries=$((tries + 1))
    [ "$tries" -lt 3000 ] || return 1
    sleep 0.01
  done
}

for case in $(ls "$cases"); do
  rm -f "$base/run/xinetd.dump" "$base/run/log" "$base/run/pid"
  : > "$base/run/log"
  chroot "$base" /usr/sbin/xinetd -dontfork -stayalive -filelog /run/log -f "/mnt/$case/xinetd.conf" -pidfile /run/pid </dev/null >/dev/null 2>&1 &
  pid=$!
  if until_said "$base/run/log" 'Started working' "$pid" && kill -USR1 "$pid" && until_said "$base/run/xinetd.dump" 'END OF DUMP' "$pid"; then
    echo alive > "$cases/$case/end"
    cp "$base/run/xinetd.dump" "$cases/$case/dump"
    kill -KILL "$pid"
    wait "$pid" || :
  else
    status=0
    kill -KILL "$pid" 2>/dev/null || :
    wait "$pid" || status=$?
    echo "$status" > "$cases/$case/end"
  fi
  cp "$base/run/log" "$cases/$case/log"
done
