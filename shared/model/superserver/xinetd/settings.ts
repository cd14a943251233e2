import type { Attribute, Operator } from '../../../lens/xinetd'
import { canonicalName } from '../../../lens/xinetd'
import type { Diagnostic, DiagnosticCode, Effect } from '../diagnostic'
import type { HostNames } from '../state'
import { arityOf } from './attributes'
import type { BlockLine, DaemonBlock } from './blocks'
import type { Entry } from './entries'
import { siteKind, sitesOf } from './sites'
import { acceptsValues, canonicalWords } from './values'

/** What an attribute comes to, and why. */
export type Setting = {
  readonly values: readonly string[]
  /** own: a line of the service. defaults: a line of `defaults`. builtin: what the daemon does by itself. */
  readonly origin: 'own' | 'defaults' | 'builtin'
  /** Where the last line stands that made it so; null for what is built in. */
  readonly at: { readonly path: string; readonly line: number } | null
  /** Lines of the service that add to what `defaults` says, or take from it. */
  readonly onDefaults?: true
}

export type Settings = ReadonlyMap<string, Setting>

export type Reading = {
  /** All of the block's lines, also those behind the one at which the daemon stops reading. */
  readonly settings: Settings
  readonly diagnostics: readonly Diagnostic[]
  /** dropped: a malformed line or a missing brace. disabled: `disable = yes`. marked: a bad value. */
  readonly verdict: 'kept' | 'dropped' | 'disabled' | 'marked'
  /** A bad value in `defaults`: the daemon ends. */
  readonly fatal: boolean
}

/** Reads a block line by line as parse_entry and identify_attribute of parse.c do, on top of what is inherited. */
export function readSettings({ path, block }: Entry, inherited: Settings, names: HostNames): Reading {
  const within = block.kind
  const settings = new Map(inherited)
  const specified = new Set<string>()
  const diagnostics: Diagnostic[] = []
  let stopped: 'dropped' | 'disabled' | null = null
  let marked = false

  const note = (line: BlockLine, code: DiagnosticCode, effect: Effect, params: Diagnostic['params'] = {}) => {
    const from = line.kind === 'attribute' ? line.nameAt : line.text.length - line.text.trimStart().length
    diagnostics.push({
      code,
      effect,
      path,
      line: line.number,
      column: from + 1,
      length: Math.max(1, line.text.trimEnd().length - from),
      params: line.kind === 'attribute' ? { attribute: line.name, ...params } : params,
    })
  }

  for (const line of block.body) {
    if (line.kind === 'malformed') {
      note(line, 'malformedLine', within === 'service' ? 'serviceRefused' : 'linesSkipped', {
        reason: line.reason,
      })
      stopped ??= 'dropped'
      continue
    }
    const name = canonicalName(line.name)
    const values = daemonValues(line)
    const arity = arityOf(name, within)
    if (arity === null) {
      note(line, within === 'service' ? 'unknownAttribute' : 'notInDefaults', 'lineIgnored')
      continue
    }
    const operator = within === 'defaults' && arity === 'list' && line.operator === '=' ? '+=' : line.operator
    if (arity !== 'list' && (specified.has(name) || (within === 'defaults' && inherited.has(name)))) {
      note(line, 'alreadySet', 'lineIgnored')
    } else if (arity !== 'list' && operator !== '=') {
      note(line, 'operatorNotAllowed', 'lineIgnored', { operator })
    } else if (typeof arity === 'number' && values.length !== arity) {
      const code = values.some(isHash) ? 'inlineComment' : 'wrongCount'
      note(line, code, 'lineIgnored', {
        expected: arity,
        found: values.length,
        value: values.join(' '),
      })
    } else if (acceptsValues(name, values, operator, names) && !isSecondLogType(name, within, settings)) {
      specified.add(name)
      const at = { path, line: line.number }
      const meant = canonicalWords(name, values).filter((word) => !isUnreadableSite(name, word))
      if (meant.length < values.length)
        note(line, 'badAddress', 'wordIgnored', {
          value: values.filter((word) => isUnreadableSite(name, word)).join(' '),
        })
      settings.set(name, combined(name, settings.get(name), operator, meant, within, at))
      if (line.eol.startsWith('\r')) note(line, 'carriageReturn', 'none')
      else if (values.some(isHash)) note(line, 'inlineComment', 'none')
      // `disable = no` takes back what a bad value did before.
      if (name === 'disable' && meant[0] === 'no') marked = false
      if (name === 'disable' && meant[0] === 'yes') stopped ??= 'disabled'
    } else if (within === 'defaults') {
      note(line, line.eol.startsWith('\r') ? 'carriageReturn' : 'badDefault', 'daemonExits', {
        value: values.join(' '),
      })
      return { settings, diagnostics, verdict: 'dropped', fatal: true }
    } else {
      note(line, line.eol.startsWith('\r') ? 'carriageReturn' : 'badValue', 'serviceRefused', {
        value: values.join(' '),
      })
      marked = true
    }
    // At every line that names `disable`, the daemon drops what is disabled by then.
    if (name === 'disable' && marked) stopped ??= 'dropped'
  }
  if (!block.closed) {
    diagnostics.push(
      headerNote({ path, block }, 'incompleteEntry', within === 'service' ? 'serviceRefused' : 'none'),
    )
    stopped ??= 'dropped'
  }
  return { settings, diagnostics, verdict: stopped ?? (marked ? 'marked' : 'kept'), fatal: false }
}

