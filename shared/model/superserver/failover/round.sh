# One round: is the target that the redirection leads to still there? The file says which it is and what else there is,
# so both can be edited without this script. Nothing is written unless another candidate answered just now.
PATH=/usr/sbin:/usr/bin:/sbin:/bin
LC_ALL=C
export PATH LC_ALL
unset ENV BASH_ENV CDPATH
umask 077
# What a file says is never a pattern for names.
set -f
cd / || exit
tab='	' nl='
'
blank=" $tab"
IFS=" $tab$nl"
# Seconds that a target has to take a connection.
limit=2
# What is known from earlier rounds. A boot begins anew.
if [ -d /run ]; then run=/run/$name; else run=/var/run/$name; fi

# One line in the host's log.
say() { if command -v logger >/dev/null; then logger -t "$name" -p daemon.notice -- "$service: $1"; fi; }

# PID START: that very process lives. proc(5): field 22 of stat is its start; the name before may hold blanks and ")".
lives() {
  case $1 in '' | *[!0-9]*) return 1 ;; esac
  { IFS= read -r line <"/proc/$1/stat"; } 2>/dev/null || return
  set -- "${2-}" ${line##*") "}
  [ "$2" != Z ] && [ "${21-}" = "$1" ]
}
# Somebody makes a change of this host, and proves it: "PID START BOOT CHANGE".
is_being_changed() {
  { IFS=' ' read -r pid start boot line </var/lib/wharfmaster/lock; } 2>/dev/null || return
  { IFS= read -r line </proc/sys/kernel/random/boot_id; } 2>/dev/null
  [ "$boot" = "$line" ] && lives "$pid" "$start"
}
# One round at a time. The turn of one who was killed is taken over.
take_turn() {
  IFS= read -r line <"/proc/$$/stat" || return
  set -- ${line##*") "}
  shift 19
  mine="$$ $1"
  tries=0
  set -C
  until { printf '%s\n' "$mine" >"$run/turn"; } 2>/dev/null; do
    owner=
    { IFS= read -r owner <"$run/turn"; } 2>/dev/null
    tries=$((tries + 1))
    if lives $owner || [ "$tries" -gt 3 ]; then
      set +C
      return 1
    fi
    # Empty: killed before it wrote its name, or about to.
    [ -n "$owner" ] || sleep 1
    rm -f -- "$run/turn"
  done
  set +C
}
is_my_turn() {
  owner=
  { IFS= read -r owner <"$run/turn"; } 2>/dev/null
  [ "$owner" = "$mine" ]
}

# HOST PORT: words that are safe in any command.
is_target() {
  case $1 in '' | -* | *[!A-Za-z0-9_.:-]*) return 1 ;; esac
  case $2 in
  '' | -* | *[!A-Za-z0-9_-]*) return 1 ;;
  *[!0-9]*) return 0 ;;
  esac
  [ "${#2}" -le 5 ] && [ "$2" -ge 1 ] && [ "$2" -le 65535 ]
}
# "HOST PORT, HOST:PORT": adds to candidates, as words HOST/PORT.
list() {
  left=$1,
  while [ -n "$left" ]; do
    set -- ${left%%,*}
    left=${left#*,}
    if [ $# = 1 ]; then
      case $1 in *:*:*) ;; *:*) set -- "${1%:*}" "${1#*:}" ;; esac
    fi
    if [ $# = 2 ] && is_target "$1" "$2"; then candidates="$candidates$1/$2 "; fi
  done
}
# FILE: sets candidates, active and the line of `redirect`. Fails unless it holds one service alone, with one such line.
look() {
  active= candidates=' ' at=0 number=0 blocks=0 redirects=0
  [ -f "$1" ] && [ ! -h "$1" ] && [ -r "$1" ] || return
  while IFS= read -r line || [ -n "$line" ]; do
    number=$((number + 1))
    line=${line#"${line%%[!$blank]*}"}
    case $line in
    '#'*)
      line=${line#'#'}
      line=${line#"${line%%[!$blank]*}"}
      case $blocks$line in 0[Cc]andidates:*) list "${line#*:}" ;; esac
      ;;
    service[$blank]* | defaults* | include*) blocks=$((blocks + 1)) ;;
    redirect*)
      redirects=$((redirects + 1))
      line=${line#redirect}
      set -- ${line%%=*}
      if [ $# = 0 ]; then
        set -- ${line#*=}
        if [ $# = 2 ] && is_target "$1" "$2"; then active=$1/$2 at=$number; fi
      fi
      ;;
    esac
  done <"$1"
  [ "$blocks" = 1 ] && [ "$redirects" = 1 ] && [ -n "$active" ]
}

# HOST PORT: takes a connection within the limit. Nothing is sent.
if command -v timeout >/dev/null && command -v bash >/dev/null; then
  try() { timeout "$limit" bash -c 'exec 3<>"/dev/tcp/$1/$2"' try "$1" "$2"; }
elif command -v perl >/dev/null; then
  try() { perl -MIO::Socket::IP -e 'alarm $ARGV[2]; exit !IO::Socket::IP->new(PeerHost => $ARGV[0], PeerService => $ARGV[1], Proto => "tcp")' "$1" "$2" "$limit"; }
elif command -v python3 >/dev/null; then
  try() { python3 -c 'import signal, socket, sys; signal.alarm(int(sys.argv[3])); socket.create_connection((sys.argv[1], sys.argv[2]))' "$1" "$2" "$limit"; }
else
  try() { nc -z -w "$limit" "$1" "$2"; }
fi
answers() { try "${1%/*}" "${1#*/}" </dev/null >/dev/null 2>&1; }

# What is known: failed, in how many rounds on end the active target did not answer; good, in how many an earlier
# candidate did.
recall() {
  was= failed=0 good=' ' switched= trouble=
  [ -f "$run/state" ] || return 0
  while IFS=' ' read -r key value; do
    case $key in
    active) was=$value ;;
    failed) failed=$value ;;
    good) good=" $value " ;;
    switched) switched=$value ;;
    trouble) trouble=$value ;;
    esac
  done <"$run/state"
  case $failed in '' | *[!0-9]*) failed=0 ;; esac
}
remember() {
  printf '%s\n' "round $now" "active $active" "failed $failed" "good $good" "switched $switched" "trouble $trouble" >"$run/state.new" &&
    mv -f -- "$run/state.new" "$run/state"
}
# WORD TEXT: said once, not in every round.
in_trouble() {
  [ "$trouble" = "$1" ] || say "$2"
  trouble=$1
}

