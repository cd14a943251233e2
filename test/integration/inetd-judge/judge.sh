#!/bin/sh
# Runs a real inetd on each configuration below CASES, in a root of its own, and keeps what it says of itself.
# judge.sh BASE CASES PROGRAM [ARGUMENT…] — inside `unshare --net --mount --pid --fork --kill-child`, so nothing of it
# is seen outside. BASE is the lab's base, read-only here.
#   CASES/N/inetd.conf is seen as /mnt/N/inetd.conf, the last argument
#   CASES/N/log, CASES/N/sockets, CASES/N/end are written; end: alive, hangs, or the exit status
set -eu
base=$1 cases=$2
shift 2
mount --make-rprivate /
mount -t proc proc /proc
# A unix socket with a relative path would be made in the base, which other hosts stand on.
mount --bind "$base" "$base"
mount -o remount,bind,ro "$base"
mount -t tmpfs tmpfs "$base/run"
mount -t tmpfs tmpfs "$base/tmp"
mount --bind "$cases" "$base/mnt"
mount --rbind /dev "$base/dev"
ip link set lo up

# It has read its file when it waits for clients: in epoll_wait, epoll_pwait, select, pselect6, or rt_sigsuspend where it has no socket (x86-64).
# until_waiting PID: until it has spun for 0.2 s of its own time (proc(5): utime and stime, in hundredths), which a busy
# machine does not bring about; at most some 30 s, not longer than the process lives
until_waiting() {
  tries=0
  while :; do
    call=''
    read -r call _ < "/proc/$1/syscall" 2>/dev/null || :
    case $call in 232 | 281 | 23 | 270 | 130) return 0 ;; esac
    kill -0 "$1" 2>/dev/null || return 1
    tries=$((tries + 1))
    [ "$tries" -lt 3000 ] || return 1
    read -r _ _ _ _ _ _ _ _ _ _ _ _ _ utime stime _ < "/proc/$1/stat" 2>/dev/null || return 1
    [ "$((utime + stime))" -le 20 ] || return 1
    sleep 0.005
  done
}

for case in $(ls "$cases"); do
  chroot "$base" "$@" "/mnt/$case/inetd.conf" </dev/null >/dev/null 2>"$cases/$case/log" &
  pid=$!
  status=0
  if until_waiting "$pid"; then
    ss -lntuxH > "$cases/$case/sockets"
    echo alive > "$cases/$case/end"
    kill -KILL "$pid"
    wait "$pid" || :
  elif kill -0 "$pid" 2>/dev/null && [ "$(cut -d' ' -f3 "/proc/$pid/stat")" != Z ]; then
    ss -lntuxH > "$cases/$case/sockets"
    echo hangs > "$cases/$case/end"
    kill -KILL "$pid"
    wait "$pid" || :
  else
    wait "$pid" || status=$?
    echo "$status" > "$cases/$case/end"
  fi
done
