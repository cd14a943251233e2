import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { must } from './run'
import { stateRoot } from './state'

const limit = '/proc/sys/fs/inotify/max_user_instances'
/** Each systemd takes some thirty; Linux's default is 128 for all of a user's. */
const needed = 8192

/** Raises the limit while labs run. The keeper of the last one that closes restores it. */
export async function raiseInotify(): Promise<void> {
  mkdirSync(stateRoot, { recursive: true })
  const before = join(stateRoot, 'inotify-before')
  const script = `[ "$(cat ${limit})" -ge ${String(needed)} ] || { echo "$(cat ${limit}) ${String(needed)}" > ${before}; echo ${String(needed)} > ${limit}; }`
  await must(['flock', stateRoot, 'sh', '-c', script])
}
