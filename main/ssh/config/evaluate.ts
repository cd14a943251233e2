import type { Environment } from '../environment'
import { matchPattern, matchPatternList } from '../known-hosts/match'
import type { ConfigFile, Directive, Place } from './directive'

/** What the files say for one host: the first value of each option, and every value of those that add up. */
export interface HostOptions {
  /** First value given, words joined as they stood for commands. Keys in lower case. */
  readonly single: ReadonlyMap<string, readonly string[]>
  /** Where each of `single` stands; of those that add up, the first. */
  readonly places: ReadonlyMap<string, Place>
  readonly identityFiles: readonly string[]
  readonly certificateFiles: ReadonlyMap<string, Place>
  /** Each `Match exec` met: it is not run, and counts as no match. */
  readonly execs: ReadonlyMap<string, Place>
}

/** ssh_config(5) lists them as adding up rather than first-wins. */
const adding = new Set([
  'identityfile',
  'certificatefile',
  'localforward',
  'remoteforward',
  'dynamicforward',
  'sendenv',
  'setenv',
])

interface Pass {
  readonly env: Environment
  /** What `Host` is compared with. */
  readonly host: string
  readonly original: string
  readonly final: boolean
  readonly single: Map<string, readonly string[]>
  readonly places: Map<string, Place>
  readonly identityFiles: string[]
  readonly certificateFiles: Map<string, Place>
  readonly execs: Map<string, Place>
  wantsFinal: boolean
}

/**
 * Follows ssh.c: a pass over all files; when a `Match final` was met, a second one in which `Host` and `Match
 * host` see the name that HostName gave.
 * @param files the user's, then the system's.
 * @param given what is set before the files are read, such as the user of `user@host`.
 */
export function evaluateHost(
  files: readonly ConfigFile[],
  env: Environment,
  alias: string,
  given: ReadonlyMap<string, readonly string[]> = new Map(),
): HostOptions {
  const shared = {
    env,
    original: alias,
    single: new Map(given),
    places: new Map<string, Place>(),
    identityFiles: [],
    certificateFiles: new Map<string, Place>(),
    execs: new Map<string, Place>(),
  }
  const first: Pass = { ...shared, host: alias, final: false, wantsFinal: false }
  for (const file of files) runFile(first, file, true)
  if (first.wantsFinal) {
    // ssh.c sets HostName before the second pass, so that one given there comes too late.
    const host = hostName(first, alias).toLowerCase()
    shared.single.set('hostname', [host.replace(/%/g, '%%')])
    const second: Pass = { ...shared, host, final: true, wantsFinal: false }
    for (const file of files) runFile(second, file, true)
  }
  const { single, places, identityFiles, certificateFiles, execs } = shared
  return { single, places, identityFiles, certificateFiles, execs }
}

/** @param reachable false: the Include that led here stood in a block that does not apply. */
function runFile(pass: Pass, file: ConfigFile, reachable: boolean): void {
  let active = reachable
  for (const directive of file.directives) {
    switch (directive.keyword) {
      case 'host':
        active = reachable && matchesHostLine(directive.words, pass.host)
        break
      case 'match':
        active = matchesMatchLine(pass, directive) && reachable
        break
      case 'include':
        for (const included of directive.included) runFile(pass, included, active)
        break
      default:
        if (active) set(pass, directive)
    }
  }
}

function set(pass: Pass, { keyword, words, rest, place }: Directive): void {
  const key = aliases.get(keyword) ?? keyword
  const values = key.endsWith('command') ? [rest] : words
  const first = values[0]
  if (first === undefined) return
  if (key === 'identityfile') {
    if (!pass.identityFiles.includes(first)) pass.identityFiles.push(first)
    return
  }
  if (key === 'certificatefile') {
    if (!pass.certificateFiles.has(first)) pass.certificateFiles.set(first, place)
    return
  }
  // Whichever of the two comes first keeps the other from taking effect; but not `ProxyJump none`.
  const jump = pass.single.get('proxyjump')?.[0]?.toLowerCase()
  if (key === 'proxycommand' && jump !== undefined && jump !== 'none') return
  if (key === 'proxyjump' && pass.single.has('proxycommand')) return
  const there = pass.single.get(key)
  if (there === undefined) {
    pass.single.set(key, values)
    pass.places.set(key, place)
  } else if (adding.has(key)) pass.single.set(key, [...there, ...values])
}

