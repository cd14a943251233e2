import { spawn } from 'node:child_process'
import { closeSync, existsSync, mkdirSync, openSync } from 'node:fs'
import { join } from 'node:path'
import { macAddress, prefixLength } from './net/addresses'
import { batch, switchOf } from './net/switch'
import { firstNetwork, hostAddress, legName, type HostRecord, type LabRecord } from './place'
import { run } from './run'
import { cgroupTrees, hostFolder, record, tool } from './state'
import { volumeDevice, volumesInit } from './volumes'

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
    tool('linux-again.sh'),
    `umid=${host.name}`,
    `mem=${String(host.memory)}M`,
    'root=/dev/root',
    'rootfstype=hostfs',
    `rootflags=${host.root}`,
    'rw',
    `init=${initOf(host)}`,
    'quiet',
    'con=null',
    'con0=fd:0,fd:1',
    ...nets.map(({ device }) => device),
    ...host.volumes.map(({ image }, index) => `ubd${String(index)}=${image}`),
    `wm.name=${host.name}`,
    ...nets.map(({ guest }) => guest),
    ...host.virtualAddresses.map((extra) => `wm.net=${firstMac},${extra}/32`),
    ...(host.init === 'tiny' ? host.volumes : []).map(
      ({ mountPoint }, index) => `wm.volume=${volumeDevice(index)}:${mountPoint}`,
    ),
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

function initOf(host: HostRecord): string {
  if (host.init === 'tiny') return '/usr/sbin/labinit'
  return host.volumes.length > 0 ? volumesInit : '/lib/systemd/systemd'
}

/**
 * What runs a command inside, as argv to put before it: OpenSSH with the lab's key. All commands share one
 * connection, since a login costs such a host more than a second.
 */
export async function intoKernel(lab: LabRecord, host: HostRecord): Promise<readonly [string, ...string[]]> {
  const folder = hostFolder(lab.instance, host.name)
  const ssh = [
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
    ...['-o', 'ConnectTimeout=10', '-o', 'ServerAliveInterval=5', '-o', `ControlPath=${join(folder, 'ssh')}`],
    ...['-l', 'root', hostAddress(lab, host, firstNetwork(host))],
  ] as const
  if (!(await isShared(ssh))) await share(folder, ssh)
  return ssh
}

/** Ends the connection that commands share, before the host goes down by itself. */
export async function leaveKernel(lab: LabRecord, host: HostRecord): Promise<void> {
  const control = join(hostFolder(lab.instance, host.name), 'ssh')
  if (existsSync(control))
    await run(['ssh', '-q', '-F', 'none', '-o', `ControlPath=${control}`, '-O', 'exit', 'host'])
}

async function isShared(ssh: readonly [string, ...string[]]): Promise<boolean> {
  return (await run([...ssh, '-O', 'check'])).code === 0
}

/**
 * Opens the connection, as a process that the keeper knows. Of several callers at once the first does so, and the
 * others wait for it. If it fails, commands open one each and say what is wrong.
 */
async function share(folder: string, ssh: readonly [string, ...string[]]): Promise<void> {
  const master = ['flock', '--no-fork', '--nonblock', join(folder, 'ssh.lock'), ...ssh, '-N', '-M']
  const child = spawn('sh', [tool('launch.sh'), join(folder, 'made'), '', ...master], {
    detached: true,
    stdio: 'ignore',
  })
  child.unref()
  const deadline = Date.now() + 15_000
  while (Date.now() < deadline) {
    if (await isShared(ssh)) return
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
}

export function cgroups(lab: LabRecord, host: HostRecord): readonly string[] {
  return cgroupTrees().map((tree) => join(tree, `wharfmaster-${lab.instance}-${host.name}`))
}
