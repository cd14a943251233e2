#!/bin/bash
# linux-again.sh ARGS…: becomes linux.uml with itself as argv[0]. When the guest reboots, linux.uml executes argv[0]
# anew and leaves it all its open files, among them its tap devices, which then are busy. So they are closed here.
{
  for file in /proc/$$/fd/*; do
    number=${file##*/}
    [ "$number" -le 2 ] || eval "exec $number>&-"
  done
  exec -a "$0" linux.uml "$@"
}
