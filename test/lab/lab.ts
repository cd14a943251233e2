import { randomBytes } from 'node:crypto'
import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { ensureBase, keysOf, type KeyType } from './base/build'
import { cacheFolder } from './base/cache'
import { connectContainer } from './container'
import { furnish, makeDisk } from './disk'
import type { Host, HostOptions } from './host'
import { raiseInotify } from './inotify'
import { startKeeper, sweepOrphans } from './keeper'
import { connectKernel } from './kernel'
import { address, firstHostNumber, lastHostNumber, virtualNumber, type NetworkName } from './net/addresses'
import { cutHost, delayHost, mendHost, type Faults } from './net/faults'
import { makeSwitch, switchOf, type Switch } from './net/switch'
import { readHost, readLab, type HostRecord, type LabRecord } from './place'
import { preflight } from './preflight'
import { runningHost, writeKnownHosts } from './running'
import { makeVolumes } from './volumes'
import { claimSlot, hostFolder, instanceFolder, record } from './state'

/** A running lab, seen from the process that runs it or from another. */
export type LabView = {
  readonly instance: string
  /** Private keys (OpenSSH format, no passphrase) that open every account; FILE.pub lies beside each. */
  readonly keys: Readonly<Record<KeyType, string>>
  /** The addresses from which this machine speaks to hosts. */
  readonly machine: Switch['machine']
  /** The file system below all hosts. Not to be written to; good for a chroot in an unshared namespace. */
  readonly base: string
  /** An address in `front` for a virtual service, that no host has unless `virtualAddresses` gives it one. 1–50. */
  virtualAddress(number: number): string
  readonly network: Faults
  /** A host that runs; throws for a name that it does not know. */
  find(name: string): Host
  names(): readonly string[]
}

export type Lab = LabView & {
  /** Makes and boots a host; resolves when its sshd answers and `run` is done. Any number in parallel. */
  host(options: HostOptions): Promise<Host>
  /** The address that the host of this name has or will have. */
  addressOf(name: string, network: NetworkName): string
  /** Takes everything down. */
  close(): Promise<void>
}

export type LabOptions = {
  /** Labs of different names run side by side. Default: a name that no other has. */
  readonly instance?: string
  /** Gets progress, one line at a time. Default: nobody. */
  readonly say?: (line: string) => void
}

/**
 * Opens a lab with no hosts yet. Rejects with one message that names all that is missing on this machine, or with
 * LabBusy. What a crashed lab of the same name left is taken down first. Should this process die, the lab's keeper
 * (a small process) takes everything down by itself.
 */
export async function openLab(options: LabOptions = {}): Promise<Lab> {
  const instance = options.instance ?? `test-${String(process.pid)}-${randomBytes(3).toString('hex')}`
  const say = options.say ?? (() => undefined)
  await preflight()
  const base = await ensureBase(say)
  await sweepOrphans()
  const keeper = await startKeeper(instance)
  try {
    const folder = instanceFolder(instance)
    mkdirSync(join(folder, 'hosts'), { recursive: true })
    const lab: LabRecord = { instance, slot: claimSlot(instance), base }
    await raiseInotify()
    record(folder, 'tree', join(cacheFolder(), 'disks', instance))
    await makeSwitch(folder, lab.slot)
    writeFileSync(join(folder, 'lab.json'), JSON.stringify(lab))
    const numberOf = numbering()
    const making = new Set<Promise<unknown>>()
    return {
      ...view(lab),
      host: (wanted) => {
        const made = makeHost(lab, wanted, numberOf(wanted.name))
        making.add(made)
        return made.finally(() => making.delete(made))
      },
      addressOf: (name, network) => address(lab.slot, network, numberOf(name)),
      close: async () => {
        // What is half made would be made whole after the keeper has gone.
        await Promise.allSettled(making)
        await keeper.close()
      },
    }
  } catch (error) {
    await keeper.close()
    throw error
  }
}

/** A lab that another process runs. Throws if there is none. */
export function attachLab(instance: string): LabView {
  const state = join(instanceFolder(instance), 'lab.json')
  if (!existsSync(state)) throw new Error(`no lab named "${instance}" is running`)
  return view(readLab(state))
}

function view(lab: LabRecord): LabView {
  const recordOf = (name: string): HostRecord => {
    const state = hostState(lab, name)
    if (!existsSync(state)) throw new Error(`the lab "${lab.instance}" has no host ${name}`)
    return readHost(state)
  }
  return {
    instance: lab.instance,
    keys: keysOf(lab.base),
    machine: switchOf(lab.slot).machine,
    base: lab.base.root,
    virtualAddress: (number) => address(lab.slot, 'front', virtualNumber(number)),
    network: {
      delay: (name, roundTripMs) => delayHost(lab, recordOf(name), roundTripMs),
      cut: (name) => cutHost(lab, recordOf(name)),
      mend: (name) => mendHost(lab, recordOf(name)),
    },
    find: (name) => runningHost(lab, recordOf(name)),
    names: () => {
      const names = readdirSync(join(instanceFolder(lab.instance), 'hosts'))
      return names.filter((name) => existsSync(hostState(lab, name)))
    },
  }
}

function hostState(lab: LabRecord, name: string): string {
  return join(hostFolder(lab.instance, name), 'host.json')
}

/** Gives each host name a number at its first mention. */
function numbering(): (name: string) => number {
  const numbers = new Map<string, number>()
  return (name) => {
    const number = numbers.get(name) ?? firstHostNumber + numbers.size
    if (number > lastHostNumber) throw new Error('this lab has made as many hosts as it has addresses')
    numbers.set(name, number)
    return number
  }
}

async function makeHost(lab: LabRecord, options: HostOptions, number: number): Promise<Host> {
  const folder = hostFolder(lab.instance, options.name)
  if (existsSync(folder)) throw new Error(`the lab has a host ${options.name} already`)
  if (!/^[a-z][a-z0-9-]{0,19}$/.test(options.name)) throw new Error(`not a name for a host: ${options.name}`)
  mkdirSync(folder)
  const root = await makeDisk(folder, lab.instance, options.name, lab.base)
  const hostKeys = await furnish(root, options)
  const host: HostRecord = {
    name: options.name,
    number,
    kind: options.kind ?? 'systemd',
    networks: options.networks ?? ['front'],
    gateway: options.gateway ?? null,
    virtualAddresses: options.virtualAddresses ?? [],
    memory: options.memory ?? 256,
    init: options.init ?? 'systemd',
    volumes: await makeVolumes(folder, root, options),
    hostKeys,
    root,
  }
  writeKnownHosts(lab, host)
  await (host.kind === 'systemd' ? connectContainer(lab, host) : connectKernel(lab, host))
  writeFileSync(hostState(lab, host.name), JSON.stringify(host))
  const running = runningHost(lab, host)
  await running.start()
  if (options.run !== undefined) await running.must(options.run)
  return running
}