/** Old names that readconf.c takes for new ones. */
const aliases = new Map([
  ['challengeresponseauthentication', 'kbdinteractiveauthentication'],
  ['skeyauthentication', 'kbdinteractiveauthentication'],
  ['tisauthentication', 'kbdinteractiveauthentication'],
  ['dsaauthentication', 'pubkeyauthentication'],
  ['hostname', 'hostname'],
])

function matchesHostLine(patterns: readonly string[], host: string): boolean {
  let active = false
  for (const pattern of patterns) {
    const negated = pattern.startsWith('!')
    if (!matchPattern(negated ? pattern.slice(1) : pattern, host)) continue
    if (negated) return false
    active = true
  }
  return active
}

function hostName(pass: Pass, alias: string): string {
  const given = pass.single.get('hostname')?.[0]
  return given === undefined
    ? alias
    : given.replace(/%([%h])/g, (_, token: string) => (token === 'h' ? alias : '%'))
}

/** match_cfg_line() of readconf.c. A line that ssh would refuse matches nothing. */
function matchesMatchLine(pass: Pass, directive: Directive): boolean {
  const words = splitCriteria(directive.rest)
  let result = true
  let criteria = 0
  for (let at = 0; at < words.length; at++) {
    let attribute = (words[at] ?? '').toLowerCase()
    if (attribute.startsWith('#')) break
    const negated = attribute.startsWith('!')
    if (negated) attribute = attribute.slice(1)
    const holds = (condition: boolean) => {
      if (condition === negated) result = false
    }
    if (attribute === 'all') {
      const next = words[at + 1]
      if (criteria > 0 || (next !== undefined && !next.startsWith('#'))) return false
      return result && !negated
    }
    if (attribute === 'canonical' || attribute === 'final') {
      if (attribute === 'final') pass.wantsFinal = true
      holds(pass.final)
      continue
    }
    criteria++
    const argument = words[++at]
    if (argument === undefined || argument === '') return false
    const list = argument.split(',')
    const folded = list.map((pattern) => pattern.toLowerCase())
    switch (attribute) {
      case 'host':
        holds(matchPatternList(folded, hostName(pass, pass.host).toLowerCase()))
        break
      case 'originalhost':
        holds(matchPatternList(folded, pass.original.toLowerCase()))
        break
      case 'user':
        holds(matchPatternList(list, pass.single.get('user')?.[0] ?? pass.env.user))
        break
      case 'localuser':
        holds(matchPatternList(list, pass.env.user))
        break
      case 'exec':
        if (!pass.execs.has(argument)) pass.execs.set(argument, directive.place)
        result = false
        break
      default:
        return false
    }
  }
  return result && words.length > 0
}

/** strdelim() of misc.c: blanks or one `=` between words, double quotes around a whole word. */
function splitCriteria(text: string): readonly string[] {
  return [...text.matchAll(/"([^"]*)"?|([^\s="]+)/g)].map(([, quoted, bare]) => quoted ?? bare ?? '')
}

/** The names on `Host` lines that are a host and not a pattern, in the order they stand. */
export function namedHosts(files: readonly ConfigFile[]): readonly string[] {
  const names = new Set<string>()
  const visit = (file: ConfigFile) => {
    for (const directive of file.directives) {
      if (directive.keyword === 'host') {
        for (const name of directive.words) if (name !== '' && !/[*?!]/.test(name)) names.add(name)
      }
      directive.included.forEach(visit)
    }
  }
  files.forEach(visit)
  return [...names]
}
