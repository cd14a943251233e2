import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { legName, type HostRecord, type LabRecord } from '../place'
import { must } from '../run'
import { instanceFolder, tool } from '../state'
import type { NetworkName } from './addresses'
import { batch, switchOf } from './switch'

/** Faults of a host's wires, all of them mended by mend(). They hold for its new connections and for open ones. */
export type Faults = {
  /** Every packet to and from the host takes half of `roundTripMs` longer. 0 mends. */
  delay(host: string, roundTripMs: number): Promise<void>
  /** Packets to and from the host are lost in silence, as when a cable is cut somewhere on the way. */
  cut(host: string): Promise<void>
  /** Undoes delay() and cut(). */
  mend(host: string): Promise<void>
}

export async function delayHost(lab: LabRecord, host: HostRecord, roundTripMs: number): Promise<void> {
  await mendHost(lab, host)
  if (roundTripMs <= 0) return
  for (const network of host.networks) await insertWire(lab, host, network, roundTripMs / 2)
}

export async function cutHost(lab: LabRecord, host: HostRecord): Promise<void> {
  await batch(
    host.networks.map((network) => `link set ${legName(host, network)} nomaster`),
    switchOf(lab.slot).namespace,
  )
}

export async function mendHost(lab: LabRecord, host: HostRecord): Promise<void> {
  const { namespace } = switchOf(lab.slot)
  const links = await linkNames(namespace)
  const lines = host.networks.flatMap((network) => {
    const { near, far, bridge } = wireNames(host, network)
    // The wire's process ends when its taps are gone.
    const removed = [near, far, bridge].filter((link) => links.has(link)).map((link) => `link del ${link}`)
    return [...removed, `link set ${legName(host, network)} master ${network}`]
  })
  await batch(lines, namespace)
}

/** host leg – bridge of its own – tap – wire.pl – tap – the network's bridge */
async function insertWire(
  lab: LabRecord,
  host: HostRecord,
  network: NetworkName,
  delayMs: number,
): Promise<void> {
  const { namespace } = switchOf(lab.slot)
  const { near, far, bridge } = wireNames(host, network)
  await batch(
    [
      `link add ${bridge} type bridge forward_delay 0`,
      `tuntap add ${near} mode tap`,
      `tuntap add ${far} mode tap`,
    ],
    namespace,
  )
  await startWire(lab, namespace, [near, far, String(delayMs)])
  await batch(
    [
      `link set ${bridge} up`,
      `link set ${near} master ${bridge}`,
      `link set ${near} up`,
      `link set ${far} master ${network}`,
      `link set ${far} up`,
      `link set ${legName(host, network)} master ${bridge}`,
    ],
    namespace,
  )
}

function startWire(lab: LabRecord, namespace: string, args: readonly string[]): Promise<void> {
  const registry = join(instanceFolder(lab.instance), 'made')
  const child = spawn(
    'sh',
    [tool('launch.sh'), registry, '', 'ip', 'netns', 'exec', namespace, 'perl', tool('net/wire.pl'), ...args],
    { detached: true, stdio: ['ignore', 'pipe', 'ignore'] },
  )
  return new Promise((resolve, reject) => {
    child.on('error', reject)
    child.on('exit', (code) => {
      reject(new Error(`wire.pl ended with ${String(code)}`))
    })
    createInterface({ input: child.stdout }).once('line', () => {
      child.removeAllListeners('exit')
      child.stdout.destroy()
      child.unref()
      resolve()
    })
  })
}

function wireNames(host: HostRecord, network: NetworkName): { near: string; far: string; bridge: string } {
  const leg = legName(host, network)
  return { near: `${leg}n`, far: `${leg}w`, bridge: `${leg}b` }
}

async function linkNames(namespace: string): Promise<ReadonlySet<string>> {
  const lines = await must(['ip', '-n', namespace, '-o', 'link', 'show'])
  return new Set(lines.split('\n').map((line) => line.split(': ')[1]?.split('@')[0] ?? ''))
}
