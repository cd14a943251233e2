import { has } from '../xinetd/family'
import type { XinetdService } from '../xinetd/resolve'
import type { Setting } from '../xinetd/settings'
import { intOf } from '../xinetd/values'

export type ByName = Readonly<Record<string, Setting>>

/** What the daemon asks of a service again and again (sconf.h). */
export type ServiceKind = {
  readonly stream: boolean
  readonly waits: boolean
  /** xinetd answers by itself: INTERNAL, a sensor, and the interceptor that it puts before an intercepted one. */
  readonly internal: boolean
  readonly sensor: boolean
  readonly intercepted: boolean
  readonly redirected: boolean
  readonly rpc: boolean
  /** A client of the tcpmux service; it has no socket of its own. */
  readonly mux: 'TCPMUX' | 'TCPMUXPLUS' | null
  /** Whether each client gets a process (builtins.c, builtin_services; sensors and short answers do without). */
  readonly forks: boolean
  /** Whether the daemon has a connection, and so an address, per client (SC_ACCEPTS_CONNECTIONS). */
  readonly accepts: boolean
}

export function kindOf({ name, settings }: XinetdService): ServiceKind {
  const stream = wordOf(settings, 'socket_type') === 'stream'
  const waits = wordOf(settings, 'wait') === 'yes'
  const sensor = has(settings, 'flags', 'SENSOR')
  const declared = has(settings, 'type', 'INTERNAL') || sensor
  const intercepted = has(settings, 'flags', 'INTERCEPT') && waits && !declared
  return {
    stream,
    waits,
    internal: declared || intercepted,
    sensor,
    intercepted,
    redirected: settings['redirect'] !== undefined,
    rpc: has(settings, 'type', 'RPC'),
    mux: has(settings, 'type', 'TCPMUXPLUS')
      ? 'TCPMUXPLUS'
      : has(settings, 'type', 'TCPMUX')
        ? 'TCPMUX'
        : null,
    forks: !declared || (stream && !sensor && FORKING.has(name.toLowerCase())),
    accepts: stream && !waits,
  }
}

/** The server accepts by itself, so that the daemon starts it for somebody whose address it does not know. */
export function hasNoAddress({ stream, waits }: ServiceKind): boolean {
  return stream && waits
}

const FORKING = new Set(['echo', 'discard', 'chargen', 'tcpmux'])

export function wordOf(settings: ByName, name: string): string | null {
  return settings[name]?.values[0] ?? null
}

/** What a limit comes to; null: none. */
export function limitOf(setting: Setting | undefined): number | null {
  const word = setting?.values[0]
  return word === undefined || word === 'UNLIMITED' ? null : intOf(word)
}

/** Whether libwrap is not asked; of RPC over TCP the daemon sets the flag itself (service.c, activate_rpc). */
export function skipsLibwrap(settings: ByName): boolean {
  return (
    has(settings, 'flags', 'NOLIBWRAP') ||
    (has(settings, 'type', 'RPC') && wordOf(settings, 'protocol')?.toLowerCase() === 'tcp')
  )
}

/** The daemon's name in hosts.allow and hosts.deny (access.c, access_control). */
export function libwrapName(service: XinetdService): string {
  const { settings } = service
  const { internal, redirected } = kindOf(service)
  const chosen = wordOf(settings, 'libwrap')
  if (chosen !== null) return chosen
  if (internal || redirected) return service.name
  const named = has(settings, 'flags', 'NAMEINARGS') ? wordOf(settings, 'server_args') : null
  const program = named ?? wordOf(settings, 'server') ?? service.id
  return program.slice(program.lastIndexOf('/') + 1)
}

/** Those of the attributes that the service has. */
export function fromOf(settings: ByName, ...names: readonly string[]): ByName {
  return Object.fromEntries(
    names.flatMap((name) => {
      const setting = settings[name]
      return setting === undefined ? [] : [[name, setting] as const]
    }),
  )
}
