import { assertNever } from '../../assert-never'
import { encode } from '../../codec'
import type { Change, Command, FileContent, FileMetadata, HostPart, Step } from './change'
import { commandText } from './preview'

/*
 * A change as one shell script, for a ticket: to be read by people, and to be run by them where the app may not be
 * used. It checks what the app checks, keeps what it replaces, and takes everything back when a step fails; what it
 * cannot do is to prove the change, and to take it back after the loss of a connection.
 */

/** @param nameOf the host's name, as the user knows it, by profile id */
export function exportScript(change: Change, nameOf: (host: string) => string): string {
  const several = change.parts.length > 1
  const { key, params } = change.title
  const title = [key, ...Object.entries(params).map(([name, value]) => `${name}=${value}`)].join(' ')
  return [
    '#!/bin/sh',
    comment(title),
    ...(change.reason === '' ? [] : [comment(`Why: ${change.reason}`)]),
    ...change.parts.map((part) =>
      comment(
        `On ${nameOf(part.host)}, as ${part.need === 'none' ? 'the login' : 'root'}${several ? `: sh THIS ${quoted(nameOf(part.host))}` : ''}`,
      ),
    ),
    'set -u',
    'umask 077',
    'LC_ALL=C; export LC_ALL',
    ...library,
    ...change.parts.flatMap((part, at) => partFunctions(part, at)),
    several
      ? `case \${1-} in\n${change.parts.map((part, at) => `${quoted(nameOf(part.host))}) part${at} ;;`).join('\n')}\n*) echo "usage: sh $0 HOST" >&2; exit 64 ;;\nesac`
      : 'part0',
    '',
  ].join('\n')
}

const library = [
  'kept=$(mktemp -d) || exit',
  'sum() { sha256sum <"$1" | cut -c1-64; }',
  'stop() { echo "stopped: $*" >&2; exit 1; }',
  '# FILE DIGEST: nothing is done unless it is what this change was planned on.',
  'expect() { [ -f "$1" ] && [ "$(sum "$1")" = "$2" ] || stop "$1 is not as it was"; }',
  'expect_none() { [ ! -e "$1" ] && [ ! -h "$1" ] || stop "$1 is there already"; }',
  '# NUMBER FILE: the new bytes go into a copy beside it, which takes its place in one rename.',
  'put() {',
  '  real=$2',
  '  if [ -h "$2" ]; then real=$(readlink -f -- "$2"); fi',
  '  if [ -e "$real" ]; then cp -p -- "$real" "$kept/$1" && cp -p -- "$real" "$real.new.$$" || return; fi',
  '  "content$1" >"$real.new.$$" && "metadata$1" "$real.new.$$" && mv -f -- "$real.new.$$" "$real"',
  '}',
  '# NUMBER FILE: back to what was kept.',
  'back() { real=$2; if [ -h "$2" ]; then real=$(readlink -f -- "$2"); fi; cp -p -- "$kept/$1" "$real.new.$$" && mv -f -- "$real.new.$$" "$real"; }',
]

function partFunctions(part: HostPart, at: number): readonly string[] {
  const steps = part.steps.map((step, number) => stepText(step, `${at}_${number}`))
  const undo = [...steps].map((step, number) => ({ ...step, number })).reverse()
  return [
    '',
    ...part.disturbs.map(({ what, degree, sessions }) =>
      comment(
        `${degree}: ${what.key} ${Object.values(what.params).join(' ')}${sessions.map(({ peer }) => ` ${peer}`).join('')}`.trim(),
      ),
    ),
    ...steps.flatMap(({ functions }) => functions),
    `undo${at}() {`,
    '  echo "taking it back" >&2',
    ...undo
      .map(({ undo: line, number }) =>
        line === '' ? '' : `  if [ "$done" -gt ${number} ]; then ${line}; fi`,
      )
      .filter((line) => line !== ''),
    `  stop "step $((done + 1)) failed; what was done before it was taken back"`,
    '}',
    `part${at}() {`,
    ...steps.flatMap(({ check }) => (check === '' ? [] : [`  ${check}`])),
    '  done=0',
    ...steps.map(({ apply }, number) => `  ${apply} || undo${at}; done=${number + 1}`),
    '  echo "done; what was replaced is kept in $kept"',
    '}',
  ]
}

interface StepText {
  readonly functions: readonly string[]
  readonly check: string
  readonly apply: string
  readonly undo: string
}