# The daemon reads its files again. One that does not run reads them when it starts.
tell() {
  pid=
  { IFS= read -r pid <"$pidfile"; } 2>/dev/null
  case $pid in
  '' | *[!0-9]*) ;;
  *) case $(readlink "/proc/$pid/exe") in */xinetd | */xinetd' (deleted)') kill -HUP "$pid" ;; esac ;;
  esac
  rm -f -- "$run/untold"
}
# TARGET: into the place of the old file, in one rename, if nobody wrote to it meanwhile. The name of the new one has a
# dot, so that xinetd passes over it.
lead() {
  new=${file%/*}/.$name.new
  before=$(cksum <"$file") || return
  rm -f -- "$new"
  { cp --preserve=all -- "$file" "$new" 2>/dev/null || cp -p -- "$file" "$new"; } &&
    sed "${at}s/\(=[$blank]*\).*/\1${1%/*} ${1#*/}/" "$file" >"$new" &&
    (look "$new" && [ "$active" = "$1" ]) &&
    { sync -- "$new" 2>/dev/null || sync; } &&
    [ "$before" = "$(cksum <"$file")" ] && is_my_turn && ! is_being_changed || {
    rm -f -- "$new"
    return 1
  }
  # Killed before it told the daemon, the next round does.
  printf '' >"$run/untold" && mv -f -- "$new" "$file" && tell
}

round() {
  recall
  now=$(date +%s)
  if [ -e "$run/untold" ]; then tell; fi
  if ! look "$file"; then
    in_trouble file "$file is no longer one service alone with one line redirect = HOST PORT"
    failed=0 good=' '
    remember
    return
  fi
  # Somebody has led it elsewhere.
  if [ "$was" != "$active" ]; then failed=0 good=' '; fi
  if answers "$active"; then failed=0; else failed=$((failed + 1)); fi
  to= why=
  if [ "$failed" -ge "$fall" ]; then
    good=' '
    for one in $candidates; do
      if [ "$one" != "$active" ] && answers "$one"; then
        to=$one why="no answer $failed times from"
        break
      fi
    done
    if [ -z "$to" ] && [ "$failed" = "$fall" ]; then say "no candidate answers; it stays with ${active%/*} ${active#*/}"; fi
  elif [ "$rise" -gt 0 ]; then
    # The first of the list is the one that is wanted most. A target that is not in it was somebody's own choice.
    next=' '
    case $candidates in *" $active "*)
      for one in $candidates; do
        if [ "$one" = "$active" ]; then break; fi
        count=0
        case $good in *" $one="*) count=${good#*" $one="} count=${count%% *} ;; esac
        if answers "$one"; then count=$((count + 1)); else count=0; fi
        next="$next$one=$count "
        if [ -z "$to" ] && [ "$count" -ge "$rise" ]; then to=$one why="${one%/*} ${one#*/} is back; left"; fi
      done
      ;;
    esac
    good=$next
  fi
  if [ -z "$to" ]; then trouble=
  elif ! is_being_changed; then
    if lead "$to"; then
      say "$why ${active%/*} ${active#*/}; leads to ${to%/*} ${to#*/}"
      switched="$now $active $to"
      active=$to failed=0 good=' ' trouble=
    else
      in_trouble write "$file could not be written; it still leads to ${active%/*} ${active#*/}"
    fi
  fi
  remember
}
turn() {
  if take_turn; then
    round
    rm -f -- "$run/turn"
  fi
}

[ -d "$run" ] || mkdir -m 700 -- "$run" || exit
[ -O "$run" ] && [ ! -h "$run" ] || exit
case ${1-} in
# cron knows no seconds: all rounds of a minute.
minute)
  IFS=' .' read -r began line </proc/uptime
  rounds=0
  while :; do
    turn
    rounds=$((rounds + 1))
    IFS=' .' read -r up line </proc/uptime
    left=$((began + rounds * every - up))
    if [ "$((rounds * every))" -ge 60 ] || [ "$((up - began))" -ge 58 ]; then break; fi
    if [ "$left" -gt 0 ]; then sleep "$left"; fi
  done
  ;;
*) turn ;;
esac
