/*
 * /proc/PID/stat, proc(5): the name stands in brackets and may hold blanks and brackets itself; what follows it
 * counts from field 3.
 *
 *   88 (Xtigervnc) S 87 88 88 0 -1 4194560 7792 663 37 1 3 5 0 0 20 0 1 0 186388 245690368 …
 */

export type ProcessStat = {
  readonly pid: number
  readonly name: string
  readonly parent: number
  /** Clock ticks since boot, field 22. */
  readonly startTime: string
}

export function parseProcessStat(line: string): ProcessStat | null {
  const match = /^(\d+) \(([^]*)\) ([^)]*)$/.exec(line.trimEnd())
  const fields = match?.[3]?.split(' ') ?? []
  const startTime = fields[19]
  if (match === null || startTime === undefined || !/^\d+$/.test(startTime)) return null
  return { pid: Number(match[1]), name: match[2] ?? '', parent: Number(fields[1]), startTime }
}

export type HostClock = {
  /** When the host was booted: seconds since the epoch, /proc/stat, btime. */
  readonly boot: number
  /** Clock ticks in a second, `getconf CLK_TCK`. */
  readonly ticks: number
}

/** btime of /proc/stat and `getconf CLK_TCK`: a line each. Linux has had 100 everywhere for long. */
export function parseHostClock(output: string): HostClock | null {
  const [boot, ticks] = output.split('\n').map((line) => Number.parseInt(line, 10))
  if (boot === undefined || !Number.isFinite(boot)) return null
  return { boot, ticks: ticks !== undefined && ticks > 0 ? ticks : 100 }
}

/** When a process started: milliseconds since the epoch. */
export function startedAt(clock: HostClock, startTime: string): number {
  return Math.round((clock.boot + Number(startTime) / clock.ticks) * 1000)
}