function stepText(step: Step, id: string): StepText {
  switch (step.kind) {
    case 'write':
      return {
        functions: [
          contentFunction(id, step.path, step.after, step.secret),
          metadataFunction(id, step.before, step.after),
        ],
        check: `expect ${quoted(step.path)} ${step.before.digest}`,
        apply: `put ${id} ${quoted(step.path)}`,
        undo: `back ${id} ${quoted(step.path)}`,
      }
    case 'create':
      return {
        functions: [
          contentFunction(id, step.path, step.after, step.secret),
          metadataFunction(id, null, step.after),
        ],
        check: `expect_none ${quoted(step.path)}`,
        apply: `put ${id} ${quoted(step.path)}`,
        undo: `rm -f -- ${quoted(step.path)}`,
      }
    case 'delete':
      return {
        functions: [],
        check: `expect ${quoted(step.path)} ${step.before.digest}`,
        apply: `mv -f -- ${quoted(step.path)} "$kept/${id}"`,
        undo: `mv -f -- "$kept/${id}" ${quoted(step.path)}`,
      }
    case 'move':
      return {
        functions: [],
        check: `expect ${quoted(step.from)} ${step.before.digest}; expect_none ${quoted(step.to)}`,
        apply: `mv -f -- ${quoted(step.from)} ${quoted(step.to)}`,
        undo: `mv -f -- ${quoted(step.to)} ${quoted(step.from)}`,
      }
    case 'runtime':
      return {
        functions: [
          command(`capture${id}`, step.capture),
          command(`set${id}`, step.set),
          command(`restore${id}`, step.restore),
        ],
        check: '',
        apply: `{ ( capture${id} ) >"$kept/${id}" && ( set${id} ); }`,
        undo: `( restore${id} ) <"$kept/${id}"`,
      }
    case 'daemon':
      return {
        functions: [command(`set${id}`, step.command), command(`restore${id}`, step.restore)],
        check: '',
        apply: `( set${id} )`,
        undo: `( restore${id} )`,
      }
    case 'oneWay':
      return {
        functions: [comment('This cannot be taken back.'), command(`set${id}`, step.command)],
        check: '',
        apply: `( set${id} )`,
        undo: '',
      }
    default:
      return assertNever(step)
  }
}

const command = (name: string, what: Command): string => `${name}() {\n${commandText(what)}\n}`

/** As it can be read, where it can be; else byte by byte. */
function contentFunction(id: string, path: string, { text, digest }: FileContent, secret: boolean): string {
  if (secret)
    return `${comment(`${path} holds secrets: give its new content in the file that CONTENT_${id} names; SHA-256 ${digest}`)}
content${id}() { cat -- "\${CONTENT_${id}:?}"; }`
  // A tab, a line feed, and what is not a control character, a surrogate of our codec or of changing direction.
  if (
    /^[\t\n\u0020-\u007e\u00a0-\u202d\u202f-\u2065\u206a-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]*$/u.test(
      text,
    ) &&
    text.endsWith('\n')
  )
    return `content${id}() {\ncat <<'${delimiterFor(text)}'\n${text}${delimiterFor(text)}\n}`
  return `content${id}() {\n${[...printfLines(text)].join('\n')}\n}`
}

function delimiterFor(text: string): string {
  const lines = new Set(text.split('\n'))
  let delimiter = 'END'
  while (lines.has(delimiter)) delimiter += '_'
  return delimiter
}

function* printfLines(text: string): Generator<string> {
  const bytes = encode(text)
  if (bytes.length === 0) yield '  :'
  for (let at = 0; at < bytes.length; at += 60)
    yield `  printf '${[...bytes.subarray(at, at + 60)].map((byte) => `\\${byte.toString(8).padStart(3, '0')}`).join('')}'`
}

function metadataFunction(id: string, before: FileMetadata | null, after: FileMetadata): string {
  const lines: string[] = []
  if (before === null || before.uid !== after.uid || before.gid !== after.gid)
    lines.push(`chown ${after.uid}:${after.gid} -- "$1"`)
  if (before === null || before.mode !== after.mode) lines.push(`chmod ${after.mode.toString(8)} -- "$1"`)
  return `metadata${id}() { ${lines.length === 0 ? ':' : lines.join(' && ')}; }`
}

/** Nothing that a host or a user wrote can end the comment. */
const comment = (text: string): string => `# ${text.replace(/[^\P{Cc}]|[\u2028\u2029]/gu, ' ')}`

function quoted(word: string): string {
  return /^[A-Za-z0-9_@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`
}
