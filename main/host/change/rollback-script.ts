import { assertNever } from '../../../shared/assert-never'
import type { HostPart, Step } from '../../../shared/model/change'
import { printBytes, quote } from '../quote'
import type { Section } from '../script'
import { dropOf, placing } from './apply-script'
import { contentFunction, metadataFunction, runCommand, stepLibrary } from './step-shell'

const seconds = 90

/**
 * Takes back what the steps of one host did, whichever of them were done. Ends an applier that still runs first.
 * A file that is neither as before nor as after is somebody else's by now: it is left, and said. Says, in pieces:
 * `foreign N` with the file, `lost N` when it could not be put back, `failed N`, and `rolledBack` at its end.
 * @param captured by step: what a runtime step's `capture` said before it was set
 */
export function rollbackSection(
  part: HostPart,
  id: string,
  captured: ReadonlyMap<number, Uint8Array>,
): Section {
  const steps = part.steps.map((step, at) => ({ step, at }))
  const backwards = [...steps].reverse()
  return {
    name: 'rollback',
    seconds,
    acting: true,
    body: [
      stepLibrary(id),
      'wm_me=',
      ...steps.flatMap(({ step, at }) => functionsOf(step, at)),
      ...steps.map(({ step, at }) => endApplier(step, at)),
      // STEP PATH BEFORE AFTER: a write.
      `wm_unwrite() {
  wm_place "$1" "$2" || { wm_piece "lost $1"; return; }
  wm_now=$(wm_sha "$wm_real")
  if [ "$wm_now" = "$3" ]; then return; fi
  if [ "$wm_now" != "$4" ]; then wm_piece "foreign $1"; wm_read "$2"; return; fi
  if [ -f "$wm_tmp/before" ] && wm_same "$wm_tmp/before" "$3"; then
    mv -f -- "$wm_tmp/before" "$wm_real" || wm_piece "lost $1"
  else
    wm_drop wm_place "$1" "$2"; wm_stage "$1" "$2" "$3" "wm_before$1" "wm_metadata$1" && wm_commit "$1" "$2" || wm_piece "lost $1"
  fi
  wm_sync "\${wm_real%/*}/"
}`,
      // STEP PATH AFTER: a creation.
      `wm_uncreate() {
  if [ ! -e "$2" ]; then return; fi
  if wm_same "$2" "$3"; then rm -f -- "$2" || wm_piece "lost $1"; else wm_piece "foreign $1"; wm_read "$2"; fi
}`,
      `wm_undelete() {
  wm_beside "$1" "$2"
  if [ -e "$2" ] || [ -h "$2" ]; then return; fi
  if [ -e "$wm_tmp/before" ] || [ -h "$wm_tmp/before" ]; then mv -f -- "$wm_tmp/before" "$2" || wm_piece "lost $1"
  else wm_drop wm_beside "$1" "$2"; wm_stage "$1" "$2" "$3" "wm_before$1" "wm_metadata$1" && wm_commit "$1" "$2" || wm_piece "lost $1"; fi
}`,
      `wm_unmove() {
  if [ -e "$2" ] || [ ! -e "$3" ]; then return; fi
  if wm_same "$3" "$4"; then mv -f -- "$3" "$2" || wm_piece "lost $1"; else wm_piece "foreign $1"; wm_read "$3"; fi
}`,
      'wm_failed() { wm_piece "failed $1 $2"; }',
      ...backwards.map(({ step, at }) => undoing(step, at, captured)),
      ...steps.map(({ step, at }) => restarting(step, at)),
      ...steps.map(({ step, at }) => dropOf(step, at)),
      'wm_piece rolledBack',
    ].join('\n'),
  }
}

/** Takes the directories of a change that holds away; nothing of it stays on the host. */
export function confirmSection(part: HostPart, id: string): Section {
  return {
    name: 'confirm',
    seconds: 30,
    acting: true,
    body: [stepLibrary(id), ...part.steps.map(dropOf), 'wm_piece confirmed'].join('\n'),
  }
}

function functionsOf(step: Step, at: number): readonly string[] {
  switch (step.kind) {
    case 'write':
      return [
        contentFunction(`wm_before${at}`, step.before.text),
        // The file that stands there now has what `after` says.
        metadataFunction(`wm_metadata${at}`, step.after, step.before),
      ]
    case 'delete':
      return [
        contentFunction(`wm_before${at}`, step.before.text),
        metadataFunction(`wm_metadata${at}`, null, step.before),
      ]
    case 'create':
    case 'move':
    case 'runtime':
    case 'daemon':
    case 'oneWay':
      return []
    default:
      return assertNever(step)
  }
}

/** The number alone may by now be another process's: its start time must be the same. */
function endApplier(step: Step, at: number): string {
  const place = placing(step, at)
  if (place === null) return ':'
  return `${place}
if [ -f "$wm_tmp/applier" ]; then
  read -r wm_pid wm_began <"$wm_tmp/applier"
  wm_i=0
  while [ -n "$wm_began" ] && [ "$wm_i" -lt 50 ] && [ "$(wm_start "$wm_pid" 2>/dev/null)" = "$wm_began" ]; do
    wm_reap "$wm_pid" 2>/dev/null
    wm_i=$((wm_i + 1))
    sleep 0.1 2>/dev/null || sleep 1
  done
fi`
}

function undoing(step: Step, at: number, captured: ReadonlyMap<number, Uint8Array>): string {
  switch (step.kind) {
    case 'write':
      return `wm_unwrite ${at} ${quote(step.path)} ${step.before.digest} ${step.after.digest}`
    case 'create':
      return `wm_uncreate ${at} ${quote(step.path)} ${step.after.digest}`
    case 'delete':
      return `wm_undelete ${at} ${quote(step.path)} ${step.before.digest}`
    case 'move':
      return `wm_unmove ${at} ${quote(step.from)} ${quote(step.to)} ${step.before.digest}`
    case 'runtime': {
      // What was never captured was never set.
      const said = captured.get(at)
      if (said === undefined) return ':'
      return `wm_piece 'output ${at}'
{
${printBytes(said)}
} | ${runCommand(step.restore)} 2>&1 || wm_failed ${at} $?`
    }
    case 'daemon':
    case 'oneWay':
      return ':'
    default:
      return assertNever(step)
  }
}

/** Daemons take up their files once all are back. */
function restarting(step: Step, at: number): string {
  if (step.kind !== 'daemon') return ':'
  return `wm_piece 'output ${at}'\n${runCommand(step.restore)} 2>&1 </dev/null || wm_failed ${at} $?`
}
