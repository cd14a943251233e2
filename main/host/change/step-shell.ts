import { assertNever } from '../../../shared/assert-never'
import {
  rehearsalOf,
  type Command,
  type FileMetadata,
  type Step,
  type WriteStep,
} from '../../../shared/model/change'
import { command as words, quote } from '../quote'

/** What one step is in each part of a change's script; a line of journal.sh's words, or nothing. */
export interface StepShell {
  /** Functions that the lines below name. */
  readonly functions: readonly string[]
  readonly check: string
  readonly keep: string
  readonly stage: string
  /** Lays a copy out for the host's own checker; all lie there before the first is looked at. */
  readonly layOut: string
  readonly rehearse: string
  readonly apply: string
  /** Taking back: files first, from the last to the first; then what daemons are told. */
  readonly undoFile: string
  readonly undoCommand: string
  /** Takes away what stands beside the target. */
  readonly drop: string
  /** Takes away what the journal must not keep. */
  readonly dropSecret: string
}

const nothing: StepShell = {
  functions: [],
  check: '',
  keep: '',
  stage: '',
  layOut: '',
  rehearse: '',
  apply: '',
  undoFile: '',
  undoCommand: '',
  drop: '',
  dropSecret: '',
}

/** Seconds that a step's command may take, forth or back; a package manager's more. 0: it is none. */
export function secondsOf(step: Step): number {
  switch (step.kind) {
    case 'runtime':
    case 'daemon':
      return 30
    case 'oneWay':
      return 120
    case 'write':
    case 'create':
    case 'delete':
    case 'move':
      return 0
    default:
      return assertNever(step)
  }
}

/** @param at the step's place in its part, which names its files in the journal */
export function stepShell(step: Step, at: number): StepShell {
  const seconds = secondsOf(step)
  switch (step.kind) {
    case 'write': {
      const path = quote(step.path)
      const { before, after } = step
      return {
        ...nothing,
        functions: [metadataFunction(at, before, after), ...rehearsalFunctions(step, at)],
        check: `wm_expect ${at} ${path} ${before.digest} ${quote(before.linkTarget ?? '')}`,
        keep: `wm_keep ${at} ${path} ${before.digest}`,
        stage: `wm_stage ${at} ${path} ${after.digest}`,
        ...rehearsal(step, at),
        apply: `wm_write ${at} ${path} ${before.digest}`,
        undoFile: `wm_unwrite ${at} ${path} ${before.digest} ${after.digest}`,
        drop: `wm_drop wm_place ${at} ${path}`,
        dropSecret: dropSecret(step.secret, at),
      }
    }
    case 'create': {
      const path = quote(step.path)
      return {
        ...nothing,
        functions: [metadataFunction(at, null, step.after), ...rehearsalFunctions(step, at)],
        check: `wm_expect_none ${at} ${path}`,
        stage: `wm_stage ${at} ${path} ${step.after.digest}`,
        ...rehearsal(step, at),
        apply: `wm_create ${at} ${path}`,
        undoFile: `wm_uncreate ${at} ${path} ${step.after.digest}`,
        drop: `wm_drop wm_place ${at} ${path}`,
      }
    }
    case 'delete': {
      const path = quote(step.path)
      const { before } = step
      return {
        ...nothing,
        check: `wm_expect ${at} ${path} ${before.digest} ${quote(before.linkTarget ?? '')}`,
        keep: `wm_keep_name ${at} ${path} ${before.digest}`,
        stage: `wm_stage_name ${at} ${path}`,
        // The name itself goes: of a symbolic link, the link.
        apply: `wm_delete ${at} ${path} ${before.digest}`,
        undoFile: `wm_undelete ${at} ${path} ${before.digest}`,
        drop: `wm_drop wm_beside ${at} ${path}`,
        dropSecret: dropSecret(step.secret, at),
      }
    }
    case 'move': {
      const names = `${quote(step.from)} ${quote(step.to)}`
      const { before } = step
      return {
        ...nothing,
        check: `wm_expect ${at} ${quote(step.from)} ${before.digest} ${quote(before.linkTarget ?? '')}
wm_expect_none ${at} ${quote(step.to)}
wm_one_fs ${at} ${names}`,
        apply: `wm_move ${at} ${names}`,
        undoFile: `wm_unmove ${at} ${names} ${before.digest}`,
      }
    }
    case 'runtime':
      return {
        ...nothing,
        functions: [
          commandFunction(`wm_capture${at}`, step.capture),
          commandFunction(`wm_do${at}`, step.set),
          commandFunction(`wm_restore${at}`, step.restore),
        ],
        apply: `wm_set ${at} ${seconds}`,
        undoFile: `wm_unset ${at} ${seconds}`,
      }
    case 'daemon':
      return {
        ...nothing,
        functions: [
          commandFunction(`wm_do${at}`, step.command),
          commandFunction(`wm_restore${at}`, step.restore),
          ...(step.atBoot === undefined ? [] : [commandFunction(`wm_boot${at}`, step.atBoot)]),
        ],
        apply: `wm_run ${at} ${seconds}`,
        undoCommand: [
          `wm_restart ${at} ${seconds}`,
          ...(step.atBoot === undefined ? [] : [`wm_at_boot ${at} ${seconds}`]),
        ].join('\n'),
      }
    case 'oneWay':
      return {
        ...nothing,
        functions: [commandFunction(`wm_do${at}`, step.command)],
        apply: `wm_run ${at} ${seconds}`,
      }
    default:
      return assertNever(step)
  }
}

const dropSecret = (secret: boolean, at: number): string => (secret ? `rm -f -- "$wm_dir/before/${at}"` : '')

/** Gives the staged file what `after` has and `before` has not; null: it is made from nothing. */
function metadataFunction(at: number, before: FileMetadata | null, after: FileMetadata): string {
  const lines: string[] = []
  if (before === null || before.uid !== after.uid || before.gid !== after.gid)
    lines.push(`chown ${after.uid}:${after.gid} -- "$1"`)
  // After chown, which takes setuid and setgid away.
  if (before === null || before.mode !== after.mode) lines.push(`chmod ${after.mode.toString(8)} -- "$1"`)
  if (before === null) lines.push(`{ ! command -v restorecon >/dev/null || restorecon -- "$1"; }`)
  return `wm_metadata${at}() { ${lines.length === 0 ? ':' : lines.join(' && ')}; }`
}

/** A command in a subshell of its own: what it sets, or its `exit`, stays there. */
function commandFunction(name: string, command: Command): string {
  switch (command.kind) {
    case 'argv':
      return `${name}() { ${words(command.argv)}; }`
    case 'script':
      return `${name}() {\nset -- ${words(command.args)}\n${command.script}\n}`
    default:
      return assertNever(command)
  }
}

type Staged = Pick<WriteStep, 'path'>

function rehearsalFunctions({ path }: Staged, at: number): readonly string[] {
  const found = rehearsalOf(path)
  return found === null ? [] : [`wm_rehearsal${at}() { ${words([found.program, ...found.options])} "$1"; }`]
}

function rehearsal({ path }: Staged, at: number): Pick<StepShell, 'layOut' | 'rehearse'> {
  const found = rehearsalOf(path)
  if (found === null) return { layOut: '', rehearse: '' }
  const args = `${at} ${quote(path)} ${quote(found.name)} ${quote(found.program)}`
  return { layOut: `wm_lay_out ${args}`, rehearse: `wm_rehearse ${args}` }
}
