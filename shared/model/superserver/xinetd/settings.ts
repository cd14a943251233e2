import type { Attribute, Block, Malformed, Operator } from '../../../lens/xinetd'
import { canonicalName } from '../../../lens/xinetd'
import type { Diagnostic, DiagnosticCode, Effect } from '../diagnostic'
import type { HostNames } from '../state'
import { arityOf } from './attributes'
import type { Entry } from './entries'
import { acceptsValues } from './values'

/** What an attribute comes to, and why. */
export type Setting = {
  readonly values: readonly string[]
  /** own: a line of the service. defaults: a line of `defaults`. builtin: what the daemon does by itself. */
  readonly origin: 'own' | 'defaults' | 'builtin'
  /** Where the last line stands that made it so; null for what is built in. */
  readonly at: { readonly path: string; readonly line: number } | null
}

export type Settings = ReadonlyMap<string, Setting>

export type Reading = {
  readonly settings: Settings
  readonly diagnostics: readonly Diagnostic[]
  /** dropped: a malformed line or a missing brace. disabled: `disable = yes`. marked: a bad value. */
  readonly verdict: 'kept' | 'dropped' | 'disabled' | 'marked'
  readonly fatal: boolean
}

/** Reads a block line by line as parse_entry and identify_attribute of parse.c do, on top of what is inherited. */
export function readSettings(entry: Entry, inherited: Settings, names: HostNames): Reading {
  const { block } = entry
  const within = block.kind
  const settings = new Map(inherited)
  const specified = new Set<string>()
  const diagnostics: Diagnostic[] = []
  let marked = false
  let fatal = false

  const note = (
    line: Attribute | Malformed,
    number: number,
    code: DiagnosticCode,
    effect: Effect,
    params = {},
  ) => {
    const from = line.kind === 'attribute' ? line.nameAt : line.text.length - line.text.trimStart().length
    diagnostics.push({
      code,
      effect,
      path: entry.path,
      line: number,
      column: from + 1,
      length: Math.max(1, line.text.trimEnd().length - from),
      params: line.kind === 'attribute' ? { attribute: line.name, ...params } : params,
    })
  }
  const end = (verdict: Reading['verdict']): Reading => ({ settings, diagnostics, verdict, fatal })

  let number = entry.line + block.gap.length + 1
  for (const line of block.body) {
    number += 1
    if (line.kind === 'blank' || line.kind === 'comment') continue
    if (line.kind === 'malformed') {
      note(line, number, 'malformedLine', within === 'service' ? 'serviceRefused' : 'linesSkipped', {
        reason: line.reason,
      })
      return end('dropped')
    }
    const name = canonicalName(line.name)
    const values = daemonValues(line)
    const arity = arityOf(name, within)
    if (arity === null) {
      note(line, number, within === 'service' ? 'unknownAttribute' : 'notInDefaults', 'lineIgnored')
      continue
    }
    let operator: Operator = line.operator
    if (arity === 'list') {
      if (within === 'defaults' && operator === '=') operator = '+='
    } else if (specified.has(name) || (within === 'defaults' && inherited.has(name))) {
      note(line, number, 'alreadySet', 'lineIgnored')
      continue
    } else if (operator !== '=') {
      note(line, number, 'operatorNotAllowed', 'lineIgnored', { operator })
      continue
    }
    const returned = line.eol.startsWith('\r')
    if (typeof arity === 'number' && values.length !== arity) {
      note(line, number, values.some(isHash) ? 'inlineComment' : 'wrongCount', 'lineIgnored', {
        expected: arity,
        found: values.length,
      })
    } else if (acceptsValues(name, values, operator, names)) {
      specified.add(name)
      settings.set(
        name,
        combined(name, settings.get(name), operator, values, within, { path: entry.path, line: number }),
      )
      if (returned) note(line, number, 'carriageReturn', 'none')
      else if (values.some(isHash)) note(line, number, 'inlineComment', 'none')
    } else if (within === 'service') {
      note(line, number, returned ? 'carriageReturn' : 'badValue', 'serviceRefused', {
        value: values.join(' '),
      })
      marked = true
    } else {
      note(line, number, returned ? 'carriageReturn' : 'badDefault', 'daemonExits', {
        value: values.join(' '),
      })
      fatal = true
      return end('dropped')
    }
    if (name !== 'disable') continue
    // `disable = no` takes back what an earlier bad value did; the daemon reads no further once it is disabled.
    const own = specified.has('disable') ? settings.get('disable')?.values[0] : undefined
    if (own === 'no' && line.operator === '=' && settings.get('disable')?.at?.line === number) marked = false
    if (own === 'yes') return end('disabled')
    if (marked) return end('dropped')
  }
  if (block.close === null) {
    diagnostics.push(headerNote(entry, 'incompleteEntry', within === 'service' ? 'serviceRefused' : 'none'))
    return end('dropped')
  }
  return end(marked ? 'marked' : 'kept')
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
  entry: Pick<Entry<Block>, 'path' | 'line' | 'block'>,
  code: DiagnosticCode,
  effect: Effect,
  params: Readonly<Record<string, string | number>> = {},
): Diagnostic {
  const { text } = entry.block.header
  return {
    code,
    effect,
    path: entry.path,
    line: entry.line,
    column: 1,
    length: Math.max(1, text.trimEnd().length),
    params,
  }
}

const UNIQUE = new Set(['log_on_success', 'log_on_failure', 'passenv'])
const COMBINING = new Set(['only_from', 'no_access', 'env', 'enabled', 'disabled', ...UNIQUE])

function combined(
  name: string,
  before: Setting | undefined,
  operator: Operator,
  values: readonly string[],
  within: Block['kind'],
  at: Setting['at'],
): Setting {
  const origin = within === 'service' ? 'own' : 'defaults'
  if (!COMBINING.has(name)) return { values, origin, at }
  const old = operator === '=' ? [] : (before?.values ?? [])
  if (operator === '-=') return { values: old.filter((value) => !values.includes(value)), origin, at }
  const added = UNIQUE.has(name)
    ? values.filter((value, index) => !old.includes(value) && values.indexOf(value) === index)
    : values
  return { values: [...old, ...added], origin, at }
}
