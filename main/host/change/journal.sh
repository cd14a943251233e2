# What a change does on its host, and how it is taken back there without anybody's help. A copy stands in the
# change's own folder of the journal as change.sh, behind the functions of its steps, and is run as
# `/bin/sh change.sh VERB`: file systems of journals may be mounted noexec.
#
# The folder's state is the name of one empty file, so that one rename(2) decides, and a crash leaves no doubt who
# has won:  open -> confirmed | takenBack.  `outcome` is written last; until then whoever comes finishes the work.
PATH=/usr/sbin:/usr/bin:/sbin:/bin:/usr/local/sbin:/usr/local/bin:/usr/xpg4/bin:/usr/pkg/sbin:/usr/pkg/bin
LC_ALL=C LANG=C
export PATH LC_ALL LANG
unset ENV BASH_ENV CDPATH TMOUT GREP_OPTIONS POSIXLY_CORRECT
umask 077
cd / || exit
wm_dir=${0%/*}
wm_id=${wm_dir##*/}
wm_home=${wm_dir%/*/*}
wm_verb=${1-}

# Framed for the app where it listens, one a line in the log where nobody does.
wm_piece() { if [ -n "${wm_n-}" ]; then printf '\n%s P %s\n' "$wm_n" "$1"; else printf '%s\n' "$1"; fi; }
# Where a change stands; the app shows it.
wm_point() { wm_piece "at $1"; }
wm_nap() { sleep 0.1 2>/dev/null || sleep 1; }

# --- processes -------------------------------------------------------------------------------------------------
# Slow hosts fork slowly: what the shell can do by itself is left to it.
# PID: sets wm_began, its start, and wm_leads, its process group. proc(5): field 3 is the state, 5 the group, 22 the
# start in ticks since boot; the name before them may hold blanks and ")". Fails when there is no such process.
wm_look() {
  if [ -r /proc/self/stat ]; then
    { IFS= read -r wm_line <"/proc/$1/stat"; } 2>/dev/null || return
    set -- ${wm_line##*") "}
    [ "$1" != Z ] || return
    wm_leads=$3
    shift 19
    wm_began=$1
  else
    wm_began=$(ps -o lstart= -p "$1" | tr -s ' ' _) && wm_leads=$(ps -o pgid= -p "$1" | tr -d ' ')
    [ -n "$wm_began" ]
  fi
}
if [ -r /proc/sys/kernel/random/boot_id ]; then IFS= read -r wm_boot </proc/sys/kernel/random/boot_id
else wm_boot=$(sysctl -n kern.boottime | tr -cd 0-9)
fi
# Seconds since boot: no clock that is set makes them jump.
wm_uptime() {
  if [ -r /proc/uptime ]; then IFS=' .' read -r wm_up wm_line </proc/uptime
  else wm_up=$(($(date +%s) - $(sysctl -n kern.boottime | sed 's/^{ sec = \([0-9]*\).*/\1/')))
  fi
}
wm_look $$
wm_self="$$ $wm_began $wm_boot"
wm_group=
[ "$wm_leads" != $$ ] || wm_group=group
# PID START BOOT: that very process lives. The number alone may by now be another's.
wm_alive() { [ "${3-}" = "$wm_boot" ] && wm_look "$1" && [ "$wm_began" = "$2" ]; }
wm_pairs() {
  if [ -r /proc/self/stat ]; then
    for wm_f in /proc/[0-9]*/stat; do
      { IFS= read -r wm_line <"$wm_f"; } 2>/dev/null || continue
      wm_f=${wm_f#/proc/}
      set -- ${wm_line##*") "}
      printf '%s %s\n' "${wm_f%/stat}" "$2"
    done
  else ps -A -o pid= -o ppid=
  fi
}
# PID: ends it with all that it started.
wm_reap() {
  wm_tree=" $1 "
  wm_all=$(wm_pairs)
  wm_more=1
  while [ -n "$wm_more" ]; do
    wm_more=
    set -- $wm_all
    while [ $# -ge 2 ]; do
      case $wm_tree in *" $1 "*) ;; *) case $wm_tree in *" $2 "*) wm_tree="$wm_tree$1 " wm_more=1 ;; esac ;; esac
      shift 2
    done
  done
  kill -9 $wm_tree 2>/dev/null
}

# FILE WORDS: makes the file say that we own it. 1: another owner lives, who is then in wm_owner; how old it is
# counts for nothing. 2: nothing can be written. One of those who find a dead owner follows him: the kernel takes the
# guard's lock from whoever dies.
wm_own() {
  wm_mine=$1.$$
  { printf '%s\n' "$wm_self $2" >"$wm_mine"; } 2>/dev/null || { rm -f -- "$wm_mine"; return 2; }
  while [ -e "$wm_mine" ]; do
    if ln -- "$wm_mine" "$1" 2>/dev/null; then break; fi
    wm_owner=
    { IFS= read -r wm_owner <"$1"; } 2>/dev/null
    if [ ! -e "$1" ]; then wm_nap; continue; fi
    if [ "$wm_owner" = "$wm_self $2" ]; then break; fi
    # Empty: a power cut came before its words were on the disk.
    if wm_alive $wm_owner; then rm -f -- "$wm_mine"; return 1; fi
    if command -v flock >/dev/null; then
      ( flock 9; wm_line=; IFS= read -r wm_line <"$1"; [ "$wm_line" != "$wm_owner" ] || mv -f -- "$wm_mine" "$1" ) 9>>"$1.guard" 2>/dev/null
    elif mkdir -- "$1.guarded" 2>/dev/null; then
      wm_line=
      IFS= read -r wm_line <"$1"
      [ "$wm_line" != "$wm_owner" ] || mv -f -- "$wm_mine" "$1"
      rmdir -- "$1.guarded"
    else
      wm_owner="guarded $1.guarded"
      rm -f -- "$wm_mine"
      return 1
    fi
  done
  rm -f -- "$wm_mine"
}

