import { chmodSync, mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import type { HostOptions } from './host'
import { must } from './run'
import { record } from './state'

export type Volume = { readonly image: string; readonly mountPoint: string }

/** The first process of a host with its own kernel that has volumes and systemd. */
export const volumesInit = '/usr/sbin/labvolumes'

/**
 * Makes the images of a host's volumes beside its disk, each with what lies below its mount point. Those of a
 * container are mounted right away, below its root, where systemd-nspawn takes them along; a host with its own kernel
 * mounts them itself, before systemd reads its first file, or else by base/labnet.
 */
export async function makeVolumes(
  registry: string,
  root: string,
  options: HostOptions,
): Promise<readonly Volume[]> {
  const volumes: Volume[] = []
  for (const [mountPoint, megabytes] of Object.entries(options.volumes ?? {})) {
    const image = join(dirname(root), `volume-${String(volumes.length)}.img`)
    mkdirSync(join(root, mountPoint), { recursive: true })
    await must(['truncate', '--size', `${String(megabytes)}M`, image])
    // No blocks kept back for root: a full disk is to be full for root too.
    await must(['mkfs.ext4', '-q', '-F', '-m', '0', '-d', join(root, mountPoint), image])
    if (options.kind !== 'kernel') {
      record(registry, 'mount', join(root, mountPoint))
      await must(['mount', '-o', 'loop', image, join(root, mountPoint)])
    }
    volumes.push({ image, mountPoint })
  }
  if (options.kind === 'kernel' && volumes.length > 0) {
    writeFileSync(join(root, volumesInit), earlyMounts(volumes))
    chmodSync(join(root, volumesInit), 0o755)
  }
  return volumes
}

/** ubd0 is /dev/ubda. */
export function volumeDevice(index: number): string {
  return `/dev/ubd${'abcdefgh'.charAt(index)}`
}

/** ext4 commits every 5 s by itself; here what nobody syncs is lost for certain. */
function earlyMounts(volumes: readonly Volume[]): string {
  return `#!/bin/sh
mount -t proc proc /proc
mount -t devtmpfs dev /dev 2>/dev/null
${volumes.map(({ mountPoint }, index) => `mount -t ext4 -o commit=300 ${volumeDevice(index)} ${mountPoint}`).join('\n')}
exec /lib/systemd/systemd
`
}
