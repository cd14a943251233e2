import { structuredPatch } from 'diff'
import { assertNever } from '../../assert-never'
import { splitLines } from '../../lens/line'
import type { Change, Command, Disturbance, FileMetadata, HostPart, Phrase, Step } from './change'

/** A change as it is shown before it is applied: nothing in it is needed to apply it. */
export type ChangePreview = {
  readonly title: Phrase
  readonly reason: string
  readonly parts: readonly PartPreview[]
}

export type PartPreview = {
  readonly host: string
  /** Whether root does it, or the login may do all of it. */
  readonly need: 'none' | 'require'
  readonly files: readonly FilePreview[]
  /** Every command, in order. */
  readonly commands: readonly CommandPreview[]
  readonly disturbs: readonly Disturbance[]
  /** Whether all of it can be taken back. */
  readonly reversible: boolean
}

export type FilePreview = {
  readonly kind: 'write' | 'create' | 'delete' | 'move'
  readonly path: string
  /** Where a moved file goes. */
  readonly to: string | null
  /** Secret files are shown by name alone. */
  readonly masked: boolean
  readonly hunks: readonly Hunk[]
  readonly added: number
  readonly removed: number
  /** Mode, owner, label and the like, where they change. */
  readonly metadata: readonly MetadataChange[]
}

export type MetadataChange = {
  readonly name: keyof FileMetadata
  readonly before: string
  readonly after: string
}

/** As in a unified diff. Line numbers count from 1; a range of no lines names the line before it. */
export type Hunk = {
  readonly oldStart: number
  readonly oldLines: number
  readonly newStart: number
  readonly newLines: number
  readonly lines: readonly HunkLine[]
}

export type HunkLine = {
  readonly kind: 'context' | 'added' | 'removed'
  readonly text: string
  /** False for the last line of a file that ends without a newline. */
  readonly ended: boolean
}

export type CommandPreview = {
  readonly title: Phrase | null
  /** Quoted for a POSIX shell, for reading; it is never run from this text. */
  readonly text: string
  readonly reversible: boolean
}

const CONTEXT_LINES = 3
/** Lines added and removed; the search grows with their square. */
const MAX_EDITS = 1000

export function previewOf(change: Change): ChangePreview {
  return { title: change.title, reason: change.reason, parts: change.parts.map(previewPart) }
}

function previewPart(part: HostPart): PartPreview {
  return {
    host: part.host,
    need: part.need ?? 'require',
    files: part.steps.flatMap(previewFile),
    commands: part.steps.flatMap(previewCommand),
    disturbs: part.disturbs,
    reversible: part.steps.every((step) => step.kind !== 'oneWay'),
  }
}

function previewFile(step: Step): readonly FilePreview[] {
  switch (step.kind) {
    case 'write':
      return [
        fileDiff(
          'write',
          step.path,
          step.before.text,
          step.after.text,
          step.secret,
          metadataChanges(step.before, step.after),
        ),
      ]
    case 'create':
      return [fileDiff('create', step.path, '', step.after.text, step.secret, [])]
    case 'delete':
      return [fileDiff('delete', step.path, step.before.text, '', step.secret, [])]
    case 'move':
      return [{ ...fileDiff('move', step.from, '', '', step.secret, []), to: step.to }]
    case 'runtime':
    case 'daemon':
    case 'oneWay':
      return []
    default:
      return assertNever(step)
  }
}

function fileDiff(
  kind: FilePreview['kind'],
  path: string,
  before: string,
  after: string,
  masked: boolean,
  metadata: readonly MetadataChange[],
): FilePreview {
  const hunks = masked ? [] : diffHunks(before, after)
  const count = (wanted: HunkLine['kind']) =>
    hunks.reduce((sum, hunk) => sum + hunk.lines.filter((line) => line.kind === wanted).length, 0)
  return { kind, path, to: null, masked, hunks, added: count('added'), removed: count('removed'), metadata }
}

