import { spawn } from 'node:child_process'
import { closeSync, mkdirSync, openSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { macAddress, prefixLength } from './net/addresses'
import { batch, switchOf } from './net/switch'
import { hostAddress, legName, type HostRecord, type LabRecord } from './place'
import { must } from './run'
import { cgroupTrees, hostFolder, isCode, record, tool } from './state'

/** Network namespace, veths and cgroups of a host that is a container; made once, before its first boot. */
export async function connectContainer(lab: LabRecord, host: HostRecord): Promise<void> {
  const folder = hostFolder(lab.instance, host.name)
  const wires = switchOf(lab.slot)
  const namespace = namespaceOf(lab, host)
  record(folder, 'netns', namespace)
  await must(['ip', 'netns', 'add', namespace])
  const inside = ['link set lo up']
  const outside: string[] = []
  for (const [index, network] of host.networks.entries()) {
    const device = `eth${String(index)}`
    const mac = macAddress(lab.slot, network, host.number)
    outside.push(
      `link add ${legName(host, network)} type veth peer name ${device} address ${mac} netns ${namespace}`,
      `link set ${legName(host, network)} master ${network}`,
      `link set ${legName(host, network)} up`,
    )
    inside.push(
      `addr add ${hostAddress(lab, host, network)}/${String(prefixLength)} brd + dev ${device}`,
      `link set ${device} up`,
    )
  }
  for (const extra of host.virtualAddresses) inside.push(`addr add ${extra}/32 dev eth0`)
  if (host.gateway !== null) inside.push(`route add default via ${host.gateway}`)
  await batch(outside, wires.namespace)
  await batch(inside, namespace)
  for (const group of cgroups(lab, host)) {
    record(folder, 'cgroup', group)
    mkdirSync(group, { recursive: true })
  }
}

/** Starts systemd in it. The process looks after reboots by itself. */
export function bootContainer(lab: LabRecord, host: HostRecord): void {
  const folder = hostFolder(lab.instance, host.name)
  const log = openSync(join(folder, 'console.log'), 'a')
  const nspawn = [
    'systemd-nspawn',
    '--boot',
    '--quiet',
    '--register=no',
    // Without a cgroup of its own per host, all hosts would share one: systemd in them would see each other.
    '--keep-unit',
    `--directory=${host.root}`,
    // Names of machines are the whole machine's, and another lab may have a host of this name.
    `--machine=${namespaceOf(lab, host)}`,
    `--hostname=${host.name}`,
    `--network-namespace-path=/run/netns/${namespaceOf(lab, host)}`,
    '--resolv-conf=off',
    '--timezone=off',
    '--link-journal=no',
    '--capability=CAP_NET_ADMIN',
  ]
  const child = spawn(
    'sh',
    [
      tool('launch.sh'),
      join(folder, 'made'),
      cgroups(lab, host).join(':'),
      'sh',
      tool('boot-again.sh'),
      ...nspawn,
    ],
    {
      detached: true,
      stdio: ['ignore', log, log],
      env: { PATH: '/usr/sbin:/usr/bin:/sbin:/bin', SYSTEMD_NSPAWN_API_VFS_WRITABLE: 'network' },
    },
  )
  closeSync(log)
  child.unref()
}

/** What runs a command inside, as argv to put before it. */
export function intoContainer(lab: LabRecord, host: HostRecord): readonly [string, ...string[]] {
  const pid = initOf(lab, host)
  if (pid === null) throw new Error(`${host.name} is not running`)
  return [
    'nsenter',
    `--target=${String(pid)}`,
    '--mount',
    '--uts',
    '--ipc',
    '--net',
    '--pid',
    '--cgroup',
    '--',
  ]
}

/** The machine's pid of the container's process 1, or null when it is down. */
export function initOf(lab: LabRecord, host: HostRecord): number | null {
  for (const group of cgroups(lab, host)) {
    for (const pid of membersBelow(join(group, 'payload'))) {
      if (isInit(pid)) return pid
    }
  }
  return null
}

/** The last number of NSpid is the pid in the innermost namespace, proc(5). */
function isInit(pid: number): boolean {
  try {
    const numbers = /^NSpid:\s*(.*)$/m
      .exec(readFileSync(`/proc/${String(pid)}/status`, 'utf8'))?.[1]
      ?.split(/\s+/)
    return numbers !== undefined && numbers.length === 2 && numbers[1] === '1'
  } catch (error) {
    if (isCode(error, 'ENOENT') || isCode(error, 'ESRCH')) return false
    throw error
  }
}

function membersBelow(group: string): readonly number[] {
  try {
    // systemd moves itself into init.scope; before that it is in the payload itself.
    return ['cgroup.procs', 'init.scope/cgroup.procs'].flatMap((file) => readPids(join(group, file)))
  } catch (error) {
    if (isCode(error, 'ENOENT')) return []
    throw error
  }
}

function readPids(path: string): readonly number[] {
  try {
    return readFileSync(path, 'utf8')
      .split('\n')
      .filter((line) => line !== '')
      .map(Number)
  } catch (error) {
    if (isCode(error, 'ENOENT') || isCode(error, 'ENODEV')) return []
    throw error
  }
}

function namespaceOf(lab: LabRecord, host: HostRecord): string {
  return `wm${String(lab.slot)}-${host.name}`
}

function cgroups(lab: LabRecord, host: HostRecord): readonly string[] {
  return cgroupTrees().map((tree) => join(tree, `wharfmaster-${lab.instance}-${host.name}`))
}
