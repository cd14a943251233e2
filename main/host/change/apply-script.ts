import { assertNever } from '../../../shared/assert-never'
import type { HostPart, Step } from '../../../shared/model/change'
import { quote } from '../quote'
import type { Section } from '../script'
import { contentFunction, metadataFunction, runCommand, stepLibrary } from './step-shell'

/** Reload commands of init scripts may wait for their daemon. */
const seconds = 90

/**
 * Applies the steps of one host, as root. First everything is checked and staged, and nothing that anything
 * reads is touched; then the steps are done in their order. Says, in pieces: `conflict N` with the file as it is,
 * `cannot N` when staging failed (both: nothing was changed), `step N` before each, `captured N`, `failed N`,
 * and `applied` at its end.
 * @param id names the directories of this change on the host: letters, digits and dashes
 */
export function applySection(part: HostPart, id: string): Section {
  const { steps } = part
  return {
    name: 'apply',
    seconds,
    acting: true,
    body: [
      stepLibrary(id),
      'wm_conflict= wm_me=',
      'wm_differs() { wm_piece "conflict $1"; wm_read "$2"; wm_conflict=1; }',
      // STEP PATH DIGEST LINK
      `wm_expect() {
  wm_link=
  if [ -h "$2" ]; then wm_link=$(readlink -- "$2"); fi
  if [ "$wm_link" = "$4" ] && [ -f "$2" ] && wm_same "$2" "$3"; then return; fi
  wm_differs "$1" "$2"
}`,
      'wm_expect_none() { if [ -e "$2" ] || [ -h "$2" ]; then wm_differs "$1" "$2"; fi; }',
      'wm_piece check',
      '[ -n "$(wm_sha /dev/null)" ] || { wm_piece noDigestTool; exit 0; }',
      ...steps.map(checkOf),
      'if [ -n "$wm_conflict" ]; then exit 0; fi',
      ...steps.flatMap(functionsOf),
      'wm_unstage() {',
      ...steps.map(dropOf),
      ':',
      '}',
      'wm_cannot() { wm_piece "cannot $1"; wm_unstage; exit 0; }',
      'wm_piece stage',
      ...steps.map(stageOf),
      'wm_failed() { wm_piece "failed $1 $2"; exit 0; }',
      ...steps.map((step, at) => `wm_piece 'step ${at}'\n${doing(step, at)}`),
      'wm_piece applied',
    ].join('\n'),
  }
}

function checkOf(step: Step, at: number): string {
  switch (step.kind) {
    case 'write':
    case 'delete':
      return `wm_expect ${at} ${quote(step.path)} ${step.before.digest} ${quote(step.before.linkTarget ?? '')}`
    case 'create':
      return `wm_expect_none ${at} ${quote(step.path)}`
    case 'move':
      return `wm_expect ${at} ${quote(step.from)} ${step.before.digest} ${quote(step.before.linkTarget ?? '')}
wm_expect_none ${at} ${quote(step.to)}`
    case 'runtime':
    case 'daemon':
    case 'oneWay':
      return ':'
    default:
      return assertNever(step)
  }
}

function functionsOf(step: Step, at: number): readonly string[] {
  switch (step.kind) {
    case 'write':
      return [
        contentFunction(`wm_content${at}`, step.after.text),
        metadataFunction(`wm_metadata${at}`, step.before, step.after),
      ]
    case 'create':
      return [
        contentFunction(`wm_content${at}`, step.after.text),
        metadataFunction(`wm_metadata${at}`, null, step.after),
      ]
    case 'delete':
    case 'move':
    case 'runtime':
    case 'daemon':
    case 'oneWay':
      return []
    default:
      return assertNever(step)
  }
}

/** Shell words that place a file step's directory: `FUNCTION N PATH`; null: it needs none. */
export function placing(step: Step, at: number): string | null {
  switch (step.kind) {
    case 'write':
    case 'create':
      return `wm_place ${at} ${quote(step.path)}`
    case 'delete':
      return `wm_beside ${at} ${quote(step.path)}`
    case 'move':
    case 'runtime':
    case 'daemon':
    case 'oneWay':
      return null
    default:
      return assertNever(step)
  }
}

export function dropOf(step: Step, at: number): string {
  const place = placing(step, at)
  return place === null ? ':' : `wm_drop ${place}`
}

function stageOf(step: Step, at: number): string {
  switch (step.kind) {
    case 'write':
    case 'create':
      return `wm_stage ${at} ${quote(step.path)} ${step.after.digest} wm_content${at} wm_metadata${at} || wm_cannot ${at}`
    case 'delete':
      return `wm_beside ${at} ${quote(step.path)} && mkdir -m 700 -- "$wm_tmp" && wm_claim || wm_cannot ${at}`
    case 'move':
    case 'runtime':
    case 'daemon':
    case 'oneWay':
      return ':'
    default:
      return assertNever(step)
  }
}

function doing(step: Step, at: number): string {
  switch (step.kind) {
    case 'write':
    case 'create':
      return `wm_commit ${at} ${quote(step.path)} || wm_failed ${at} $?`
    case 'delete':
      // The name itself goes: of a symbolic link, the link.
      return `wm_beside ${at} ${quote(step.path)} && mv -f -- ${quote(step.path)} "$wm_tmp/before" || wm_failed ${at} $?`
    case 'move':
      return `mv -f -- ${quote(step.from)} ${quote(step.to)} || wm_failed ${at} $?`
    case 'runtime':
      return `wm_piece 'captured ${at}'
${runCommand(step.capture)} || wm_failed ${at} $?
wm_piece 'output ${at}'
${runCommand(step.set)} 2>&1 || wm_failed ${at} $?`
    case 'daemon':
    case 'oneWay':
      return `wm_piece 'output ${at}'\n${runCommand(step.command)} 2>&1 || wm_failed ${at} $?`
    default:
      return assertNever(step)
  }
}