# --- files -----------------------------------------------------------------------------------------------------
if command -v sha256sum >/dev/null; then wm_digest() { sha256sum; }
elif command -v sha256 >/dev/null; then wm_digest() { sha256 -q; }
elif command -v openssl >/dev/null; then wm_digest() { openssl dgst -sha256 -r; }
elif command -v shasum >/dev/null; then wm_digest() { shasum -a 256; }
else wm_digest() { false; }
fi
# FILE: sets wm_sum; empty where there is none.
wm_sha() { wm_sum=; if [ -f "$1" ]; then wm_sum=$(wm_digest <"$1") wm_sum=${wm_sum%% *}; fi; }
wm_same() { wm_sha "$1"; [ "$wm_sum" = "$2" ]; }
wm_one_file() { [ -e "$2" ] && [ "$(ls -di -- "$1" | cut -d/ -f1)" = "$(ls -di -- "$2" | cut -d/ -f1)" ]; }
# On the disk, not on its way there. An older sync(1) takes no names, and syncs all there is.
wm_sync() { sync -- "$@" 2>/dev/null || sync; }
# All that a file is made of. A copy that loses its ACL is no copy.
wm_copy() {
  cp --preserve=all -- "$1" "$2" 2>/dev/null && return
  cp -p -- "$1" "$2" || return
  case $(ls -ldnL -- "$1") in ??????????+*) getfacl -p -- "$1" | setfacl --set-file=- -- "$2" ;; esac
}
# STEP PATH: wm_real, the file itself, and wm_tmp, a folder beside it that is this step's alone: a rename stays in one
# file system, and no daemon reads it there, since it is no regular file and its name has a dot.
wm_place() {
  wm_real=$2
  if [ -h "$2" ]; then wm_real=$(readlink -f -- "$2"; echo .) && wm_real=${wm_real%??} || return; fi
  wm_tmp=${wm_real%/*}/.wharfmaster-$wm_id-$1
}
# The same for a name that is to go, symbolic link or not.
wm_beside() { wm_real=$2 wm_tmp=${2%/*}/.wharfmaster-$wm_id-$1; }
# DIGEST: about to rename over wm_real, which must be those bytes. Words that somebody writes between this look and the
# rename would go with the file that was there: a second name holds it until it was looked at again (wm_was). What is
# written later still is written to a file without a name, as with every editor that saves by a rename.
wm_hold_it() {
  rm -f -- "$wm_tmp/gone" 2>/dev/null
  ln -- "$wm_real" "$wm_tmp/gone" 2>/dev/null
  wm_same "$wm_real" "$1" || { rm -f -- "$wm_tmp/gone"; return 1; }
}
# STEP DIGEST: what stood there was that to its end; else it stands there again. 2: it could not be put back.
wm_was() {
  if [ ! -e "$wm_tmp/gone" ] || wm_same "$wm_tmp/gone" "$2"; then rm -f -- "$wm_tmp/gone"; return; fi
  # rename(2) leaves both names where they are the same file's already.
  if wm_one_file "$wm_tmp/gone" "$wm_real"; then rm -f -- "$wm_tmp/gone"
  else mv -f -- "$wm_tmp/gone" "$wm_real" && wm_sync "${wm_real%/*}/" || { wm_note "lost $1"; return 2; }
  fi
  return 1
}
wm_refuse() { wm_piece "$1"; wm_forget; exit 0; }
wm_cannot() { wm_refuse "cannot $1"; }

# --- checks: nothing is written where it is read ---------------------------------------------------------------
wm_differs() { wm_piece "conflict $1"; wm_read "$2"; wm_conflict=1; }
# STEP PATH DIGEST LINK
wm_expect() {
  wm_link=
  if [ -h "$2" ]; then wm_link=$(readlink -- "$2"; echo .) && wm_link=${wm_link%??}; fi
  if [ "$wm_link" = "$4" ] && wm_same "$2" "$3"; then wm_fixed "$1" "$2"; else wm_differs "$1" "$2"; fi
}
wm_expect_none() { if [ -e "$2" ] || [ -h "$2" ]; then wm_differs "$1" "$2"; fi; }
# chattr(1): a file with `i` or `a` can be neither renamed nor replaced, by root either.
wm_fixed() {
  wm_line=$(lsattr -d -- "$2" 2>/dev/null)
  case ${wm_line%% *} in *[ia]*) printf '%s is immutable (chattr)\n' "$2" >&2; wm_cannot "$1" ;; esac
}
# STEP FROM TO: a rename cannot leave its file system.
wm_one_fs() {
  [ "$(df -P -- "${2%/*}/" | sed -n '2s/ .*//p')" = "$(df -P -- "${3%/*}/" | sed -n '2s/ .*//p')" ] ||
    { printf '%s is on another file system than %s\n' "$3" "$2" >&2; wm_cannot "$1"; }
}

# --- journal and staging ---------------------------------------------------------------------------------------
# STEP PATH DIGEST: what it was, in the journal.
wm_keep() { wm_place "$1" "$2" && wm_copy "$wm_real" "$wm_dir/before/$1" && wm_same "$wm_dir/before/$1" "$3" || wm_cannot "$1"; }
# A symbolic link that goes is kept as the link it is.
wm_keep_name() {
  if [ -h "$2" ]; then cp -P -p -- "$2" "$wm_dir/before/$1" || wm_cannot "$1"; else wm_keep "$@"; fi
}
wm_room() { mkdir -m 700 -- "$wm_tmp"; }
# STEP PATH DIGEST: a copy of what stands there with the new bytes in it, and the old file itself under a second name,
# so that putting it back gives back all that it was.
wm_stage() {
  wm_place "$1" "$2" && wm_room || wm_cannot "$1"
  if [ -e "$wm_real" ]; then
    wm_copy "$wm_real" "$wm_tmp/after" || wm_cannot "$1"
    ln -- "$wm_real" "$wm_tmp/before" 2>/dev/null || wm_copy "$wm_real" "$wm_tmp/before" || wm_cannot "$1"
  fi
  cat "$wm_dir/after/$1" >"$wm_tmp/after" && "wm_metadata$1" "$wm_tmp/after" && wm_same "$wm_tmp/after" "$3" || wm_cannot "$1"
  wm_sync "$wm_tmp"/* "$wm_tmp" || wm_cannot "$1"
}
wm_stage_name() { wm_beside "$1" "$2" && wm_room || wm_cannot "$1"; }
# STEP PATH NAME PROGRAM: the host's own checker looks at a copy of that name, and opens nothing. Copies lie to each other
# as their targets do: a socket names the service beside it.
wm_lay_out() {
  command -v "$4" >/dev/null || return 0
  wm_place "$1" "$2" && mkdir -p -- "$wm_dir/rehearsal${2%/*}" && wm_copy "$wm_tmp/after" "$wm_dir/rehearsal${2%/*}/$3" || wm_cannot "$1"
}
wm_rehearse() {
  command -v "$4" >/dev/null || return 0
  wm_piece "output $1"
  wm_bounded 30 "wm_rehearsal$1" "$wm_dir/rehearsal${2%/*}/$3" </dev/null || wm_refuse "rehearsalFailed $1"
}

# --- commands --------------------------------------------------------------------------------------------------
# The number of this very shell, which in a subshell is not $$.
wm_me() {
  if [ -r /proc/self/stat ]; then IFS=' ' read -r wm_k wm_line </proc/self/stat; printf '%s\n' "$wm_k"
  else sh -c 'echo $PPID'
  fi
}
# SECONDS FUNCTION ARGUMENTS: at most so long, and 64 KiB of what it says. It runs in the foreground: what is
# started from a background list ignores SIGINT and SIGQUIT for ever (XCU 2.11). What it leaves running may go on
# writing; somebody reads it, or it would end by SIGPIPE.
wm_bounded() {
  # Names of our own: one that was killed has left his.
  wm_limit=$1 wm_pipe=$wm_dir/captured/$$.pipe wm_said=$wm_dir/captured/$$.said wm_late=$wm_dir/captured/$$.late
  shift
  mkfifo -- "$wm_pipe" || return
  ( head -c 65536; cat >/dev/null; printf x >"$wm_pipe.read" ) <"$wm_pipe" >"$wm_said" 2>/dev/null &
  ( trap 'kill $wm_k; exit' TERM; sleep "$wm_limit" & wm_k=$!; wait "$wm_k"; printf x >"$wm_late"; IFS= read -r wm_k <"$wm_pipe.pid" && wm_reap "$wm_k" ) </dev/null >/dev/null 2>&1 &
  wm_dog=$!
  ( wm_me >"$wm_pipe.pid"; "$@" ) >"$wm_pipe" 2>&1
  wm_code=$?
  if [ -e "$wm_late" ]; then wm_code=late; fi
  kill "$wm_dog" 2>/dev/null
  wm_i=0
  while [ ! -e "$wm_pipe.read" ] && [ "$wm_i" -lt 50 ]; do
    wm_i=$((wm_i + 1))
    sleep 0.02 2>/dev/null || { sleep 1; wm_i=50; }
  done
  if [ -s "$wm_said" ]; then cat "$wm_said"; fi
  rm -f -- "$wm_pipe" "$wm_pipe.read" "$wm_pipe.pid" "$wm_said" "$wm_late"
  [ "$wm_code" = 0 ]
}

# --- the steps -------------------------------------------------------------------------------------------------
wm_gate() { if [ ! -e "$wm_dir/open" ]; then wm_piece ended; exit 0; fi; }
wm_failed() { wm_piece "failed $1 ${2:-1}"; wm_back "failed"; exit 0; }
wm_changed() { wm_differs "$1" "$2"; wm_failed "$1" changed; }
# STEP PATH DIGEST: in one rename, if it is still what was checked.
wm_write() {
  wm_place "$1" "$2" && wm_hold_it "$3" || wm_changed "$1" "$2"
  mv -f -- "$wm_tmp/after" "$wm_real" && wm_sync "${wm_real%/*}/" || wm_failed "$1" $?
  wm_was "$1" "$3" || wm_changed "$1" "$2"
}
# A link never takes the place of another file, as a rename does.
wm_create() {
  wm_place "$1" "$2" && ln -- "$wm_tmp/after" "$wm_real" && rm -f -- "$wm_tmp/after" && wm_sync "${wm_real%/*}/" || wm_failed "$1" $?
}
wm_delete() {
  [ -h "$2" ] || wm_same "$2" "$3" || wm_changed "$1" "$2"
  wm_beside "$1" "$2" && mv -f -- "$2" "$wm_tmp/before" && wm_sync "${2%/*}/" "$wm_tmp" || wm_failed "$1" $?
  [ -h "$wm_tmp/before" ] || wm_same "$wm_tmp/before" "$3" || { ln -- "$wm_tmp/before" "$2"; wm_changed "$1" "$2"; }
}
wm_move() {
  if [ -h "$2" ]; then mv -- "$2" "$3"; else ln -- "$2" "$3" && rm -f -- "$2"; fi &&
    wm_sync "${2%/*}/" "${3%/*}/" || wm_failed "$1" $?
}
# STEP SECONDS: what was is on the disk before it is set.
wm_set() {
  ( "wm_capture$1" ) >"$wm_dir/captured/$1.new" </dev/null || wm_failed "$1" $?
  mv -- "$wm_dir/captured/$1.new" "$wm_dir/captured/$1" && wm_sync "$wm_dir/captured/$1" "$wm_dir/captured" || wm_failed "$1" $?
  wm_run "$1" "$2"
}
wm_run() {
  printf '' >"$wm_dir/captured/$1.set" || wm_failed "$1" $?
  wm_piece "output $1"
  wm_bounded "$2" "wm_do$1" </dev/null || wm_failed "$1" "$wm_code"
}

# --- taking back -----------------------------------------------------------------------------------------------
# A full disk takes no more words, but a file may still get another name.
wm_note() {
  wm_piece "$1"
  case $1 in lost*) wm_lost=1 ;; esac
  printf '%s\n' "$1" >>"$wm_dir/report" || mv -f -- "$wm_dir/spare" "$wm_dir/unreported"
} 2>/dev/null
wm_foreign() { wm_note "foreign $1"; wm_read "$2"; }
# STEP PATH BEFORE AFTER: into the place of the after-image, in one rename; where nothing is (no AFTER), by a link, which
# takes the place of no other file.
wm_put_back() {
  wm_old=$wm_tmp/before
  if ! wm_same "$wm_old" "$3"; then
    wm_old=$wm_tmp/again
    { [ -d "$wm_tmp" ] || wm_room; } && rm -f -- "$wm_old" && wm_copy "$wm_dir/before/$1" "$wm_old" &&
      wm_same "$wm_old" "$3" && wm_sync "$wm_old" || { wm_note "lost $1"; return; }
  fi
  if [ -z "${4-}" ]; then
    if ! ln -- "$wm_old" "$wm_real" 2>/dev/null; then
      if [ -e "$wm_real" ] || [ -h "$wm_real" ]; then wm_foreign "$1" "$2"; return; fi
      mv -f -- "$wm_old" "$wm_real" || { wm_note "lost $1"; return; }
    fi
  else
    wm_hold_it "$4" || { wm_foreign "$1" "$2"; return; }
    mv -f -- "$wm_old" "$wm_real" || { wm_note "lost $1"; return; }
    wm_was "$1" "$4"
    case $? in 0) ;; 1) wm_foreign "$1" "$2"; return ;; *) return ;; esac
  fi
  if [ "${wm_old##*/}" = again ] && command -v restorecon >/dev/null; then restorecon -- "$wm_real"; fi
  wm_sync "${wm_real%/*}/"
}
# STEP PATH BEFORE AFTER: it ended between a rename and the look behind it, and what went was not what was looked at.
wm_was_foreign() {
  if [ ! -e "$wm_tmp/gone" ] || wm_same "$wm_tmp/gone" "$3" || [ "$wm_sum" = "$4" ]; then return 1; fi
  wm_was "$1" "$3"
  [ $? = 2 ] || wm_foreign "$1" "$2"
}
# STEP PATH BEFORE AFTER
wm_unwrite() {
  wm_place "$1" "$2" || { wm_note "lost $1"; return; }
  if wm_was_foreign "$@"; then return; fi
  wm_sha "$wm_real"
  wm_now=$wm_sum
  if [ "$wm_now" = "$3" ]; then
    # The same bytes may be in the new file: then only its metadata was to change.
    if [ "$3" != "$4" ] || [ ! -e "$wm_tmp/before" ] || wm_one_file "$wm_real" "$wm_tmp/before"; then return; fi
  elif [ "$wm_now" != "$4" ]; then wm_foreign "$1" "$2"; return
  fi
  wm_put_back "$@"
}
# STEP PATH AFTER: away under another name, and looked at once more, before it is no more.
wm_uncreate() {
  wm_beside "$1" "$2"
  if [ -e "$2" ] || [ -h "$2" ]; then
    [ ! -h "$2" ] && wm_same "$2" "$3" || { wm_foreign "$1" "$2"; return; }
    { [ -d "$wm_tmp" ] || wm_room; } && mv -f -- "$wm_real" "$wm_tmp/gone" && wm_sync "${wm_real%/*}/" || { wm_note "lost $1"; return; }
  fi
  wm_was "$1" "$3"
  [ $? != 1 ] || wm_foreign "$1" "$2"
}
wm_undelete() {
  wm_beside "$1" "$2"
  if [ -e "$2" ] || [ -h "$2" ]; then
    if [ -h "$2" ] || wm_same "$2" "$3"; then return; fi
    wm_foreign "$1" "$2"
  elif [ -h "$wm_tmp/before" ] || [ -h "$wm_dir/before/$1" ]; then
    { mv -f -- "$wm_tmp/before" "$2" 2>/dev/null || cp -P -p -- "$wm_dir/before/$1" "$2"; } && wm_sync "${2%/*}/" || wm_note "lost $1"
  elif [ -e "$wm_tmp/before" ] && ! wm_same "$wm_tmp/before" "$3"; then
    # Somebody wrote to it while it went.
    ln -- "$wm_tmp/before" "$2" && wm_sync "${2%/*}/" || { wm_note "lost $1"; return; }
    wm_foreign "$1" "$2"
  else wm_put_back "$@"
  fi
}
# STEP FROM TO BEFORE
wm_unmove() {
  if [ -e "$2" ] || [ -h "$2" ]; then
    # Both names: it ended between the two.
    if [ ! -h "$2" ] && wm_one_file "$2" "$3"; then rm -f -- "$3"; fi
    return
  fi
  if [ -h "$3" ] || wm_same "$3" "$4"; then mv -f -- "$3" "$2" && wm_sync "${2%/*}/" "${3%/*}/" || wm_note "lost $1"
  else wm_foreign "$1" "$3"
  fi
}
# STEP SECONDS: what was never captured was never set, and what was set at run time is gone after a boot.
wm_unset() {
  if [ -n "$wm_rebooted" ] || [ ! -e "$wm_dir/captured/$1.set" ]; then return; fi
  wm_piece "output $1"
  wm_bounded "$2" "wm_restore$1" <"$wm_dir/captured/$1" || wm_note "failed $1 $wm_code"
}
# Daemons take up their files once all are back; at boot they have yet to start.
wm_restart() {
  if [ "$wm_verb" = boot ] || [ ! -e "$wm_dir/captured/$1.set" ]; then return; fi
  wm_piece "output $1"
  wm_bounded "$2" "wm_restore$1" </dev/null || wm_note "failed $1 $wm_code"
}
# STEP SECONDS: what daemons start by beside the files, before they do.
wm_at_boot() {
  if [ "$wm_verb" != boot ]; then return; fi
  wm_piece "output $1"
  wm_bounded "$2" "wm_boot$1" </dev/null || wm_note "failed $1 $wm_code"
}
# Killed, with its group, and waited for: a stopped one goes as well, and none of its writes comes later than ours.
wm_end_applier() {
  wm_pid= wm_their=
  { read -r wm_pid wm_start wm_their wm_leader <"$wm_dir/applier"; } 2>/dev/null
  if [ -z "$wm_pid" ] || [ "$wm_pid" = $$ ] || [ "$wm_their" != "$wm_boot" ]; then return; fi
  wm_i=0
  while wm_alive "$wm_pid" "$wm_start" "$wm_their" || { [ -n "$wm_leader" ] && kill -0 "-$wm_pid" 2>/dev/null; }; do
    if [ "$wm_i" -ge 100 ]; then wm_note "stuck $wm_pid"; return; fi
    if [ -n "$wm_leader" ]; then kill -9 "-$wm_pid" 2>/dev/null; fi
    if wm_alive "$wm_pid" "$wm_start" "$wm_their"; then wm_reap "$wm_pid"; fi
    wm_i=$((wm_i + 1))
    wm_nap
  done
}
wm_take_back() {
  wm_lost= wm_rebooted=
  printf '' >"$wm_dir/report"
  wm_end_applier
  if [ "$wm_verb" = boot ] || { [ -n "$wm_their" ] && [ "$wm_their" != "$wm_boot" ]; }; then wm_rebooted=1; fi
  wm_point ended
  wm_undo_files
  wm_point undone
  wm_undo_commands
  wm_point restored
}

