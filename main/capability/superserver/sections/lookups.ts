/**
 * What the host's resolver makes of the names and addresses that xinetd looks up when it reads a file (redirect, only_from,
 * no_access) and when it tells of them. Nobody waits long for a resolver: one that does not answer costs two seconds, once,
 * and one that is slow six in all. What is not told is unknown.
 * The daemon takes a target with a colon for IPv6, any other for IPv4 (parsers.c, redir_parser).
 */
export const tellLookups = `wm_asked() {
  [ "$(date +%s)" -lt "$wm_end" ] || return 1
  timeout 2 getent "$@" 2>/dev/null
  wm_status=$?
  [ "$wm_status" -ne 124 ] && [ "$wm_status" -ne 143 ]
}
wm_words=
if [ -n "$wm_seen" ] && command -v getent >/dev/null && command -v timeout >/dev/null; then
  set -f
  IFS=$wm_nl
  wm_words=$({
    cat $wm_seen 2>/dev/null | sed -n -e 's/^[[:space:]]*redirect[[:space:]]*=[[:space:]]*\\([A-Za-z0-9_.:-]*\\).*/\\1/p'
    # Of a list the names alone: an address is compared as a number.
    cat $wm_seen 2>/dev/null | sed -n -e 's/^[[:space:]]*only_from[[:space:]]*[+-]\\{0,1\\}=//p' -e 's/^[[:space:]]*no_access[[:space:]]*[+-]\\{0,1\\}=//p' |
      tr -s ' \\t' '\\n\\n' | sed -n -e '/^[A-Za-z0-9_.-]*$/{/[A-Za-z]/p;}'
  } | sed -e '/^$/d' -e '/^[-.]/d' | sort -u | head -n 32)
fi
if [ -n "$wm_words" ]; then
  wm_piece lookups
  wm_end=$(($(date +%s) + 4))
  for wm_v in $wm_words; do
    case $wm_v in *:*) wm_db=ahostsv6 ;; *) wm_db=ahostsv4 ;; esac
    case $wm_v in
    *[!0-9.]*) wm_got=$(wm_asked "$wm_db" "$wm_v") || break ;;
    *) wm_got=$wm_v ;;
    esac
    wm_got=$(printf '%s\\n' "$wm_got" | sed -e 's/[[:space:]].*//' -e '/^$/d' | sort -u | head -n 8)
    if [ -z "$wm_got" ]; then printf '%s -\\n' "$wm_v"; continue; fi
    for wm_e in $wm_got; do
      wm_of=$(wm_asked hosts "$wm_e") || break 2
      printf '%s %s %s\\n' "$wm_v" "$wm_e" "$(printf '%s\\n' "$wm_of" | sed -e 's/^[^[:space:]]*[[:space:]]*//' | tr '\\n\\t' '  ')"
    done
  done
fi
unset IFS
set +f
`