function isUnreadableSite(name: string, word: string): boolean {
  return (name === 'only_from' || name === 'no_access') && siteKind(word) === 'unreadable'
}

/** `defaults` takes no second log_type: the daemon ends over it (measured on 2.3.15.3). */
function isSecondLogType(name: string, within: DaemonBlock['kind'], settings: Settings): boolean {
  return name === 'log_type' && within === 'defaults' && settings.has(name)
}

function isHash(value: string): boolean {
  return value.startsWith('#')
}

/** The words as the daemon sees them: it splits at blanks and tabs alone, so a carriage return stays on the last. */
function daemonValues(line: Attribute): readonly string[] {
  if (!line.eol.startsWith('\r')) return line.values
  if (/[ \t]$|[=]$/.test(line.text)) return [...line.values, '\r']
  return line.values.map((value, at) => (at === line.values.length - 1 ? `${value}\r` : value))
}

export function headerNote(
  { path, block: { header } }: Entry,
  code: DiagnosticCode,
  effect: Effect,
  params: Diagnostic['params'] = {},
): Diagnostic {
  const length = Math.max(1, header.text.trimEnd().length)
  return { code, effect, path, line: header.number, column: 1, length, params }
}

/** Of addresses not the words are compared but what they stand for: `-= 10.0.0.0` takes 10.0.0.0/8 (addr.c, addrlist_op). */
function isSameValue(name: string, a: string, b: string): boolean {
  if (a === b) return true
  if (name !== 'only_from' && name !== 'no_access') return false
  const sites = sitesOf(a)
  return sites.length > 0 && JSON.stringify(sites) === JSON.stringify(sitesOf(b))
}

const UNIQUE = new Set(['log_on_success', 'log_on_failure', 'passenv'])
const COMBINING = new Set(['only_from', 'no_access', 'env', 'enabled', 'disabled', ...UNIQUE])

function combined(
  name: string,
  before: Setting | undefined,
  operator: Operator,
  values: readonly string[],
  within: DaemonBlock['kind'],
  at: Setting['at'],
): Setting {
  const origin = within === 'service' ? 'own' : 'defaults'
  if (!COMBINING.has(name)) return { values, origin, at }
  const isOnDefaults = before?.origin === 'defaults' || before?.onDefaults === true
  const made = (values: readonly string[]): Setting =>
    within === 'service' && operator !== '=' && isOnDefaults
      ? { values, origin, at, onDefaults: true }
      : { values, origin, at }
  const old = operator === '=' ? [] : (before?.values ?? [])
  // disabled_parser and enabled_parser do not look at the operator.
  if (operator === '-=' && name !== 'enabled' && name !== 'disabled')
    return made(old.filter((value) => !values.some((gone) => isSameValue(name, value, gone))))
  const added = UNIQUE.has(name)
    ? values.filter((value, index) => !old.includes(value) && values.indexOf(value) === index)
    : values
  return made([...old, ...added])
}
