import { spawn } from 'node:child_process'
import { closeSync, mkdirSync, openSync } from 'node:fs'
import { join } from 'node:path'
import { macAddress, prefixLength } from './net/addresses'
import { batch, switchOf } from './net/switch'
import { firstNetwork, hostAddress, legName, type HostRecord, type LabRecord } from './place'
import { cgroupTrees, hostFolder, record, tool } from './state'

/** Tap devices and cgroup of a host with a kernel of its own; made once, before its first boot. */
export async function connectKernel(lab: LabRecord, host: HostRecord): Promise<void> {
  const folder = hostFolder(lab.instance, host.name)
  const { namespace } = switchOf(lab.slot)
  await batch(
    host.networks.flatMap((network) => [
      `tuntap add ${legName(host, network)} mode tap`,
      `link set ${legName(host, network)} master ${network}`,
      `link set ${legName(host, network)} up`,
    ]),
    namespace,
  )
  for (const group of cgroups(lab, host)) {
    record(folder, 'cgroup', group)
    mkdirSync(group, { recursive: true })
  }
  const memory = join('/dev/shm', `wharfmaster-${lab.instance}-${host.name}`)
  record(folder, 'tree', memory)
  mkdirSync(memory, { recursive: true })
}

/**
 * Starts user-mode Linux on the host's disk.
 * Always in a PID namespace that dies with its first process: the processes of the guest are processes of the
 * machine, and a bare linux.uml that is killed leaves them running on it.
 */
export function bootKernel(lab: LabRecord, host: HostRecord): void {
  const folder = hostFolder(lab.instance, host.name)
  const log = openSync(join(folder, 'console.log'), 'a')
  const { namespace } = switchOf(lab.slot)
  const nets = host.networks.map((network, index) => {
    const mac = macAddress(lab.slot, network, host.number)
    return {
      device: `vec${String(index)}:transport=tap,ifname=${legName(host, network)},depth=64,mac=${mac}`,
      guest: `wm.net=${mac},${hostAddress(lab, host, network)}/${String(prefixLength)}`,
    }
  })
  const firstMac = macAddress(lab.slot, firstNetwork(host), host.number)
  const linux = [
    'linux.uml',
    `umid=${host.name}`,
    `mem=${String(host.memory)}M`,
    'root=/dev/root',
    'rootfstype=hostfs',
    `rootflags=${host.root}`,
    'rw',
    `init=${host.init === 'tiny' ? '/usr/sbin/labinit' : '/lib/systemd/systemd'}`,
    'quiet',
    'con=null',
    'con0=fd:0,fd:1',
    ...nets.map(({ device }) => device),
    `wm.name=${host.name}`,
    ...nets.map(({ guest }) => guest),
    ...host.virtualAddresses.map((extra) => `wm.net=${firstMac},${extra}/32`),
    ...(host.gateway === null ? [] : [`wm.gateway=${host.gateway}`]),
  ]
  const unshare = ['unshare', '--pid', '--fork', '--kill-child', '--mount-proc', '--propagation', 'slave']
  const child = spawn(
    'sh',
    [
      tool('launch.sh'),
      join(folder, 'made'),
      cgroups(lab, host).join(':'),
      ...['ip', 'netns', 'exec', namespace],
      ...unshare,
      ...linux,
    ],
    {
      detached: true,
      stdio: ['ignore', log, log],
      env: {
        PATH: '/usr/sbin:/usr/bin:/sbin:/bin',
        // umid files go to HOME, the guest's memory to a file in TMPDIR.
        HOME: folder,
        TMPDIR: join('/dev/shm', `wharfmaster-${lab.instance}-${host.name}`),
      },
    },
  )
  closeSync(log)
  child.unref()
}

/** What runs a command inside, as argv to put before it: OpenSSH with the lab's key. */
export function intoKernel(lab: LabRecord, host: HostRecord): readonly [string, ...string[]] {
  const folder = hostFolder(lab.instance, host.name)
  return [
    'ssh',
    '-q',
    ...[
      '-F',
      'none',
      '-i',
      join(lab.base.keys, 'id_ed25519'),
      '-o',
      'IdentitiesOnly=yes',
      '-o',
      'BatchMode=yes',
    ],
    ...['-o', `UserKnownHostsFile=${join(folder, 'known_hosts')}`, '-o', 'StrictHostKeyChecking=yes'],
    ...['-o', 'ConnectTimeout=10', '-l', 'root', hostAddress(lab, host, firstNetwork(host))],
  ]
}

export function cgroups(lab: LabRecord, host: HostRecord): readonly string[] {
  return cgroupTrees().map((tree) => join(tree, `wharfmaster-${lab.instance}-${host.name}`))
}
