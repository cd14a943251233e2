import { has } from '../xinetd/family'
import type { XinetdService } from '../xinetd/resolve'
import { bannerSteps } from './banner-steps'
import { childSteps } from './child-steps'
import type { ByName, ServiceKind } from './kind'
import { fromOf, hasNoAddress, kindOf, libwrapName, limitOf, skipsLibwrap, wordOf } from './kind'
import { listeningOf } from './peer'
import type { AdmissionContext } from './request'
import type { ConnectionStep } from './steps'

export type StepsContext = Pick<AdmissionContext, 'build' | 'ipv6' | 'processes'>

/**
 * What xinetd does for a connection to the service, in its order, with the values that the service has: at its start
 * (service.c, svc_activate), when a client comes (main.c, main_loop; service.c, svc_request; server.c, server_run), and in
 * the child (child.c, child_process). What does not apply is left out. What is not known to be compiled in is listed.
 */
export function connectionSteps(service: XinetdService, context: StepsContext): readonly ConnectionStep[] {
  const kind = kindOf(service)
  const { settings } = service
  const beginning =
    kind.mux === null
      ? [...startSteps(service, kind, context), ...requestSteps(settings, kind, context)]
      : [muxStep(service, kind)]
  const checks = checkSteps(service, kind, context)
  const by = kind.forks ? 'child' : 'daemon'
  const refuse: ConnectionStep = {
    kind: 'refuse',
    by,
    log: settings['log_on_failure']?.values ?? [],
    banner: wordOf(settings, 'banner_fail'),
    from: fromOf(settings, 'log_on_failure', 'banner_fail'),
  }
  if (!kind.forks) {
    // server.c, server_internal.
    const answer: ConnectionStep = {
      kind: 'internal',
      by,
      name: service.name,
      from: fromOf(settings, 'type', 'flags'),
    }
    const success = kind.sensor
      ? []
      : [...bannerSteps(settings, 'success', by), ...logSteps(settings), answer]
    return [...beginning, ...checks, ...success, refuse]
  }
  // server.c, server_start: the daemon logs the start before the child has asked for the address.
  const fork: readonly ConnectionStep[] =
    kind.mux === null
      ? [{ kind: 'fork', by: 'daemon', from: {} }, ...(kind.intercepted ? [] : logSteps(settings))]
      : []
  return [...beginning, ...fork, ...childSteps(service, kind, checks), refuse]
}

/** service.c, svc_activate, activate_normal and activate_rpc. */
function startSteps(
  service: XinetdService,
  kind: ServiceKind,
  context: StepsContext,
): readonly ConnectionStep[] {
  const { settings } = service
  const { family } = listeningOf(service, context.ipv6)
  const isTcp = wordOf(settings, 'protocol')?.toLowerCase() === 'tcp'
  // activate_rpc binds and sets no option.
  const isPlain = !kind.rpc
  const steps: ConnectionStep[] = [
    {
      kind: 'socket',
      by: 'start',
      family,
      type: wordOf(settings, 'socket_type') ?? '',
      protocol: wordOf(settings, 'protocol') ?? '',
      v6only: family === 6 && isPlain ? settings['v6only']?.origin === 'own' : null,
      reuseAddress: isPlain,
      noDelay: isPlain && isTcp && has(settings, 'flags', 'NODELAY'),
      keepAlive: isPlain && isTcp && has(settings, 'flags', 'KEEPALIVE'),
      from: fromOf(settings, 'socket_type', 'protocol', 'flags', 'v6only'),
    },
    {
      kind: 'bind',
      by: 'start',
      address: wordOf(settings, 'bind'),
      port: service.port,
      from: fromOf(settings, 'bind', 'port'),
    },
  ]
  if (kind.rpc)
    steps.push({
      kind: 'register',
      by: 'start',
      program: wordOf(settings, 'rpc_number') ?? service.name,
      versions: wordOf(settings, 'rpc_version') ?? '',
      from: fromOf(settings, 'rpc_number', 'rpc_version'),
    })
  // defs.h, LISTEN_BACKLOG.
  if (kind.stream)
    steps.push({ kind: 'listen', by: 'start', backlog: 64, from: fromOf(settings, 'socket_type') })
  return steps
}

