import { z } from 'zod'

/** What the kernel's table must say after a change; main/capability/balancer reads it back. */
export const balancerProofSchema = z.object({
  /** Keys of servers (`serverKey`) that must be there, as said. */
  present: z.array(
    z.object({
      key: z.string(),
      weight: z.number().int(),
      forwarding: z.enum(['masq', 'route', 'tunnel', 'local']),
      upper: z.number().int(),
      lower: z.number().int(),
    }),
  ),
  /** Keys of servers that must not be there. */
  absent: z.array(z.string()),
})
export type BalancerProof = z.infer<typeof balancerProofSchema>

/** What of the proof does not hold; empty when all of it does. */
export function missing(
  proof: BalancerProof,
  servers: readonly {
    readonly key: string
    readonly weight: number
    readonly forwarding: string
    readonly upper: number
    readonly lower: number
  }[],
): readonly string[] {
  const found = new Map(servers.map((server) => [server.key, server]))
  const wrong = proof.present.flatMap((wanted) => {
    const server = found.get(wanted.key)
    if (server === undefined) return [`${wanted.key} is not in the table`]
    return (['weight', 'forwarding', 'upper', 'lower'] as const).flatMap((name) =>
      server[name] === wanted[name] ? [] : [`${wanted.key}: ${name} is ${server[name]}, not ${wanted[name]}`],
    )
  })
  return [
    ...wrong,
    ...proof.absent.filter((key) => found.has(key)).map((key) => `${key} is still in the table`),
  ]
}
