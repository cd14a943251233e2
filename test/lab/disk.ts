import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { dirname, join } from 'node:path'
import type { Base } from './base/build'
import { cacheFolder } from './base/cache'
import type { HostOptions } from './host'
import { must } from './run'
import { isCode, record } from './state'

/** A host's file system: the base, with an overlay of its own above it. Gives the merged root. */
export async function makeDisk(
  registry: string,
  instance: string,
  name: string,
  base: Base,
): Promise<string> {
  const folder = join(cacheFolder(), 'disks', instance, name)
  const merged = join(folder, 'root')
  record(registry, 'tree', folder)
  record(registry, 'mount', merged)
  for (const part of ['upper', 'work', 'root']) mkdirSync(join(folder, part), { recursive: true })
  const options = `lowerdir=${base.root},upperdir=${folder}/upper,workdir=${folder}/work`
  await must(['mount', '-t', 'overlay', 'overlay', '-o', options, merged])
  return merged
}

/** Writes all that makes a host this one. Gives its public host keys. */
export async function furnish(root: string, options: HostOptions): Promise<readonly string[]> {
  const { name } = options
  const place = (path: string, content: string | Uint8Array, mode = 0o644): void => {
    mkdirSync(dirname(join(root, path)), { recursive: true })
    writeFileSync(join(root, path), content)
    chmodSync(join(root, path), mode)
  }
  place('/etc/hostname', `${name}\n`)
  // tigervncserver asks for the fully qualified name, and stops without one.
  place('/etc/hosts', `127.0.0.1\tlocalhost\n127.0.1.1\t${name}.lab ${name}\n`)
  const settings = Object.entries(options.sshd ?? {}).map(
    ([keyword, value]) => `${keyword} ${String(value)}\n`,
  )
  if (settings.length > 0) place('/etc/ssh/sshd_config.d/10-host.conf', settings.join(''))
  const keys = await hostKeys(name, options.hostKeys ?? 'kept')
  for (const key of keys) {
    place(`/etc/ssh/${key.file}`, key.secret, 0o600)
    place(`/etc/ssh/${key.file}.pub`, key.open)
  }
  for (const [path, file] of Object.entries(options.files ?? {})) {
    if (typeof file === 'string') place(path, file)
    else place(path, file.content, file.mode)
  }
  for (const unit of options.units ?? []) enable(root, unit)
  if (options.kind === 'kernel') {
    for (const unit of idleUnits) linkOnce('/dev/null', join(root, 'etc/systemd/system', unit))
  }
  return keys.map(({ open }) => open.split(' ', 2).join(' '))
}

/**
 * Starting a process in user-mode Linux takes some 50 ms. These have nothing to do there, and without them a host
 * boots in half the time.
 */
const idleUnits = [
  'dev-hugepages.mount',
  'dev-mqueue.mount',
  'getty@tty1.service',
  ...['configfs', 'dm_mod', 'drm', 'efi_pstore', 'fuse', 'loop'].map(
    (module) => `modprobe@${module}.service`,
  ),
  'sys-fs-fuse-connections.mount',
  'sys-kernel-config.mount',
  'sys-kernel-debug.mount',
  'sys-kernel-tracing.mount',
  'systemd-journal-flush.service',
  'systemd-pcrphase.service',
  'systemd-pcrphase-sysinit.service',
  'systemd-random-seed.service',
  'systemd-sysusers.service',
  'systemd-tmpfiles-setup-dev.service',
  'systemd-update-utmp.service',
  'systemd-update-utmp-runlevel.service',
  // A second for each login.
  'systemd-logind.service',
  'user@.service',
]

/** What `systemctl enable` does for a unit that multi-user.target wants. */
function enable(root: string, unit: string): void {
  const wants = join(root, 'etc/systemd/system/multi-user.target.wants')
  const source = ['etc/systemd/system', 'lib/systemd/system']
    .map((folder) => `/${folder}/${unit.replace(/@[^.]*\./, '@.')}`)
    .find((path) => existsSync(join(root, path)))
  if (source === undefined) {
    // Units that come from an init script have no file of their own.
    for (const level of ['2', '3', '4', '5']) {
      const script = unit.replace(/\.service$/, '')
      if (!existsSync(join(root, 'etc/init.d', script))) throw new Error(`no unit ${unit} in the base`)
      linkOnce(`../init.d/${script}`, join(root, `etc/rc${level}.d/S01${script}`))
    }
    return
  }
  mkdirSync(wants, { recursive: true })
  linkOnce(source, join(wants, unit))
}

function linkOnce(target: string, path: string): void {
  try {
    symlinkSync(target, path)
  } catch (error) {
    if (!isCode(error, 'EEXIST')) throw error
  }
}

type HostKey = { readonly file: string; readonly secret: string; readonly open: string }

const hostKeyTypes = ['ed25519', 'ecdsa', 'rsa'] as const

/** Kept by name between runs, so that a person's known_hosts stays true. */
async function hostKeys(name: string, which: 'kept' | 'fresh'): Promise<readonly HostKey[]> {
  const kept = join(cacheFolder(), 'host-keys', name)
  if (which === 'kept' && existsSync(kept)) return readKeys(kept)
  mkdirSync(dirname(kept), { recursive: true })
  const folder = mkdtempSync(join(cacheFolder(), 'host-keys', '.new-'))
  try {
    await Promise.all(
      hostKeyTypes.map((type) => {
        const size = type === 'rsa' ? (['-b', '2048'] as const) : []
        return must([
          'ssh-keygen',
          '-q',
          '-t',
          type,
          ...size,
          '-N',
          '',
          '-C',
          name,
          '-f',
          join(folder, keyFile(type)),
        ])
      }),
    )
    const keys = readKeys(folder)
    if (which === 'kept') keep(folder, kept)
    return existsSync(kept) && which === 'kept' ? readKeys(kept) : keys
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

function keep(folder: string, kept: string): void {
  try {
    renameSync(folder, kept)
  } catch (error) {
    // Another lab made a host of the same name at the same time: its keys were first.
    if (!isCode(error, 'ENOTEMPTY') && !isCode(error, 'EEXIST')) throw error
  }
}

function readKeys(folder: string): readonly HostKey[] {
  return hostKeyTypes.map((type) => ({
    file: keyFile(type),
    secret: readFileSync(join(folder, keyFile(type)), 'utf8'),
    open: readFileSync(join(folder, `${keyFile(type)}.pub`), 'utf8'),
  }))
}

function keyFile(type: (typeof hostKeyTypes)[number]): string {
  return `ssh_host_${type}_key`
}
