/**
 * Puts a place where a test can break things into each point of the engine's host script, in this test alone: the
 * script of the app has no such thing. At the point that FOLDER/fault names the script says so in fault.reached,
 * and waits until `fault` is gone; or does to itself what stands behind the point's name: dies, is stopped, stays
 * there, or ends the whole machine as a power cut does (which no container survives).
 * @param folder for power cuts one that outlives them, on a file system that loses nothing
 */
export function withFaultPoints(journal: string, folder = '/run'): string {
  const point = `wm_point() { wm_piece "at $1"; }`
  if (!journal.includes(point)) throw new Error('journal.sh has no points any more')
  return journal.replace(
    point,
    () => `wm_point() { wm_piece "at $1"; wm_fault "$1"; }
wm_fault() {
  if [ ! -r ${folder}/fault ]; then return; fi
  IFS=: read -r wm_f_at wm_f_what <${folder}/fault
  if [ "$wm_f_at" != "$1" ]; then return; fi
  case $wm_f_what in
  die) rm -f ${folder}/fault; printf x >${folder}/fault.reached; kill -9 $$ ;;
  cut) rm -f ${folder}/fault; echo b >/proc/sysrq-trigger; sleep 60 ;;
  stay) rm -f ${folder}/fault; printf x >${folder}/fault.reached; while :; do sleep 1; done ;;
  stop) rm -f ${folder}/fault; printf '%s\\n' $$ >${folder}/fault.reached; kill -STOP $$ ;;
  *) printf x >${folder}/fault.reached; while [ -e ${folder}/fault ]; do sleep 0.05; done ;;
  esac
}`,
  )
}

/** For power cuts: on a file system that loses nothing, so that what stands there outlives the cut. */
export const faultFolder = '/root'

/** The script as it would be if it trusted the disk to write by itself. */
export function withoutSync(journal: string): string {
  const sync = /^wm_sync\(\) \{ .*\}$/m
  if (!sync.test(journal)) throw new Error('journal.sh syncs by another name')
  return journal.replace(sync, 'wm_sync() { :; }')
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
