/*
 * What is done on the host, as POSIX sh with positional parameters. Short and plain: the preview shows it as it is.
 */

/**
 * A desktop shall find the language and the umask of a login, not those of the script that starts it: what sshd
 * gave stands in the shell's first environment. $1 folder, $2 starter and the rest its arguments.
 */
export const startScript = `cd || exit
unset LC_ALL LANG
lang=$(tr '\\0' '\\n' <"/proc/$$/environ" | sed -n 's/^LANG=//p')
[ -z "$lang" ] || export LANG="$lang"
mkdir -p -m 700 -- "$1" || exit
shift
umask 022
exec "$@" </dev/null`

/** Before it: a password nobody knows, readable by the login alone. $1 folder, $2 the tool. */
export const makePasswordScript = `set -e
umask 077
mkdir -p -- "$1"
head -c 256 /dev/urandom | LC_ALL=C tr -dc a-zA-Z0-9 | cut -c 1-8 | "$2" -f >"$1/passwd.new"
[ -s "$1/passwd.new" ]
mv -- "$1/passwd.new" "$1/passwd"`

/** $1 pid, $2 its start (/proc/PID/stat, field 22), then what stops it. */
export const stopScript = `start=$(sed 's/.*) //' "/proc/$1/stat" | cut -d ' ' -f 20)
if [ "$start" != "$2" ]; then
  echo "process $1 is not the desktop that was shown" >&2
  exit 3
fi
pid=$1
shift 2
"$@" || exit
i=0
while [ -d "/proc/$pid" ] && [ "$i" -lt 50 ]; do i=$((i + 1)); sleep 0.1; done
[ ! -d "/proc/$pid" ]`

/** A start that failed half-way: whether or not it came up. $1 starter, $2 display. */
export const takeBackScript = `cd && "$1" -kill ":$2"
[ ! -e "/tmp/.X$2-lock" ]`
