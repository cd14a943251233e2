import { homedir } from 'node:os'
import { join } from 'node:path'

/** Where bases, keys and the disks of running hosts are kept. WHARFMASTER_LAB_CACHE, XDG_CACHE_HOME, ~/.cache. */
export function cacheFolder(): string {
  const chosen = process.env['WHARFMASTER_LAB_CACHE']
  if (chosen !== undefined && chosen !== '') return chosen
  const caches = process.env['XDG_CACHE_HOME']
  return join(
    caches === undefined || caches === '' ? join(homedir(), '.cache') : caches,
    'wharfmaster',
    'lab',
  )
}