# --- how it ends -----------------------------------------------------------------------------------------------
# PLACE STEP PATH: it is gone from the disk before the journal forgets it. What came back after a power cut would be
# nobody's, and a second link to a file that then nobody may replace.
wm_drop() {
  "$1" "$2" "$3" || return
  if [ -d "$wm_tmp" ]; then rm -rf -- "$wm_tmp" && wm_sync "${wm_tmp%/*}/" || wm_dirty=1; fi
}
wm_unit=wharfmaster-$wm_id.service
wm_units=/etc/systemd/system
wm_drop_unit() {
  [ -e "$wm_units/$wm_unit" ] || [ -h "$wm_units/sysinit.target.wants/$wm_unit" ] || return 0
  rm -f -- "$wm_units/sysinit.target.wants/$wm_unit" "$wm_units/$wm_unit"
  if [ -e "$wm_dir/wants" ]; then rmdir -- "$wm_units/sysinit.target.wants" 2>/dev/null; fi
  if [ -d "$wm_units/sysinit.target.wants" ]; then wm_sync "$wm_units/sysinit.target.wants" "$wm_units"; else wm_sync "$wm_units"; fi
}
wm_unlock() {
  { IFS= read -r wm_line <"$wm_home/lock"; } 2>/dev/null || return 0
  case $wm_line in *" $wm_id") rm -f -- "$wm_home/lock" ;; esac
}
# Before the switch is armed there is nothing to take back, and nothing stays.
# The folder goes at once, by its name: whoever is about to begin in it finds nothing to begin in.
wm_forget() {
  wm_drops
  wm_drop_unit
  if mv -f -- "$wm_dir" "$wm_home/gone.$wm_id"; then rm -rf -- "$wm_home/gone.$wm_id"; else rm -rf -- "$wm_dir"; fi
  wm_unlock
}
# Finishes what was decided, whoever decided it and however far he came. 1: another is at it. 2: something could not be
# put back or swept now; a file system that is full or read-only may be mended, and the watch tries again.
wm_settle() {
  if [ -e "$wm_dir/outcome" ]; then wm_unlock; return; fi
  if [ -e "$wm_dir/open" ]; then return; fi
  wm_own "$wm_dir/finisher" ''
  [ $? != 1 ] || return 1
  # He may have come to the end while we took over.
  if [ -e "$wm_dir/outcome" ]; then wm_unlock; return; fi
  wm_dirty=
  if [ ! -e "$wm_dir/confirmed" ]; then
    wm_take_back
    if [ -n "$wm_lost" ]; then rm -f -- "$wm_dir/finisher"; return 2; fi
  fi
  wm_drops
  wm_drop_unit || wm_dirty=1
  if [ -n "$wm_dirty" ]; then rm -f -- "$wm_dir/finisher"; return 2; fi
  rm -rf -- "$wm_dir/after" "$wm_dir/captured" "$wm_dir/rehearsal"
  wm_drop_secrets
  if [ -s "$wm_dir/report" ]; then wm_sync "$wm_dir/report"; fi
  mv -- "$wm_dir/reserve" "$wm_dir/outcome" || return 2
  wm_sync "$wm_dir"
  wm_verdict
  wm_say "$wm_word"
  wm_unlock
  wm_point settled
}
# One line in the host's own log.
wm_say() { if command -v logger >/dev/null; then logger -t wharfmaster -- "change $wm_id ($wm_title) by $wm_by: $1"; fi; }
wm_confirm() {
  if mv -- "$wm_dir/open" "$wm_dir/confirmed" 2>/dev/null; then wm_sync "$wm_dir"; fi
  wm_point confirmed
  wm_settled
}
# FOLDER: from then on it is settled, one way or the other.
wm_journaled() { [ -e "$1/open" ] || [ -e "$1/reserve" ] || [ -e "$1/outcome" ]; }
# CAUSE
wm_back() {
  # Not armed yet: nothing was written where it is read.
  if ! wm_journaled "$wm_dir"; then
    wm_end_applier
    if ! wm_journaled "$wm_dir"; then wm_forget; wm_piece 'state none'; return; fi
  fi
  if mv -- "$wm_dir/open" "$wm_dir/takenBack.$1" 2>/dev/null; then wm_sync "$wm_dir"; fi
  wm_point takenBack
  wm_settled
}
# Settles, or waits for who is at it, and says how it stands.
wm_settled() {
  wm_j=0
  while :; do
    wm_settle
    if [ $? != 1 ] || [ "$wm_j" -ge 300 ]; then break; fi
    wm_j=$((wm_j + 1))
    wm_nap
  done
  wm_status
}
# Asking ends nobody who is at work; what a dead one had only prepared is swept.
wm_ask() {
  if wm_journaled "$wm_dir"; then wm_settle; wm_status
  elif wm_beginning "$wm_dir"; then wm_piece "state open $wm_seconds"
  else wm_back heir
  fi
}
# Who has won: confirmed, or rolledBack CAUSE.
wm_verdict() {
  wm_word=confirmed
  if [ ! -e "$wm_dir/confirmed" ]; then set -- "$wm_dir"/takenBack.*; wm_word="rolledBack ${1##*.}"; fi
}
# Says `open SECONDS` (below 0: nobody takes it back by himself), `settled VERDICT` or `unsettled VERDICT`, and what was noted while it was taken back.
wm_status() {
  if [ -e "$wm_dir/open" ]; then
    wm_uptime
    wm_until=
    { IFS= read -r wm_until <"$wm_dir/deadline"; } 2>/dev/null
    wm_word="open $((${wm_until:-$wm_up} - wm_up))"
    # Who waited for the deadline ended with a login or a boot: nobody takes it back by himself.
    wm_line=
    { IFS= read -r wm_line <"$wm_dir/watcher"; } 2>/dev/null
    wm_alive $wm_line || wm_word='open -1'
  else
    wm_verdict
    if [ -e "$wm_dir/outcome" ]; then wm_word="settled $wm_word"; else wm_word="unsettled $wm_word"; fi
  fi
  if [ -e "$wm_dir/unreported" ]; then wm_piece 'report unreported'; fi
  if [ -s "$wm_dir/report" ]; then while IFS= read -r wm_line; do wm_piece "report $wm_line"; done <"$wm_dir/report"; fi
  wm_piece "state $wm_word"
}

