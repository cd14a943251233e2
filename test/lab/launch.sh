#!/bin/sh
# launch.sh REGISTRY CGROUPS PROGRAM ARGS…: becomes PROGRAM, after it has written itself into the registry and
# into each cgroup of CGROUPS (folders joined by ':'; none if empty). Because the process does so itself, before
# PROGRAM starts, there is no moment at which a crash of the lab could leave PROGRAM running and unknown.
set -eu
registry=$1 cgroups=$2
shift 2
started() { stat=$(cat "/proc/$1/stat"); set -- ${stat##*) }; shift 19; echo "$1"; }
echo "process $$ $(started $$)" >> "$registry"
[ ! -e "${registry%/*}/closing" ] || exit 1
rest=$cgroups:
while [ -n "${rest%%:*}" ]; do
  echo $$ > "${rest%%:*}/cgroup.procs"
  rest=${rest#*:}
done
exec "$@"
