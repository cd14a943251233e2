import { encode } from '../../../shared/codec'
import type { HostPart, Step } from '../../../shared/model/change'
import { fileReading } from '../file-reading'
import { printBytes, quote } from '../quote'
import { acting, type ActingSection } from './acting'
import journal from './journal.sh?raw'
import { secondsOf, stepShell, type StepShell } from './step-shell'

export interface JournalOptions {
  /** Names the change's folder in the journal, and its files beside their targets: letters, digits and dashes. */
  readonly id: string
  /** One line, for the host's own log. */
  readonly title: string
  /** Who makes it, on which computer. */
  readonly by: string
  /** From arming to the moment at which the host takes it back by itself. */
  readonly seconds: number
}

/** What can be asked of a change that stands in the journal. */
export type Verb = 'apply' | 'confirm' | 'rollback' | 'status' | { readonly hold: number }

/** Checks, journal, staging and rehearsal, over slow links and on slow disks. */
const preparingSeconds = 60
/** Taking back, after a failed step or by the app: each command once more. */
const settlingSeconds = 60

/** Root's stands where packages keep their state; without root it is the user's own (XDG base directories). */
const findJournal = `if [ "$(id -u)" = 0 ]; then wm_home=/var/lib/wharfmaster
else wm_home=\${XDG_STATE_HOME:-$HOME/.local/state}/wharfmaster
fi`

/** change.sh: the functions of this change's steps, then those of every change, then what was asked for. */
export function changeScript(part: HostPart, { title, by, seconds }: JournalOptions): string {
  const shells = part.steps.map(stepShell)
  const hasFiles = part.steps.some(isOfFile)
  return [
    `wm_title=${quote(oneLine(title))}`,
    `wm_by=${quote(oneLine(by))}`,
    `wm_seconds=${Math.ceil(seconds)}`,
    `wm_has_files=${hasFiles ? 'yes' : ''}`,
    ...shells.flatMap(({ functions }) => functions),
    body('wm_checks', shells, 'check'),
    body('wm_keeps', shells, 'keep'),
    body('wm_stages', shells, 'stage'),
    body('wm_layouts', shells, 'layOut'),
    body('wm_rehearsals', shells, 'rehearse'),
    `wm_steps() {\n${shells
      .map(({ apply }, at) => `wm_gate\nwm_point 'step ${at}'\n${apply}\nwm_point 'done ${at}'`)
      .join('\n')}\n:\n}`,
    body('wm_undo_files', [...shells].reverse(), 'undoFile'),
    body('wm_undo_commands', shells, 'undoCommand'),
    body('wm_drops', shells, 'drop'),
    body('wm_drop_secrets', shells, 'dropSecret'),
    fileReading,
    journal,
    'wm_main "$@"',
    '',
  ].join('\n')
}

function body(name: string, shells: readonly StepShell[], of: Exclude<keyof StepShell, 'functions'>): string {
  return `${name}() {\n${shells
    .map((shell) => shell[of])
    .filter((line) => line !== '')
    .join('\n')}\n:\n}`
}

/** `begin` prepares and does the steps; `prepare` leaves them for `apply`, when other hosts are ready too. */
export function beginSection(
  part: HostPart,
  options: JournalOptions,
  verb: 'begin' | 'prepare',
): ActingSection {
  const files = [
    { name: 'change.sh', bytes: encode(changeScript(part, options)) },
    ...part.steps.flatMap((step, at) =>
      step.kind === 'write' || step.kind === 'create'
        ? [{ name: `after/${at}`, bytes: encode(step.after.text) }]
        : [],
    ),
  ]
  return acting({
    name: verb,
    seconds: preparingSeconds + (verb === 'begin' ? 2 * commandSeconds(part) + settlingSeconds : 0),
    body: [
      findJournal,
      `wm_dir=$wm_home/changes/${options.id}`,
      `wm_no_journal() { rm -rf -- "$wm_dir"; wm_piece noJournal; exit 0; }`,
      `mkdir -p -- "$wm_home/changes" && [ ! -h "$wm_home" ] && chmod 700 "$wm_home" || { wm_piece noJournal; exit 0; }`,
      beginWriting(options.id),
      // The size tells a file that the disk had no room for.
      ...files.map(
        ({ name, bytes }) => `{
${printBytes(bytes)}
} >"$wm_dir/${name}"
[ "$(($(wc -c <"$wm_dir/${name}")))" = ${bytes.length} ] || wm_no_journal`,
      ),
      // One of the two is first: this, or a taking back that was sent later and came sooner.
      `mkdir -- "$wm_dir/begun" || { rm -rf -- "$wm_dir"; wm_piece ended; exit 0; }`,
      runChange(verb),
    ].join('\n'),
  })
}

/**
 * One that is there is not ours: another profile's of the same host, or what a taking back left that came first. Who
 * has the lock sweeps folders that nobody writes, and may take an empty one from between its first two lines.
 */
const beginWriting = (id: string): string => `for wm_try in 1 2 3 4 5; do
  if ! mkdir -- "$wm_dir"; then if [ -d "$wm_dir" ]; then wm_piece 'busy ${id}'; else wm_piece noJournal; fi; exit 0; fi
  if printf '' >"$wm_dir/writer.$$"; then break; fi
  [ ! -d "$wm_dir" ] || wm_no_journal
done
mkdir -- "$wm_dir/after" || wm_no_journal`

export function verbSection(id: string, verb: Verb, part: HostPart): ActingSection {
  const word = typeof verb === 'string' ? verb : `hold ${Math.ceil(verb.hold)}`
  return acting({
    name: word,
    seconds: settlingSeconds + (word === 'apply' ? 2 : 1) * commandSeconds(part),
    body: [
      findJournal,
      `wm_dir=$wm_home/changes/${id}`,
      word === 'rollback' ? forestall : '',
      `[ -d "$wm_dir/begun" ] && [ -f "$wm_dir/change.sh" ] || { wm_piece 'state none'; exit 0; }`,
      word === 'apply' ? runChange(word) : `export wm_n\n/bin/sh "$wm_dir/change.sh" ${word}`,
    ].join('\n'),
  })
}

/**
 * What was sent before a link broke may arrive after it is mended, and after the host was asked to take it back: it
 * finds its place taken, and does nothing. Kept as long as other outcomes are.
 */
const forestall = `if [ ! -h "$wm_home" ] && mkdir -p -- "$wm_dir" && mkdir -- "$wm_dir/begun"; then
  printf '' >"$wm_dir/outcome"
  wm_piece 'state none'
  exit 0
fi 2>/dev/null`

/** In a process group of its own, where the host can make one: who takes the change back ends all of it. */
const runChange = (verb: string): string => `export wm_n
if command -v setsid >/dev/null; then ( exec setsid /bin/sh "$wm_dir/change.sh" ${verb} )
else /bin/sh "$wm_dir/change.sh" ${verb}
fi`

/** Seconds that the commands of a part may take. */
export const commandSeconds = (part: HostPart): number =>
  part.steps.reduce((sum, step) => sum + secondsOf(step), 0)

const isOfFile = ({ kind }: Step): boolean =>
  kind === 'write' || kind === 'create' || kind === 'delete' || kind === 'move'

/** For a log that has one entry a line. */
const oneLine = (text: string): string => text.replace(/[^\P{Cc}]/gu, ' ').slice(0, 200)
