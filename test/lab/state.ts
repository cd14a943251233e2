import { appendFileSync, mkdirSync, readFileSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { slots } from './net/addresses'

/** Registries of running labs; tmpfs on Debian, so a power cut of the machine leaves none that lie. */
export const stateRoot = '/run/wharfmaster-lab'

export function instanceFolder(instance: string): string {
  if (!/^[a-z][a-z0-9-]{0,30}$/.test(instance))
    throw new Error(`not a name for a lab: ${JSON.stringify(instance)}`)
  return join(stateRoot, instance)
}

export function hostFolder(instance: string, host: string): string {
  return join(instanceFolder(instance), 'hosts', host)
}

/** A shell script that stands beside this file. */
export function tool(
  name: 'launch.sh' | 'boot-again.sh' | 'linux-again.sh' | 'keeper.sh' | 'net/wire.pl',
): string {
  return fileURLToPath(new URL(name, import.meta.url))
}

export type Made = 'process' | 'cgroup' | 'mount' | 'netns' | 'link' | 'tree' | 'slot'

/** Writes down what is about to be made, so that it is taken down even if we die right after (see keeper.sh). */
export function record(folder: string, kind: Made, what: string): void {
  appendFileSync(join(folder, 'made'), `${kind} ${what}\n`)
}

/** Claims a slot (see net/addresses.ts); two labs that start at once get different ones. */
export function claimSlot(instance: string): number {
  const folder = join(stateRoot, 'slots')
  mkdirSync(folder, { recursive: true })
  for (let slot = 0; slot < slots; slot += 1) {
    const path = join(folder, String(slot))
    try {
      symlinkSync(instance, path)
    } catch (error) {
      if (isCode(error, 'EEXIST')) continue
      throw error
    }
    record(instanceFolder(instance), 'slot', path)
    return slot
  }
  throw new Error(`${String(slots)} labs are running, which is as many as there are addresses for`)
}

export function isCode(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code
}

/** Field 22 of /proc/PID/stat, or null when there is no such process. With the pid it names a process for good. */
export function startTime(pid: number): string | null {
  try {
    const stat = readFileSync(`/proc/${String(pid)}/stat`, 'utf8')
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
    return fields[0] === 'Z' ? null : (fields[19] ?? null)
  } catch (error) {
    if (isCode(error, 'ENOENT') || isCode(error, 'ESRCH')) return null
    throw error
  }
}

/** Where each host gets a cgroup of its own: the v2 tree, and systemd's named v1 tree on hybrid machines. */
export function cgroupTrees(): readonly string[] {
  const trees: string[] = []
  for (const line of readFileSync('/proc/self/mounts', 'utf8').split('\n')) {
    const [, path, type, options] = line.split(' ')
    if (path === undefined) continue
    if (type === 'cgroup2' || (type === 'cgroup' && options?.split(',').includes('name=systemd') === true)) {
      trees.push(path)
    }
  }
  return trees
}
