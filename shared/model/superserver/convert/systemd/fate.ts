import type { XinetdService } from '../../xinetd/resolve'
import type { Lost, LostReason } from './unit'
import { hasFlag, valueOf, valuesOf } from './unit'

/** What becomes of each attribute of a service; `expressed` ones stand in the units, or mean nothing there. */
const FATES: Readonly<Record<string, LostReason | 'expressed'>> = {
  socket_type: 'expressed',
  protocol: 'expressed',
  wait: 'expressed',
  user: 'expressed',
  group: 'expressed',
  groups: 'expressed',
  server: 'expressed',
  server_args: 'expressed',
  instances: 'expressed',
  per_source: 'expressed',
  cps: 'expressed',
  // By its values; see accessOf and flagsLost.
  only_from: 'expressed',
  no_access: 'expressed',
  flags: 'expressed',
  type: 'expressed',
  env: 'expressed',
  passenv: 'expressed',
  port: 'expressed',
  bind: 'expressed',
  v6only: 'expressed',
  nice: 'expressed',
  umask: 'expressed',
  rlimit_as: 'expressed',
  rlimit_cpu: 'expressed',
  rlimit_data: 'expressed',
  rlimit_files: 'expressed',
  rlimit_rss: 'expressed',
  rlimit_stack: 'expressed',
  id: 'expressed',
  disable: 'expressed',
  enabled: 'expressed',
  disabled: 'expressed',
  rpc_version: 'rpc',
  rpc_number: 'rpc',
  redirect: 'redirect',
  log_type: 'journal',
  log_on_success: 'journal',
  log_on_failure: 'journal',
  access_times: 'noClock',
  max_load: 'noLoad',
  banner: 'noBanner',
  banner_success: 'noBanner',
  banner_fail: 'noBanner',
  deny_time: 'sensor',
  libwrap: 'libwrap',
}

const FLAGS: Readonly<Record<string, LostReason>> = {
  INTERCEPT: 'intercept',
  NORETRY: 'retry',
  IDONLY: 'identity',
  SENSOR: 'sensor',
}

/** What the units do not say. What is built in and was chosen by nobody is not told. */
export function lostOf(service: XinetdService): readonly Lost[] {
  const own = Object.entries(service.settings).filter(([, { origin }]) => origin !== 'builtin')
  const lost = own.flatMap(([attribute, { values }]): readonly Lost[] => {
    const why = Object.hasOwn(FATES, attribute) ? (FATES[attribute] ?? 'unknown') : 'unknown'
    return why === 'expressed' ? [] : [{ attribute, values, why }]
  })
  return [...lost, ...flagsLost(service), ...wrappersLost(service)]
}

function flagsLost(service: XinetdService): readonly Lost[] {
  return valuesOf(service, 'flags').flatMap((flag): readonly Lost[] => {
    const why = Object.hasOwn(FLAGS, flag) ? FLAGS[flag] : undefined
    return why === undefined ? [] : [{ attribute: 'flags', values: [flag], why }]
  })
}

/** A service is under hosts.allow without a word about it. */
function wrappersLost(service: XinetdService): readonly Lost[] {
  const isSaid = hasFlag(service, 'NOLIBWRAP') || Object.hasOwn(service.settings, 'libwrap')
  return isSaid ? [] : [{ attribute: 'libwrap', values: [], why: 'libwrap' }]
}

/** What leaves nothing to be run; null: the service can be. */
export function obstacleOf(service: XinetdService): Lost | null {
  const type = valuesOf(service, 'type')
  const protocol = service.protocol
  const socketType = valueOf(service, 'socket_type')
  const lost = (attribute: string, why: LostReason): Lost => ({
    attribute,
    values: valuesOf(service, attribute),
    why,
  })
  if (hasFlag(service, 'SENSOR')) return lost('flags', 'sensor')
  if (type.includes('INTERNAL')) return lost('type', 'internal')
  if (type.includes('TCPMUX') || type.includes('TCPMUXPLUS')) return lost('type', 'tcpmux')
  if (type.includes('RPC')) return lost('type', 'rpc')
  if (Object.hasOwn(service.settings, 'redirect')) return lost('redirect', 'redirect')
  if (socketType !== 'stream' && socketType !== 'dgram') return lost('socket_type', 'socketType')
  if (protocol?.toLowerCase() !== (socketType === 'stream' ? 'tcp' : 'udp'))
    return lost('protocol', 'protocol')
  const bound = valueOf(service, 'bind')
  if (bound !== null && !/^[\d.]+$/.test(bound) && !bound.includes(':')) return lost('bind', 'boundToName')
  if (service.port === null || service.port === 0) return lost('port', 'noPort')
  for (const attribute of ['instances', 'per_source'])
    if (valueOf(service, attribute) === '0') return lost(attribute, 'nobodyIn')
  return valueOf(service, 'server')?.startsWith('/') === true ? null : lost('server', 'notAbsolute')
}