# --- the dead man's switch -------------------------------------------------------------------------------------
wm_systemd() { [ -d /run/systemd/system ] && command -v "$1" >/dev/null; }
# Brings the files back if the host goes down before the change is confirmed: before any service starts.
wm_put_unit() {
  [ -n "$wm_has_files" ] && [ "$wm_uid" = 0 ] && wm_systemd systemctl || return 0
  if [ ! -d "$wm_units/sysinit.target.wants" ]; then printf '' >"$wm_dir/wants" && mkdir -p -m 755 -- "$wm_units/sysinit.target.wants" || return; fi
  printf '%s\n' "[Unit]
Description=Take back a change that Wharfmaster had not confirmed when this host went down
DefaultDependencies=no
RequiresMountsFor=$wm_dir
After=local-fs.target
Before=sysinit.target network-pre.target

[Service]
Type=oneshot
ExecStart=/bin/sh $wm_dir/change.sh boot" >"$wm_units/$wm_unit" || return
  chmod 644 "$wm_units/$wm_unit"
  ln -s "../$wm_unit" "$wm_units/sysinit.target.wants/$wm_unit" || return
  wm_sync "$wm_units/$wm_unit" "$wm_units/sysinit.target.wants" "$wm_units"
}
# A child of the login dies with it under KillUserProcesses=yes, with setsid too; a service does not.
wm_put_watch() {
  if [ "$wm_uid" = 0 ] && wm_systemd systemd-run; then
    systemd-run --quiet --collect --unit="wharfmaster-watch-$wm_id" /bin/sh "$wm_dir/change.sh" watch ||
      systemd-run --quiet --unit="wharfmaster-watch-$wm_id" /bin/sh "$wm_dir/change.sh" watch
  elif [ "$(loginctl show-user -p Linger -- "$wm_uid" 2>/dev/null)" = Linger=yes ] &&
    XDG_RUNTIME_DIR=/run/user/$wm_uid systemd-run --user --quiet --collect /bin/sh "$wm_dir/change.sh" watch 2>/dev/null; then :
  elif command -v setsid >/dev/null; then ( setsid /bin/sh "$wm_dir/change.sh" watch </dev/null >/dev/null 2>&1 & )
  else ( ( trap '' HUP; exec /bin/sh "$wm_dir/change.sh" watch ) </dev/null >/dev/null 2>&1 & )
  fi
}
wm_arm() {
  wm_uid=$(id -u)
  wm_uptime
  printf '%s\n' "$((wm_up + wm_seconds))" >"$wm_dir/deadline" && wm_put_unit && wm_put_watch || return
  wm_i=0
  until [ -s "$wm_dir/watcher" ]; do
    if [ "$wm_i" -ge 100 ]; then return 1; fi
    wm_i=$((wm_i + 1))
    sleep 0.05 2>/dev/null || sleep 1
  done
  # Who waits for the deadline lives as long as the change is open: the lock is his.
  IFS= read -r wm_line <"$wm_dir/watcher" && printf '%s\n' "$wm_line $wm_id" >"$wm_home/lock.$wm_id" && mv -f -- "$wm_home/lock.$wm_id" "$wm_home/lock"
}
# A redirection of exec that fails would end the shell.
wm_to_log() { if { printf '' >>"$wm_dir/log"; } 2>/dev/null; then exec </dev/null >>"$wm_dir/log" 2>&1; else exec </dev/null >/dev/null 2>&1; fi; }
wm_watch() {
  wm_to_log
  trap '' HUP
  printf '%s\n' "$wm_self" >"$wm_dir/watcher.new" && mv -- "$wm_dir/watcher.new" "$wm_dir/watcher" || exit
  while [ -e "$wm_dir/open" ]; do
    IFS= read -r wm_until <"$wm_dir/deadline"
    wm_uptime
    if [ "$wm_up" -ge "$wm_until" ]; then wm_back deadline; fi
    sleep 1
  done
  # An hour for somebody to mend the file system; then the next change of this host finds it undone, and tries.
  wm_uptime
  wm_until=$((wm_up + 3600))
  while [ -d "$wm_dir" ] && [ ! -e "$wm_dir/outcome" ] && [ "$wm_up" -lt "$wm_until" ]; do wm_settle; sleep 1; wm_uptime; done
  wm_prune
}
# The journal is bounded in number and in size: the newest 40, and of those what fits 64 MiB. Nobody waits for it.
wm_prune() {
  rm -rf -- "$wm_home"/gone.*
  wm_count=0
  wm_weigh
  for wm_other in $(ls -t "$wm_home/changes"); do
    wm_count=$((wm_count + 1))
    if [ "$wm_count" -gt 1 ] && [ -e "$wm_home/changes/$wm_other/outcome" ] &&
      { [ "$wm_count" -gt 40 ] || [ "$wm_weight" -gt 65536 ]; }; then
      rm -rf -- "$wm_home/changes/$wm_other"
      wm_weigh
    fi
  done
}
wm_weigh() { wm_weight=$(du -sk "$wm_home/changes") wm_weight=${wm_weight%%[!0-9]*}; }
# SECONDS: all hosts have it and all of them proved it; what is left is to say so everywhere.
wm_hold() {
  if [ -e "$wm_dir/open" ]; then
    wm_uptime
    printf '%s\n' "$((wm_up + $1))" >"$wm_dir/deadline.new" && mv -f -- "$wm_dir/deadline.new" "$wm_dir/deadline"
  fi
  wm_status
}

