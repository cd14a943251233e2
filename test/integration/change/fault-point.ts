/**
 * Puts a place where a test can break things into each point of the engine's host script, in this test alone: the
 * script of the app has no such thing. At the point that /run/fault names the script says so in /run/fault.reached,
 * and waits until /run/fault is gone; or does to itself what stands behind the point's name.
 */
export function withFaultPoints(journal: string): string {
  const point = `wm_point() { wm_piece "at $1"; }`
  if (!journal.includes(point)) throw new Error('journal.sh has no points any more')
  return journal.replace(
    point,
    () => `wm_point() { wm_piece "at $1"; wm_fault "$1"; }
wm_fault() {
  if [ ! -r /run/fault ]; then return; fi
  IFS=: read -r wm_f_at wm_f_what </run/fault
  if [ "$wm_f_at" != "$1" ]; then return; fi
  case $wm_f_what in
  die) rm -f /run/fault; printf x >/run/fault.reached; kill -9 $$ ;;
  stop) rm -f /run/fault; printf '%s\\n' $$ >/run/fault.reached; kill -STOP $$ ;;
  *) printf x >/run/fault.reached; while [ -e /run/fault ]; do sleep 0.05; done ;;
  esac
}`,
  )
}

/** Where a change stands at a point: all of `begin`, then `confirm`; `undone` and the like come in a taking back. */
export const beginPoints = (steps: number): readonly string[] => [
  'locked',
  'checked',
  'kept',
  'staged',
  'rehearsed',
  'journaled',
  ...Array.from({ length: steps }, (_, at) => [`step ${at}`, `done ${at}`]).flat(),
]
export const confirmPoints = ['confirmed', 'settled'] as const
export const rollbackPoints = ['takenBack', 'ended', 'undone', 'restored', 'settled'] as const
