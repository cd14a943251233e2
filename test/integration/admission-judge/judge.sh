#!/bin/sh
# Runs the real xinetd with many services, and connects to them from many addresses.
# judge.sh BASE FOLDER — inside `unshare --net --mount --pid --fork --kill-child`, so nothing of it is seen outside.
#   FOLDER is seen as /mnt: xinetd.conf, hosts, nsswitch.conf, hosts.allow, hosts.deny, loadavg, addresses, plan.json
#   FOLDER/results.json, FOLDER/log and FOLDER/services.log are written
set -eu
base=$1 folder=$2
here=$(dirname "$0")
mount --make-rprivate /
mount --bind "$base" "$base"
mount -o remount,bind,ro "$base"
mount -t tmpfs tmpfs "$base/run"
mount -t tmpfs tmpfs "$base/proc"
mount --bind "$folder" "$base/mnt"
mount --rbind /dev "$base/dev"
for file in hosts nsswitch.conf hosts.allow hosts.deny; do mount --bind "$folder/$file" "$base/etc/$file"; done
# The load that the daemon finds.
cp "$folder/loadavg" "$base/proc/loadavg"
cp "$here/connect.py" "$here/wait-server.py" "$base/run/"
chmod +x "$base/run/wait-server.py"
ip link set lo up
while read -r address; do
  case $address in
    *:*) ip -6 address add "$address/128" dev lo nodad ;;
    *) ip address add "$address/32" dev lo ;;
  esac
done < "$folder/addresses"

TZ=UTC chroot "$base" /usr/sbin/xinetd -dontfork -stayalive -filelog /run/log -f /mnt/xinetd.conf -pidfile /run/pid </dev/null >/dev/null 2>&1 &
pid=$!
tries=0
while ! grep -q 'Started working' "$base/run/log" 2>/dev/null; do
  kill -0 "$pid"
  tries=$((tries + 1))
  [ "$tries" -lt 3000 ]
  sleep 0.01
done
status=0
chroot "$base" /usr/bin/python3 /run/connect.py || status=$?
kill -KILL "$pid"
wait "$pid" 2>/dev/null || :
cp "$base/run/log" "$folder/log"
cp "$base/run/services.log" "$folder/services.log"
exit "$status"
