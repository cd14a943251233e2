import { has } from '../xinetd/family'
import type { XinetdService } from '../xinetd/resolve'
import { intOf } from '../xinetd/values'
import { bannerSteps } from './banner-steps'
import type { ByName, ServiceKind } from './kind'
import { fromOf, wordOf } from './kind'
import type { ConnectionStep, Limit } from './steps'

const by = 'child'

/** child.c, child_process: what it is before the checks of the address and libwrap, and what it does when they let in. */
export function childSteps(
  service: XinetdService,
  kind: ServiceKind,
  checks: readonly ConnectionStep[],
): readonly ConnectionStep[] {
  const { settings } = service
  return [
    ...(kind.intercepted ? [] : credentialSteps(settings)),
    ...checks,
    ...bannerSteps(settings, 'success', by),
    ...identitySteps(settings, kind),
    ...serverSteps(service, kind),
  ]
}

/** child.c, set_credentials, then nice(2). */
function credentialSteps(settings: ByName): readonly ConnectionStep[] {
  const user = wordOf(settings, 'user')
  const group = wordOf(settings, 'group')
  const steps: ConnectionStep[] = []
  if (user !== null || group !== null) {
    const initgroups = user !== null && wordOf(settings, 'groups') === 'yes'
    // group null: the one that the user has in /etc/passwd.
    steps.push({ kind: 'setgid', by, group, from: fromOf(settings, 'group', 'user') })
    steps.push({ kind: 'groups', by, initgroups, from: fromOf(settings, 'groups') })
  }
  if (user !== null) steps.push({ kind: 'setuid', by, user, from: fromOf(settings, 'user') })
  const mask = wordOf(settings, 'umask')
  if (mask !== null) steps.push({ kind: 'umask', by, mask, from: fromOf(settings, 'umask') })
  const nice = wordOf(settings, 'nice')
  if (nice !== null) {
    const value = intOf(nice) ?? 0
    const works = value >= 0 || user === null || user === 'root' || intOf(user) === 0
    steps.push({ kind: 'nice', by, value, works, from: fromOf(settings, 'nice') })
  }
  return steps
}

/** child.c; sconf.h, LOGS_USERID. */
function identitySteps(settings: ByName, { accepts }: ServiceKind): readonly ConnectionStep[] {
  if (!accepts || !has(settings, 'log_on_success', 'USERID')) return []
  const required = has(settings, 'flags', 'IDONLY')
  return [{ kind: 'identity', by, required, from: fromOf(settings, 'log_on_success', 'flags') }]
}

function serverSteps(service: XinetdService, kind: ServiceKind): readonly ConnectionStep[] {
  const { name, settings } = service
  if (kind.intercepted) return [{ kind: 'intercept', by, from: fromOf(settings, 'flags') }]
  if (kind.internal) return [{ kind: 'internal', by, name, from: fromOf(settings, 'type') }]
  const [host, port] = settings['redirect']?.values ?? []
  if (host !== undefined && port !== undefined)
    return [{ kind: 'redirect', by, host, port, from: fromOf(settings, 'redirect') }]
  return execSteps(settings)
}

/** child.c, exec_server. */
function execSteps(settings: ByName): readonly ConnectionStep[] {
  const steps: ConnectionStep[] = [environmentStep(settings), { kind: 'dup2', by, from: {} }]
  const limits = limitsOf(settings)
  if (limits.length > 0) steps.push({ kind: 'rlimits', by, limits, from: fromOf(settings, ...LIMITS) })
  if (has(settings, 'flags', 'LABELED')) steps.push({ kind: 'context', by, from: fromOf(settings, 'flags') })
  steps.push({ kind: 'setsid', by, from: {} })
  const path = wordOf(settings, 'server') ?? ''
  const args = settings['server_args']?.values ?? []
  // confparse.c, fix_server_argv.
  const argv = has(settings, 'flags', 'NAMEINARGS') ? args : [path.slice(path.lastIndexOf('/') + 1), ...args]
  steps.push({ kind: 'exec', by, path, argv, from: fromOf(settings, 'server', 'server_args', 'flags') })
  return steps
}

/** env.c, setup_environ. */
function environmentStep(settings: ByName): ConnectionStep {
  const added = settings['env']?.values ?? []
  const base = settings['passenv']?.values ?? 'all'
  return { kind: 'environment', by, base, added, from: fromOf(settings, 'passenv', 'env') }
}

const LIMITS = [
  'rlimit_files',
  'rlimit_as',
  'rlimit_cpu',
  'rlimit_data',
  'rlimit_rss',
  'rlimit_stack',
] as const

const RESOURCES = {
  rlimit_files: 'files',
  rlimit_as: 'as',
  rlimit_cpu: 'cpu',
  rlimit_data: 'data',
  rlimit_rss: 'rss',
  rlimit_stack: 'stack',
} as const satisfies Readonly<Record<string, Limit['resource']>>

/** A limit of 0 is none to the daemon. */
function limitsOf(settings: ByName): readonly Limit[] {
  return LIMITS.flatMap((name) => {
    const word = wordOf(settings, name)
    if (word === null) return []
    const value = word.toUpperCase() === 'UNLIMITED' ? null : amountOf(word)
    return value === 0 ? [] : [{ resource: RESOURCES[name], value }]
  })
}

/** parsers.c, get_limit: k and m stand for 1024 and its square. */
function amountOf(word: string): number {
  const unit = /k[\v\f\r]*$/i.test(word) ? 1024 : /m[\v\f\r]*$/i.test(word) ? 1024 * 1024 : 1
  return Number.parseInt(word, 10) * unit
}
