import type { Section } from '../../host/script'

/*
 * What is asked of the host. Run as root it still speaks of the login: sudo and doas name it. Everything comes from
 * /proc and /tmp, so that it needs neither a display nor a tool of the VNC server's.
 */

const findLogin = `n=\${SUDO_USER:-\${DOAS_USER:-}}
[ -n "$n" ] || n=$(id -un)
l=$(getent passwd "$n") || l=$n:x:$(id -u "$n")::$HOME:
h=\${l%:*}
h=\${h##*:}
f=
for d in "$h/.vnc" "$h/.config/tigervnc"; do
  [ -z "$f" ] && [ -d "$d" ] && f=$d
done`

const eachServer = (body: string) => `for d in /proc/[0-9]*; do
  IFS= read -r c <"$d/comm" || continue
  case $c in Xvnc*|Xtigervnc|Xtightvnc|X0tigervnc|x0vncserver|Xrealvnc|x11vnc) ;; *) continue ;; esac
  p=\${d#/proc/}
${body}
done 2>/dev/null`

const overview: Section = {
  name: 'desktops',
  seconds: 10,
  body: `${findLogin}
wm_piece login
printf '%s\\n%s\\n' "$l" "$f"
[ -n "$f" ] && [ -s "$f/passwd" ] && ls -ldn "$f/passwd"
wm_piece software
for s in Xtigervnc Xvnc Xtightvnc Xvnc4; do
  s=$(command -v "$s") || continue
  printf 'server %s\\n' "$s"
  "$s" -version </dev/null 2>&1 | head -n 5 | tr -d '\\r' | sed 's/^/version /'
  break
done
for s in tigervncserver vncserver; do s=$(command -v "$s") && printf 'starter %s\\n' "$s"; done
for s in tigervncpasswd vncpasswd; do s=$(command -v "$s") && printf 'password %s\\n' "$s"; done
wm_piece clock
sed -n 's/^btime //p' /proc/stat
getconf CLK_TCK
wm_piece locks
for k in /tmp/.X[0-9]*-lock; do
  [ -f "$k" ] || continue
  IFS= read -r p <"$k" || p=
  p=$(printf %s "$p" | tr -cd 0-9)
  c=
  [ -n "$p" ] && [ -r "/proc/$p/comm" ] && IFS= read -r c <"/proc/$p/comm"
  printf '%s\\t%s\\t%s\\n' "$k" "$p" "$c"
done 2>/dev/null
wm_piece sockets
ls /tmp/.X11-unix 2>/dev/null
wm_piece unix
grep ' 00010000 ' /proc/net/unix
wm_piece ports
command -v ss >/dev/null && echo ss && ss -H -lntu
wm_piece viewers
command -v ss >/dev/null && ss -H -tn state established '( sport >= :5800 and sport <= :6099 )'
wm_piece pidfiles
for k in "$f"/*.pid; do [ -f "$k" ] && IFS= read -r p <"$k" && printf '%s\\n' "$p"; done 2>/dev/null
${eachServer(`  wm_piece "stat $p"
  cat "$d/stat"
  wm_piece "arguments $p"
  cat "$d/cmdline"
  wm_piece "owner $p"
  u=$(sed -n 's/^Uid:[[:space:]]*\\([0-9]*\\).*/\\1/p' "$d/status")
  getent passwd "$u" || printf '?:x:%s::::\\n' "$u"
  wm_piece "group $p"
  cat "$d/cgroup"
  wm_piece "parent $p"
  cat "/proc/$(sed 's/.*) //' "$d/stat" | cut -d ' ' -f 2)/cmdline"
  o=$(readlink "$d/fd/1")
  if [ -f "$o" ]; then
    wm_piece "log $p"
    printf '%s\\n\\n' "$o"
    tail -c 3000 "$o"
  fi`)}
ls -t "$f"/*:*.log "$h"/.local/state/tigervnc/*:*.log 2>/dev/null | head -n 8 | while IFS= read -r o; do
  wm_piece ended
  printf '%s\\n%s\\n' "$o" "$(stat -c %Y "$o")"
  tail -c 3000 "$o"
done`,
}

/** Asks the displays themselves, and may hang where one of them does. */
const inside: Section = {
  name: 'desktops.inside',
  seconds: 5,
  body: `${eachServer(`  g=$(tr '\\0' '\\n' <"$d/cmdline" | sed -n '/^:[0-9][0-9]*$/{p;q;}')
  a=$(tr '\\0' '\\n' <"$d/cmdline" | sed -n '/^-auth$/{n;p;q;}')
  [ -n "$g" ] && [ -r "$a" ] || continue
  wm_piece "screen $p"
  if command -v xdpyinfo >/dev/null; then
    XAUTHORITY=$a xdpyinfo -display "$g" </dev/null | grep -e dimensions: -e 'depth of root'
  else
    XAUTHORITY=$a xrandr -display "$g" --current </dev/null | head -n 1
  fi`)}
wm_piece programs
grep -zHo '^DISPLAY=:[0-9]*' /proc/[0-9]*/environ 2>/dev/null | tr '\\0' '\\n' | while IFS=: read -r e _ g; do
  e=\${e%/environ}
  IFS= read -r c <"$e/comm" && printf '%s\\t%s\\t%s\\n' "\${e#/proc/}" "$g" "$c"
done 2>/dev/null`,
}

/** In this order `readDesktops` takes their answers. */
export const desktopSections: readonly Section[] = [overview, inside]