/** The hunks between two texts, by line, with three lines around each. */
export function diffHunks(before: string, after: string): readonly Hunk[] {
  if (before === after) return []
  const options = { context: CONTEXT_LINES, maxEditLength: MAX_EDITS }
  const patch = structuredPatch('', '', before, after, undefined, undefined, options)
  if (patch === undefined) return [wholeHunk(before, after)]
  return patch.hunks.map(({ lines, ...range }) => ({ ...range, lines: hunkLines(lines) }))
}

/** For texts with little in common, where the search for the smallest difference would take minutes. */
function wholeHunk(before: string, after: string): Hunk {
  const old = linesOf(before)
  const next = linesOf(after)
  const most = Math.min(old.length, next.length)
  let front = 0
  while (front < most && old[front] === next[front]) front += 1
  let back = 0
  while (back < most - front && old.at(-1 - back) === next.at(-1 - back)) back += 1
  const from = Math.max(0, front - CONTEXT_LINES)
  const behind = Math.min(back, CONTEXT_LINES)
  const line = (kind: HunkLine['kind']) => (text: string) => ({
    kind,
    text: text.replace(/\n$/, ''),
    ended: text.endsWith('\n'),
  })
  const oldLines = old.length - back + behind - from
  const newLines = next.length - back + behind - from
  return {
    oldStart: oldLines === 0 ? from : from + 1,
    oldLines,
    newStart: newLines === 0 ? from : from + 1,
    newLines,
    lines: [
      ...old.slice(from, front).map(line('context')),
      ...old.slice(front, old.length - back).map(line('removed')),
      ...next.slice(front, next.length - back).map(line('added')),
      ...old.slice(old.length - back, old.length - back + behind).map(line('context')),
    ],
  }
}

function linesOf(text: string): readonly string[] {
  const lines = splitLines(text)
  return lines.map(({ text: line, eol }) => line + eol)
}

function hunkLines(lines: readonly string[]): readonly HunkLine[] {
  return lines.flatMap((line, at): readonly HunkLine[] => {
    const ended = lines[at + 1]?.startsWith('\\') !== true
    switch (line[0]) {
      case ' ':
        return [{ kind: 'context', text: line.slice(1), ended }]
      case '+':
        return [{ kind: 'added', text: line.slice(1), ended }]
      case '-':
        return [{ kind: 'removed', text: line.slice(1), ended }]
      default:
        return [] // "\ No newline at end of file" belongs to the line before it
    }
  })
}

const METADATA = [
  'mode',
  'uid',
  'gid',
  'label',
  'acl',
  'attributes',
] as const satisfies readonly (keyof FileMetadata)[]

function metadataChanges(before: FileMetadata, after: FileMetadata): readonly MetadataChange[] {
  return METADATA.flatMap((name) =>
    before[name] === after[name] ? [] : [{ name, before: shown(name, before), after: shown(name, after) }],
  )
}

function shown(name: keyof FileMetadata, of: FileMetadata): string {
  if (name === 'mode') return of.mode.toString(8).padStart(4, '0')
  return String(of[name] ?? '')
}

function previewCommand(step: Step): readonly CommandPreview[] {
  switch (step.kind) {
    case 'write':
    case 'create':
    case 'delete':
    case 'move':
      return []
    case 'runtime':
      return [{ title: step.title, text: commandText(step.set), reversible: true }]
    case 'daemon':
      return [{ title: step.title, text: commandText(step.command), reversible: true }]
    case 'oneWay':
      return [{ title: step.title, text: commandText(step.command), reversible: false }]
    default:
      return assertNever(step)
  }
}

/** A command for reading and for a reviewed script: arguments quoted for a POSIX shell. */
export function commandText(command: Command): string {
  switch (command.kind) {
    case 'argv':
      return command.argv.map(quoted).join(' ')
    case 'script':
      return command.args.length === 0
        ? command.script
        : `set -- ${command.args.map(quoted).join(' ')}\n${command.script}`
    default:
      return assertNever(command)
  }
}

function quoted(word: string): string {
  return /^[A-Za-z0-9_@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`
}
