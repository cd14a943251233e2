import type { Acting } from './change/acting'
import { quote } from './quote'

/** One thing that a script does. Its answer stands by itself: late or failed, it does not spoil the others. */
export interface Section {
  /** Names it in answers and messages; never reaches the host. */
  readonly name: string
  /**
   * POSIX sh commands. Whatever is not a constant of our source went through `quote`. Output in several
   * pieces: `wm_piece NAME` starts the next. Background processes must not keep stdout or stderr.
   */
  readonly body: string
  /** After so many seconds it is killed, with all its children, and the script goes on. */
  readonly seconds: number
  /**
   * Runs in the foreground: no killing, and what it starts does not inherit ignored SIGINT and SIGQUIT, as
   * children of a background list do (XCU 2.11). For what changes the host, and so the change engine's alone.
   */
  readonly acting?: Acting
}

/** Starts /bin/sh under any login shell: sh, bash, csh, tcsh, fish. No quotes, no `!`, no newline. */
export const startShell = 'exec /bin/sh -s'

const path =
  '/usr/sbin:/usr/bin:/sbin:/bin:/usr/local/sbin:/usr/local/bin:/usr/xpg4/bin:/usr/pkg/sbin:/usr/pkg/bin'

/**
 * The text for `sh -s`. All of it stands in one brace group, so that a shell whose connection breaks before
 * the last line runs nothing of it.
 * @param nonce frames the answer; hexadecimal digits that nothing on the host can know beforehand.
 */
export function buildScript(nonce: string, sections: readonly Section[]): string {
  const bodies = sections.map(({ body }, index) => `wm_s${index}() {\n${body}\n}`)
  const runs = sections.map(
    ({ seconds, acting }, index) =>
      `${acting !== undefined ? 'wm_act' : 'wm_run'} ${index} ${Math.ceil(seconds)}`,
  )
  return ['{', prologue(nonce), ...bodies, ...runs, `printf '\\n%s Z\\n' "$wm_n"`, 'exit 0', '}', ''].join(
    '\n',
  )
}

// The alarm is a signal from a background sleep: `timeout` is missing on many hosts, and `wait` for a process
// that hangs in the kernel returns only by a trapped signal (XCU wait). Whoever is killed here may never die;
// nobody waits for it.
const prologue = (nonce: string) => `PATH=${path}
LC_ALL=C LANG=C
export PATH LC_ALL LANG
unset ENV BASH_ENV CDPATH TMOUT GREP_OPTIONS POSIXLY_CORRECT
umask 077
cd /
wm_n=${quote(nonce)}
wm_piece() { printf '\\n%s P %s\\n' "$wm_n" "$1"; }
wm_do() {
  wm_e=$( { "wm_s$1" </dev/null; } 2>&1 >&3 3>&-)
  printf '\\n%s E %s %s\\n%s\\n%s X %s\\n' "$wm_n" "$1" "$?" "$wm_e" "$wm_n" "$1"
}
wm_act() {
  printf '\\n%s B %s\\n' "$wm_n" "$1"
  ( wm_do "$1" ) 3>&1
}
wm_run() {
  printf '\\n%s B %s\\n' "$wm_n" "$1"
  wm_late=
  ( trap - ALRM; wm_do "$1" ) 3>&1 &
  wm_p=$!
  ( wm_k=; trap 'kill $wm_k; exit' TERM; sleep "$2" & wm_k=$!; wait "$wm_k"; kill -ALRM $$ ) </dev/null >/dev/null 2>&1 &
  wm_w=$!
  wait "$wm_p"
  if [ -n "$wm_late" ]; then
    wm_reap "$wm_p"
    printf '\\n%s T %s\\n' "$wm_n" "$1"
  else
    kill "$wm_w" 2>/dev/null
    wait "$wm_w"
  fi
} 2>/dev/null
wm_pairs() {
  if [ -r /proc/self/stat ]; then
    for wm_f in /proc/[0-9]*/stat; do
      IFS= read -r wm_l <"$wm_f" || continue
      wm_f=\${wm_f#/proc/}
      set -- \${wm_l##*") "}
      printf '%s %s\\n' "\${wm_f%/stat}" "$2"
    done
  else
    ps -A -o pid= -o ppid=
  fi
}
wm_reap() {
  wm_t=" $1 "
  wm_all=$(wm_pairs)
  wm_more=1
  while [ -n "$wm_more" ]; do
    wm_more=
    set -- $wm_all
    while [ $# -ge 2 ]; do
      case $wm_t in *" $1 "*) ;; *) case $wm_t in *" $2 "*) wm_t="$wm_t$1 " wm_more=1 ;; esac ;; esac
      shift 2
    done
  done
  kill -9 $wm_t
}
trap 'wm_late=1' ALRM`
