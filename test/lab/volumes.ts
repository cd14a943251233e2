import { mkdirSync } from 'node:fs'
import { dirname, join } from 'node:path'
import type { HostOptions } from './host'
import { must } from './run'
import { record } from './state'

export type Volume = { readonly image: string; readonly mountPoint: string }

/**
 * Makes the images of a host's volumes beside its disk. Those of a container are mounted right away, below its root,
 * where systemd-nspawn takes them along; a host with its own kernel mounts them itself (base/labnet).
 */
export async function makeVolumes(
  registry: string,
  root: string,
  options: HostOptions,
): Promise<readonly Volume[]> {
  const volumes: Volume[] = []
  for (const [mountPoint, megabytes] of Object.entries(options.volumes ?? {})) {
    const image = join(dirname(root), `volume-${String(volumes.length)}.img`)
    await must(['truncate', '--size', `${String(megabytes)}M`, image])
    // No blocks kept back for root: a full disk is to be full for root too.
    await must(['mkfs.ext4', '-q', '-F', '-m', '0', image])
    mkdirSync(join(root, mountPoint), { recursive: true })
    if (options.kind !== 'kernel') {
      record(registry, 'mount', join(root, mountPoint))
      await must(['mount', '-o', 'loop', image, join(root, mountPoint)])
    }
    volumes.push({ image, mountPoint })
  }
  return volumes
}