/** main.c, main_loop; connection.c, conn_new; service.c, svc_request; access.c, parent_access_control. */
function requestSteps(
  settings: ByName,
  kind: ServiceKind,
  { build, processes }: StepsContext,
): readonly ConnectionStep[] {
  const by = 'daemon'
  const wait = fromOf(settings, 'wait')
  const steps: ConnectionStep[] = [{ kind: 'select', by, from: {} }]
  if (kind.waits) steps.push({ kind: 'wait', by, from: wait })
  else if (kind.stream) steps.push({ kind: 'accept', by, from: wait })
  steps.push(...bannerSteps(settings, 'always', by))

  const [rate, pause] = settings['cps']?.values.map(Number) ?? []
  if (rate !== undefined && pause !== undefined && rate !== 0)
    steps.push({ kind: 'cps', by, rate, pause, from: fromOf(settings, 'cps') })
  const load = wordOf(settings, 'max_load')
  if (load !== null && build?.options.includes('loadavg') !== false)
    steps.push({ kind: 'max_load', by, load: Number.parseFloat(load), from: fromOf(settings, 'max_load') })
  const times = settings['access_times']
  if (times !== undefined)
    steps.push({ kind: 'access_times', by, intervals: times.values, from: fromOf(settings, 'access_times') })
  for (const name of ['instances', 'per_source'] as const) {
    const limit = limitOf(settings[name])
    if (limit !== null) steps.push({ kind: name, by, limit, from: fromOf(settings, name) })
  }
  if (processes !== null) steps.push({ kind: 'processes', by, limit: processes.limit, from: {} })
  return steps
}

function muxStep({ name, settings }: XinetdService, { mux }: ServiceKind): ConnectionStep {
  return {
    kind: 'tcpmux',
    by: 'daemon',
    name,
    greets: mux === 'TCPMUXPLUS',
    from: fromOf(settings, 'type'),
  }
}

/** access.c, access_control and remote_address_check. */
function checkSteps(
  service: XinetdService,
  kind: ServiceKind,
  { build }: StepsContext,
): readonly ConnectionStep[] {
  const { settings } = service
  const by = kind.forks ? 'child' : 'daemon'
  const hasAddress = !hasNoAddress(kind)
  const steps: ConnectionStep[] = []
  if (kind.sensor)
    return [
      {
        kind: 'sensor',
        by: 'daemon',
        minutes: denyMinutes(settings),
        from: fromOf(settings, 'flags', 'deny_time'),
      },
    ]
  if (hasAddress) steps.push({ kind: 'banned', by, from: {} })
  for (const name of ['no_access', 'only_from'] as const) {
    const words = settings[name]?.values
    if (words !== undefined) steps.push({ kind: name, by, words, hasAddress, from: fromOf(settings, name) })
  }
  if (!skipsLibwrap(settings) && build?.options.includes('libwrap') !== false)
    steps.push({
      kind: 'libwrap',
      by,
      daemon: libwrapName(service),
      from: fromOf(settings, 'libwrap', 'flags', 'server', 'server_args', 'redirect'),
    })
  return steps
}

/** parsers.c, deny_time_parser; confparse.c, service_fill: without it a sensor only logs. */
function denyMinutes(settings: ByName): number | null {
  const word = wordOf(settings, 'deny_time')?.toUpperCase() ?? 'NEVER'
  if (word === 'NEVER') return 0
  return word === 'FOREVER' || Number(word) === -1 ? null : Number(word)
}

/** log.c, svc_log_success. */
function logSteps(settings: ByName): readonly ConnectionStep[] {
  const what = settings['log_on_success']?.values ?? []
  const from = fromOf(settings, 'log_on_success', 'log_type')
  return what.length === 0 ? [] : [{ kind: 'log', by: 'daemon', what, from }]
}