# --- before the first write ------------------------------------------------------------------------------------
# FOLDER: somebody still writes or prepares it. One that is being written is about to find the host busy.
wm_beginning() {
  wm_their=
  { IFS= read -r wm_their <"$1/applier"; } 2>/dev/null
  if [ -n "$wm_their" ]; then wm_alive $wm_their; return; fi
  # The name is the number: a file that is there may still be empty.
  for wm_writer in "$1"/writer.*; do ! kill -0 "${wm_writer##*.}" 2>/dev/null || return 0; done
  return 1
}
# With the lock in hand no other change runs: whatever is not settled was left by somebody who is dead.
wm_settle_others() {
  for wm_other in "$wm_home"/changes/*; do
    if [ "$wm_other" = "$wm_dir" ] || [ ! -d "$wm_other" ] || [ -e "$wm_other/outcome" ]; then continue; fi
    if wm_journaled "$wm_other"; then
      ( unset wm_n; /bin/sh "$wm_other/change.sh" rollback heir ) </dev/null >>"$wm_other/log" 2>&1
      wm_piece "recovered ${wm_other##*/}"
    # An empty one goes only as an empty one: its writer makes it again.
    elif ! rmdir -- "$wm_other" 2>/dev/null && ! wm_beginning "$wm_other"; then
      [ ! -f "$wm_other/change.sh" ] || /bin/sh "$wm_other/change.sh" discard >/dev/null 2>&1
      rm -rf -- "$wm_other"
    fi
  done
}
wm_prepare() {
  wm_own "$wm_home/lock" "$wm_id"
  case $? in
  0) ;;
  2) wm_piece noJournal; rm -rf -- "$wm_dir"; exit 0 ;;
  *) wm_piece "busy $wm_owner"; rm -rf -- "$wm_dir"; exit 0 ;;
  esac
  wm_point locked
  wm_settle_others
  echo x | wm_digest >/dev/null 2>&1 || wm_refuse noDigestTool
  wm_conflict=
  wm_checks
  if [ -n "$wm_conflict" ]; then wm_forget; exit 0; fi
  wm_point checked
  mkdir -- "$wm_dir/before" "$wm_dir/captured" || wm_refuse noJournal
  wm_keeps
  # On the disk before anything stands beside a target: whoever comes after a power cut sweeps by it.
  wm_sync "$wm_dir/change.sh" "$wm_dir/applier" "$wm_dir" "$wm_home/changes" "$wm_home" "${wm_home%/*}" || wm_refuse noJournal
  wm_point kept
  wm_stages
  wm_point staged
  wm_layouts
  wm_rehearsals
  wm_point rehearsed
  printf '' >"$wm_dir/spare" && printf '' >"$wm_dir/reserve" && printf '' >"$wm_dir/open" && wm_sync "$wm_dir"/before/* "$wm_dir"/* "$wm_dir" "$wm_home/changes" || wm_refuse noJournal
  wm_point journaled
  if ! wm_arm; then rm -f -- "$wm_dir/open"; wm_refuse notArmed; fi
  wm_say begins
  wm_piece "armed $wm_seconds"
}
wm_claim() {
  printf '%s %s\n' "$wm_self" "$wm_group" >"$wm_dir/applier" || { rm -rf -- "$wm_dir"; wm_piece noJournal; exit 0; }
}

wm_main() {
  case $wm_verb in
  begin) wm_claim; wm_prepare; wm_steps; wm_piece applied ;;
  prepare) wm_claim; wm_prepare; wm_piece prepared ;;
  apply) wm_claim; wm_gate; wm_steps; wm_piece applied ;;
  confirm) wm_confirm ;;
  rollback) wm_back "${2:-app}" ;;
  boot) wm_to_log; wm_back boot ;;
  watch) wm_watch ;;
  hold) wm_hold "$2" ;;
  status) wm_ask ;;
  discard) wm_drops; wm_drop_unit ;;
  esac
}
