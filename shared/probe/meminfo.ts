/*
 * /proc/meminfo, proc_meminfo(5). MemAvailable is there since Linux 3.14.
 *
 *   MemTotal:        8141208 kB
 *   MemFree:         1224364 kB
 *   MemAvailable:    5872420 kB
 */
export interface MemoryInfo {
  /** Bytes. */
  readonly total: number
  readonly available: number
  readonly swapTotal: number
  readonly swapFree: number
}

export function parseMeminfo(text: string): MemoryInfo | null {
  const values = new Map<string, number>()
  for (const [, name, kilobytes] of text.matchAll(/^(\w+):\s+(\d+) kB$/gm))
    if (name !== undefined) values.set(name, Number(kilobytes) * 1024)
  const value = (name: string): number => values.get(name) ?? 0
  const total = values.get('MemTotal')
  if (total === undefined) return null
  const available = values.get('MemAvailable') ?? value('MemFree') + value('Buffers') + value('Cached')
  return { total, available, swapTotal: value('SwapTotal'), swapFree: value('SwapFree') }
}
