import type { GatheredFile, SuperserverState, Surroundings } from './state'

/** Files that are read by every program of the host at each lookup or connection, by what they are called here. */
export const sharedPaths = {
  services: '/etc/services',
  hostsAllow: '/etc/hosts.allow',
  hostsDeny: '/etc/hosts.deny',
} as const satisfies Partial<Record<keyof Surroundings, string>>

export type SharedFile = keyof typeof sharedPaths
export const sharedFiles = ['services', 'hostsAllow', 'hostsDeny'] as const satisfies readonly SharedFile[]

/** A file that was read of the host, whoever reads it there; null: it was not. */
export function fileIn(
  { xinetd, inetd, systemd, failover, surroundings }: SuperserverState,
  path: string,
): GatheredFile | null {
  for (const daemon of [xinetd, inetd, systemd, failover]) {
    const file = daemon !== null && Object.hasOwn(daemon.files, path) ? daemon.files[path] : undefined
    if (file !== undefined) return file
  }
  const shared = sharedFiles.find((name) => sharedPaths[name] === path)
  return shared === undefined ? null : surroundings[shared]
}

/** null: it could not be read. A file that is not there is an empty one. */
export function textOf(file: GatheredFile | null): string | null {
  if (file === null || file.kind === 'unreadable') return null
  return file.kind === 'file' ? file.text : ''
}
