/*
 * The tables of parse.c: which attributes there are, how many values each takes, and which of them may stand in
 * `defaults`. `list` attributes know += and -=; `any` takes one value or more.
 */

export type Arity = number | 'any' | 'list'

const SERVICE: Readonly<Record<string, Arity>> = {
  socket_type: 1,
  protocol: 1,
  wait: 1,
  user: 1,
  group: 1,
  server: 1,
  server_args: 'any',
  instances: 1,
  log_on_success: 'list',
  log_on_failure: 'list',
  only_from: 'list',
  no_access: 'list',
  log_type: 'any',
  access_times: 'any',
  type: 'any',
  rpc_version: 1,
  rpc_number: 1,
  id: 1,
  env: 'list',
  port: 1,
  passenv: 'list',
  flags: 'any',
  nice: 1,
  redirect: 2,
  banner: 1,
  bind: 1,
  per_source: 1,
  groups: 1,
  banner_success: 1,
  banner_fail: 1,
  cps: 2,
  disable: 1,
  max_load: 1,
  rlimit_as: 1,
  rlimit_cpu: 1,
  rlimit_data: 1,
  rlimit_files: 1,
  rlimit_rss: 1,
  rlimit_stack: 1,
  v6only: 1,
  deny_time: 1,
  umask: 1,
  libwrap: 1,
}

const DEFAULTS: Readonly<Record<string, Arity>> = {
  log_type: 'list',
  log_on_success: 'list',
  log_on_failure: 'list',
  disabled: 'list',
  enabled: 'list',
  no_access: 'list',
  only_from: 'list',
  passenv: 'list',
  instances: 1,
  banner: 1,
  bind: 1,
  per_source: 1,
  groups: 1,
  banner_success: 1,
  banner_fail: 1,
  cps: 2,
  max_load: 1,
  v6only: 1,
  umask: 1,
}

/** How many values the attribute takes there; null: the daemon does not know it. `name` is the canonical one. */
export function arityOf(name: string, within: 'service' | 'defaults'): Arity | null {
  const table = within === 'service' ? SERVICE : DEFAULTS
  return Object.hasOwn(table, name) ? (table[name] ?? null) : null
}

export function isOfDefaults(name: string): boolean {
  return arityOf(name, 'defaults') !== null
}

/** Words of `type`, `flags` and the log options (nvlists.c). */
export const words = {
  socket_type: ['stream', 'dgram', 'raw', 'seqpacket'],
  type: ['RPC', 'INTERNAL', 'UNLISTED', 'SPECIAL', 'TCPMUX', 'TCPMUXPLUS'],
  flags: [
    'REUSE',
    'INTERCEPT',
    'NORETRY',
    'IDONLY',
    'NAMEINARGS',
    'NODELAY',
    'KEEPALIVE',
    'NOLIBWRAP',
    'SENSOR',
    'IPv4',
    'IPv6',
    'LABELED',
  ],
  log_on_success: ['HOST', 'DURATION', 'EXIT', 'PID', 'USERID', 'TRAFFIC'],
  log_on_failure: ['HOST', 'ATTEMPT', 'USERID'],
  facility: [
    'daemon',
    'auth',
    'authpriv',
    'user',
    'mail',
    'lpr',
    'news',
    'uucp',
    'ftp',
    'local0',
    'local1',
    'local2',
    'local3',
    'local4',
    'local5',
    'local6',
    'local7',
  ],
  level: ['emerg', 'alert', 'crit', 'err', 'warning', 'notice', 'info', 'debug'],
} as const satisfies Readonly<Record<string, readonly string[]>>

/** What the daemon answers by itself, by socket type (builtins.c). */
export const internalServices: Readonly<Record<'stream' | 'dgram', readonly string[]>> = {
  stream: ['echo', 'time', 'daytime', 'chargen', 'discard', 'tcpmux', 'sensor'],
  dgram: ['echo', 'time', 'daytime', 'chargen', 'discard', 'sensor'],
}
