#!/bin/sh
# boot-again.sh PROGRAM ARGS…: runs PROGRAM, and again as long as it exits with 133, which is how systemd-nspawn
# says that the guest asked for a reboot.
trap 'ending=1' TERM
while [ -z "${ending:-}" ]; do
  "$@"
  code=$?
  [ "$code" = 133 ] || exit "$code"
done
