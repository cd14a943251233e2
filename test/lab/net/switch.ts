import { must } from '../run'
import { record } from '../state'
import { address, machineNumber, prefixLength, type NetworkName } from './addresses'

/** The lab's network: two bridges in a network namespace of their own, which the machine reaches by a veth each. */
export type Switch = {
  readonly slot: number
  readonly namespace: string
  readonly machine: Readonly<Record<NetworkName, string>>
}

export const networkNames: readonly NetworkName[] = ['front', 'back']

export function switchOf(slot: number): Switch {
  return {
    slot,
    namespace: `wm${String(slot)}-switch`,
    machine: { front: address(slot, 'front', machineNumber), back: address(slot, 'back', machineNumber) },
  }
}

export async function makeSwitch(folder: string, slot: number): Promise<Switch> {
  const made = switchOf(slot)
  record(folder, 'netns', made.namespace)
  await must(['ip', 'netns', 'add', made.namespace])
  const inside = ['link set lo up']
  const outside: string[] = []
  for (const network of networkNames) {
    const link = `wm${String(slot)}${network}`
    record(folder, 'link', link)
    inside.push(`link add ${network} type bridge forward_delay 0`, `link set ${network} up`)
    outside.push(
      `link add ${link} type veth peer name machine-${network} netns ${made.namespace}`,
      `addr add ${made.machine[network]}/${String(prefixLength)} dev ${link}`,
      `link set ${link} up`,
    )
  }
  await batch(inside, made.namespace)
  await batch(outside)
  await batch(
    networkNames.flatMap((network) => [
      `link set machine-${network} master ${network}`,
      `link set machine-${network} up`,
    ]),
    made.namespace,
  )
  return made
}

/** Several commands of ip(8) in one process. */
export async function batch(lines: readonly string[], namespace?: string): Promise<void> {
  const argv = namespace === undefined ? ['-batch', '-'] : ['-n', namespace, '-batch', '-']
  await must(['ip', ...argv], { input: `${lines.join('\n')}\n` })
}
