import type { LogLine } from '../../../probe/xinetd-log'

export type LogEvent = { readonly at: number } & (
  | { readonly kind: 'started' }
  /** The service's name, not its id. */
  | { readonly kind: 'paused'; readonly service: string; readonly seconds: number }
  | { readonly kind: 'resumed' | 'resumeFailed'; readonly service: string }
  /** minutes null: for ever. */
  | { readonly kind: 'banned'; readonly address: string; readonly minutes: number | null }
)

/*
 * access.c, cps_service_stop and cps_service_restart; sensor.c, process_sensor; main.c (2.3.15, measured on 2.3.15.3):
 *
 *   ERROR: Deactivating service busy due to excessive incoming connections.  Restarting in 10 seconds.
 *   ERROR: Activating service busy
 *   ERROR: Error activating service busy
 *   CRITICAL: Adding ::ffff:192.0.2.7 to the global_no_access list for 60 minutes
 *   NOTICE: 2.3.15.3 started with libwrap loadavg labeled-networking options compiled in.
 */
// Other lines quote what clients said, so that a line counts by how it begins: with how bad it is and where in the source,
// as far as the log tells that (msg.c, prepare_buffer).
const HEAD = String.raw`^(?:[A-Z]+: )?(?:\d+ \{\w+\} )?`
const PAUSED = new RegExp(
  String.raw`${HEAD}Deactivating service (\S+) due to .+\. {1,2}Restarting in (\d+) seconds\.$`,
)
const RESUMED = new RegExp(String.raw`${HEAD}(Error activating|Activating) service (\S+)$`)
const BANNED = new RegExp(String.raw`${HEAD}Adding (\S+) to the global_no_access list for (-?\d+) minutes$`)
const STARTED = new RegExp(String.raw`${HEAD}\S+ started with .*options compiled in\.$`)

/** What the log tells of pauses and bans, in its order; other lines are left out. */
export function logEvents(lines: readonly LogLine[]): readonly LogEvent[] {
  return lines.flatMap(({ at, text }) => {
    const event = eventOf(at, text.trimEnd())
    return event === null ? [] : [event]
  })
}

function eventOf(at: number, text: string): LogEvent | null {
  const [, paused, seconds] = PAUSED.exec(text) ?? []
  if (paused !== undefined) return { kind: 'paused', at, service: paused, seconds: Number(seconds) }
  const [, outcome, resumed] = RESUMED.exec(text) ?? []
  if (resumed !== undefined)
    return { kind: outcome === 'Activating' ? 'resumed' : 'resumeFailed', at, service: resumed }
  const [, address, minutes] = BANNED.exec(text) ?? []
  if (address !== undefined)
    return { kind: 'banned', at, address, minutes: minutes === '-1' ? null : Number(minutes) }
  return STARTED.test(text) ? { kind: 'started', at } : null
}

/** An address in the list of the sensors. */
export type Ban = {
  readonly address: string
  /** Seconds since 1970; null: until the daemon ends. */
  readonly until: number | null
  /** The daemon looks once a minute, so that it may last so long. */
  readonly atLatest: number | null
}

const SCRUB_SECONDS = 60

/**
 * Who is in the list of the sensors (sensor.c). A reload keeps it, a start empties it. Another visit to a sensor does not
 * make it longer: the daemon takes the time that it reads for one that it could not read.
 */
export function bansAt(events: readonly LogEvent[], now: number): readonly Ban[] {
  const bans = sinceStart(events).flatMap((event): readonly Ban[] => {
    if (event.kind !== 'banned') return []
    const { address, minutes } = event
    if (minutes === null) return [{ address, until: null, atLatest: null }]
    const until = event.at + minutes * 60
    return [{ address, until, atLatest: until + SCRUB_SECONDS }]
  })
  return bans.filter(({ atLatest }) => atLatest === null || atLatest > now)
}

export type Pause =
  /** until null: not known. */
  | { readonly kind: 'cps'; readonly until: number | null }
  /** It could not open its port again, and does not try once more. */
  | { readonly kind: 'resumeFailed'; readonly at: number }

/** Whether the service is paused, by the last that the log says of it. */
export function pauseIn(events: readonly LogEvent[], service: string): Pause | null {
  let pause: Pause | null = null
  for (const event of sinceStart(events)) {
    if (event.kind === 'started' || event.kind === 'banned' || event.service !== service) continue
    if (event.kind === 'paused') pause = { kind: 'cps', until: event.at + event.seconds }
    else if (event.kind === 'resumeFailed') pause = { kind: 'resumeFailed', at: event.at }
    else pause = null
  }
  return pause
}

function sinceStart(events: readonly LogEvent[]): readonly LogEvent[] {
  return events.slice(events.map(({ kind }) => kind).lastIndexOf('started') + 1)
}
