import { assertNever } from '../../../shared/assert-never'
import { encode } from '../../../shared/codec'
import type { Command, FileMetadata } from '../../../shared/model/change'
import { fileReading } from '../file-reading'
import { command as words, printBytes, quote } from '../quote'

/**
 * What the scripts of the engine share. Each file step has a directory of its own beside its target, so that the
 * rename stays within one file system; no daemon reads it there: it is no regular file, and its name has a dot.
 * In it: `after`, the staged bytes, and `before`, the replaced file itself (a hard link), so that putting it back
 * gives back every byte, owner, mode, label and attribute.
 */
export const stepLibrary = (id: string): string => `${fileReading}
wm_id=${quote(id)}
wm_sha() {
  if command -v sha256sum >/dev/null; then sha256sum <"$1" | cut -c1-64
  elif command -v sha256 >/dev/null; then sha256 -q <"$1"
  elif command -v openssl >/dev/null; then openssl dgst -sha256 -r <"$1" | cut -c1-64
  elif command -v shasum >/dev/null; then shasum -a 256 <"$1" | cut -c1-64
  fi
}
wm_sync() { sync -- "$1" 2>/dev/null || sync; }
wm_same() { [ "$(wm_sha "$1")" = "$2" ]; }
# STEP PATH: sets wm_real, the file itself, and wm_tmp, the step's directory.
wm_place() {
  wm_real=$2
  if [ -h "$2" ]; then wm_real=$(readlink -f -- "$2") || return; fi
  wm_tmp=\${wm_real%/*}/.wharfmaster-$wm_id-$1
}
# The same for a name that is to go, symbolic link or not.
wm_beside() { wm_real=$2 wm_tmp=\${2%/*}/.wharfmaster-$wm_id-$1; }
wm_start() { IFS= read -r wm_line <"/proc/$1/stat" || return; set -- \${wm_line##*") "}; shift 19; printf %s "$1"; }
# The applier leaves its pid and start time in the directories that it makes. \$\$ is the script's shell, whose child it is.
wm_claim() { [ -n "$wm_me" ] || wm_me=$(exec sh -c 'echo $PPID'); printf '%s %s\\n' "$wm_me" "$(wm_start "$wm_me" 2>/dev/null)" >"$wm_tmp/applier"; }
# STEP PATH DIGEST CONTENT METADATA: the staged copy has what the target has, then the new bytes, then the mode.
wm_stage() {
  wm_place "$1" "$2" && mkdir -m 700 -- "$wm_tmp" && wm_claim || return
  if [ -e "$wm_real" ]; then
    cp --preserve=all -- "$wm_real" "$wm_tmp/after" 2>/dev/null || cp -p -- "$wm_real" "$wm_tmp/after" || return
    ln -- "$wm_real" "$wm_tmp/before" 2>/dev/null || wm_keep || return
  fi
  "$4" >"$wm_tmp/after" && "$5" "$wm_tmp/after" && wm_same "$wm_tmp/after" "$3" && wm_sync "$wm_tmp/after"
}
# No hard links here: a copy then. An immutable file has none either, and cannot be replaced.
wm_keep() {
  case $(lsattr -d -- "$wm_real" 2>/dev/null | cut -d' ' -f1) in *[ia]*) echo "$wm_real is immutable" >&2; return 1 ;; esac
  cp --preserve=all -- "$wm_real" "$wm_tmp/before" 2>/dev/null || cp -p -- "$wm_real" "$wm_tmp/before"
}
# PLACE STEP PATH
wm_drop() { "$1" "$2" "$3" && if [ -d "$wm_tmp" ]; then rm -f -- "$wm_tmp/after" "$wm_tmp/before" "$wm_tmp/applier" && rmdir -- "$wm_tmp"; fi; }
# STEP PATH: puts the staged bytes in the place of the target, in one rename.
wm_commit() { wm_place "$1" "$2" && mv -f -- "$wm_tmp/after" "$wm_real" && wm_sync "\${wm_real%/*}/"; }`

/** A shell function that prints exactly the bytes of a text. */
export const contentFunction = (name: string, text: string): string =>
  `${name}() {\n${printBytes(encode(text))}\n}`

/** A shell function that gives a file what `after` has and `before` has not; null: it is made from nothing. */
export function metadataFunction(name: string, before: FileMetadata | null, after: FileMetadata): string {
  const lines: string[] = []
  if (before === null || before.uid !== after.uid || before.gid !== after.gid)
    lines.push(`chown ${after.uid}:${after.gid} -- "$1"`)
  // After chown, which takes setuid and setgid away.
  if (before === null || before.mode !== after.mode) lines.push(`chmod ${after.mode.toString(8)} -- "$1"`)
  if (before === null) lines.push(`if command -v restorecon >/dev/null; then restorecon -- "$1"; fi`)
  return `${name}() { ${lines.length === 0 ? ':' : lines.join(' && ')}; }`
}

/** A command in a subshell of its own: what it sets, or its `exit`, stays there. */
export function runCommand(command: Command): string {
  switch (command.kind) {
    case 'argv':
      return `( ${words(command.argv)} )`
    case 'script':
      return `(\nset -- ${words(command.args)}\n${command.script}\n)`
    default:
      return assertNever(command)
  }
}
