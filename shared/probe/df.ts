/*
 * `df -Pk PATH`, POSIX: one line a file system; a long device name never wraps with -P.
 *
 *   Filesystem     1024-blocks     Used Available Capacity Mounted on
 *   overlay          102687672 12345678  85082234      13% /
 */
export interface DiskSpace {
  /** Bytes. */
  readonly total: number
  readonly used: number
  readonly available: number
}

/** The last line; null when it is none. A file system of unknown size (`-`) has none. */
export function parseDf(text: string): DiskSpace | null {
  const [, total, used, available] = /\s(\d+)\s+(\d+)\s+(-?\d+)\s+\S+\s+\/.*$/.exec(text.trim()) ?? []
  if (total === undefined) return null
  const bytes = (kilobytes = '0'): number => Math.max(0, Number(kilobytes)) * 1024
  return { total: bytes(total), used: bytes(used), available: bytes(available) }
}
