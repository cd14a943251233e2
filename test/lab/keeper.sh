#!/bin/sh
# Takes down what a lab made, by its registry and by nothing else.
#   keeper.sh keep FOLDER OWNER START
#                           locks FOLDER.lock (exits with 75 if somebody has it), sweeps what a crashed lab left in
#                           FOLDER, says "ready", waits until its stdin ends (the lab was closed, or its process died
#                           however suddenly), sweeps again
#   keeper.sh sweep FOLDER  takes down one host
#   keeper.sh crash FOLDER  ends the processes of one host, and leaves all else as it is
# A registry is a file `made` of lines: process PID START | cgroup PATH | mount PATH | netns NAME | link NAME |
# tree PATH | slot PATH. A lab has one of its own and one for each host, in hosts/NAME/made. What could not be taken
# down is named on stdout, "left: …".
# START is the process's start time (field 22 of /proc/PID/stat, proc(5)): a number that was given to another
# process since then is left alone.
set -u
export PATH=/usr/sbin:/usr/bin:/sbin:/bin LC_ALL=C

is_alive() { # PID START
  stat=$(cat "/proc/$1/stat" 2>/dev/null) || return 1
  wanted=$2
  set -- ${stat##*) }
  [ "$1" != Z ] || return 1
  shift 19
  [ "$1" = "$wanted" ]
}

of_kind() { grep "^$2 " "$1" | cut -d' ' -f2- | tac; }

members() { find "$1" -path "$1/$2" -name cgroup.procs -exec cat {} + 2>/dev/null; }

end_members() { # CGROUP PATTERN EXCEPT TRIES
  try=0
  while [ "$try" -lt "$4" ]; do
    pids=$(members "$1" "$2" | grep -vxF "$3")
    [ -n "$pids" ] || return 0
    kill -9 $pids 2>/dev/null
    sleep 0.02
    try=$((try + 1))
  done
}

# From the inside out, so that each process is reaped by its parent and takes its own things away: the guest's
# processes, then systemd-nspawn or linux.uml, then what we launched.
end_processes() { # REGISTRY
  made=$1
  launched=$(of_kind "$made" process | while read -r pid start; do ! is_alive "$pid" "$start" || echo "$pid"; done)
  [ -z "$launched" ] || kill -TERM $launched 2>/dev/null
  groups=$(of_kind "$made" cgroup | while read -r group; do [ ! -d "$group" ] || echo "$group"; done)
  for group in $groups; do
    [ -d "$group/payload" ] || continue
    end_members "$group" 'payload/*' "${launched:-none}" 50
    try=0
    while [ -n "$(members "$group" '*' | grep -vxF "${launched:-none}")" ] && [ "$try" -lt 50 ]; do
      sleep 0.02
      try=$((try + 1))
    done
  done
  for group in $groups; do end_members "$group" '*' "${launched:-none}" 100; done
  of_kind "$made" process | while read -r pid start; do
    try=0
    while is_alive "$pid" "$start"; do
      [ "$try" -lt 50 ] || kill -9 "$pid" 2>/dev/null
      [ "$try" -lt 250 ] || { echo "left: process $pid"; break; }
      sleep 0.02
      try=$((try + 1))
    done
  done
  for group in $groups; do end_members "$group" '*' none 100; done
}

sweep_one() { # FOLDER
  made=$1/made
  [ -f "$made" ] || return 0
  # Marked before it is read; launch.sh writes before it looks for the mark: so none can slip through.
  : > "$1/closing"
  end_processes "$made"
  of_kind "$made" cgroup | while read -r group; do
    [ -d "$group" ] || continue
    find "$group" -depth -type d -exec rmdir {} + 2>/dev/null
    [ ! -d "$group" ] || echo "left: cgroup $group"
  done
  of_kind "$made" link | while read -r name; do
    [ ! -e "/sys/class/net/$name" ] || ip link del "$name" || echo "left: link $name"
  done
  of_kind "$made" netns | while read -r name; do
    [ ! -e "/run/netns/$name" ] || ip netns del "$name" || echo "left: network namespace $name"
  done
  of_kind "$made" mount | while read -r path; do
    grep -q " $path " /proc/mounts || continue
    umount "$path" 2>/dev/null || umount -l "$path" || echo "left: mount $path"
  done
  of_kind "$made" tree | while read -r path; do
    if grep -q " $path/" /proc/mounts; then echo "left: $path, something is mounted below"; continue; fi
    rm -rf --one-file-system "$path" || echo "left: $path"
  done
  of_kind "$made" slot | while read -r path; do rm -f "$path"; done
  rm -f "$made"
}

# The machine's own limit comes back when the last lab closes, unless somebody else has changed it since.
restore_inotify() {
  before=$root/inotify-before
  [ -f "$before" ] || return 0
  [ -z "$(ls -A "$root/slots" 2>/dev/null)" ] || return 0
  read -r value ours < "$before"
  limit=/proc/sys/fs/inotify/max_user_instances
  [ "$(cat "$limit")" != "$ours" ] || echo "$value" > "$limit"
  rm -f "$before"
}

sweep() {
  for host in "$folder"/hosts/*/; do
    [ -d "$host" ] || continue
    sweep_one "${host%/}" &
  done
  wait
  sweep_one "$folder"
  rm -rf --one-file-system "$folder"
  exec 8< "$root"
  flock 8
  restore_inotify
  exec 8<&-
}

# A lock file that was removed while we waited for it protects nothing: then the name is locked anew.
lock() {
  while :; do
    mkdir -p "$root"
    exec 9>> "$folder.lock" || continue
    flock --nonblock 9 || exit 75
    [ "$(stat -Lc %i /proc/$$/fd/9)" = "$(stat -c %i "$folder.lock" 2>/dev/null)" ] && return
  done
}

folder=$2
root=${folder%/*}
case $1 in
  keep)
    # Ctrl+C goes to the whole terminal; the lab decides when to close.
    trap '' INT TERM HUP
    lock
    echo "$3 $4" > "$folder.lock"
    sweep
    echo ready
    # "close" is the end in good order. Without it the lab's process died, and what it was just running has a moment
    # to finish making what the registry already names.
    read -r order || sleep 0.3
    sweep
    rm -f "$folder.lock"
    rmdir "$root/slots" "$root" 2>/dev/null
    exit 0
    ;;
  sweep)
    sweep_one "$folder"
    rm -rf --one-file-system "$folder"
    ;;
  crash) end_processes "$folder/made" ;;
esac
