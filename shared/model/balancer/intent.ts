import ipaddr from 'ipaddr.js'
import { z } from 'zod'

/**
 * Four decimal parts, or IPv6 without a zone. Short and octal spellings that inet_aton(3) would take are refused:
 * `010.0.0.1` means 8.0.0.1 to some tools and 10.0.0.1 to people.
 */
export const isAddress = (text: string): boolean =>
  ipaddr.IPv4.isValidFourPartDecimal(text) || (ipaddr.IPv6.isValid(text) && !text.includes('%'))

const address = z.string().max(64).refine(isAddress)
const port = z.number().int().min(0).max(65535)

const serviceName = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('address'), protocol: z.enum(['tcp', 'udp', 'sctp']), address, port }),
  z.object({ kind: z.literal('mark'), mark: z.number().int().min(1).max(0xffffffff), ipv6: z.boolean() }),
])

/** 0 gives a server no new connections (ipvsadm(8), --weight: 0 to 65535). */
const weight = z.number().int().min(0).max(65535)
const common = {
  capability: z.literal('balancer'),
  reason: z.string().max(1000).default(''),
  service: serviceName,
}
const server = z.object({ address, port })

/** What a user may want of the load balancer. */
export const balancerIntentSchema = z.discriminatedUnion('kind', [
  z.object({
    ...common,
    kind: z.literal('addServer'),
    server,
    weight,
    forwarding: z.enum(['masq', 'route', 'tunnel']),
    /** Connections; 0: no limit. */
    upper: z.number().int().min(0).max(0xffffffff).default(0),
    lower: z.number().int().min(0).max(0xffffffff).default(0),
  }),
  z.object({ ...common, kind: z.literal('setWeight'), server, weight }),
  /** Weight 0: no new connections, those it has go on. */
  z.object({ ...common, kind: z.literal('drain'), server }),
  z.object({ ...common, kind: z.literal('removeServer'), server }),
])
export type BalancerIntent = z.infer<typeof balancerIntentSchema>
