import { readFileSync } from 'node:fs'
import { z } from 'zod'
import { address, type NetworkName } from './net/addresses'

const labSchema = z
  .object({
    instance: z.string(),
    slot: z.number().int(),
    base: z.object({ root: z.string(), keys: z.string() }).readonly(),
  })
  .readonly()

/** A running lab, as its state file says; enough to reach its hosts from any process of the machine. */
export type LabRecord = z.infer<typeof labSchema>

const hostSchema = z
  .object({
    name: z.string(),
    number: z.number().int(),
    kind: z.enum(['systemd', 'kernel']),
    networks: z.array(z.enum(['front', 'back'])).readonly(),
    gateway: z.string().nullable(),
    virtualAddresses: z.array(z.string()).readonly(),
    memory: z.number(),
    init: z.enum(['systemd', 'tiny']),
    /** Mount points, in the order of their images. */
    volumes: z.array(z.object({ image: z.string(), mountPoint: z.string() }).readonly()).readonly(),
    hostKeys: z.array(z.string()).readonly(),
    /** The merged file system, as the machine sees it. */
    root: z.string(),
  })
  .readonly()

/** A host, as its state file says. */
export type HostRecord = z.infer<typeof hostSchema>

export function readLab(path: string): LabRecord {
  return labSchema.parse(JSON.parse(readFileSync(path, 'utf8')))
}

export function readHost(path: string): HostRecord {
  return hostSchema.parse(JSON.parse(readFileSync(path, 'utf8')))
}

export function hostAddress(lab: LabRecord, host: HostRecord, network: NetworkName): string {
  return address(lab.slot, network, host.number)
}

/** The end of a host's wire that is in the switch's namespace. At most 15 characters, netdevice(7). */
export function legName(host: HostRecord, network: NetworkName): string {
  return `${network}${String(host.number)}`
}

/** The first network of a host is its eth0. */
export function firstNetwork(host: HostRecord): NetworkName {
  const [first] = host.networks
  if (first === undefined) throw new Error(`${host.name} is in no network`)
  return first
}
