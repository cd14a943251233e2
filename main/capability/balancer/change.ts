import { fail, ok, type Answer } from '../../../shared/contract/answer'
import { problem } from '../../../shared/contract/problem'
import {
  balancerIntentSchema,
  balancerProofSchema,
  missing,
  plan,
  type BalancerProof,
  type BalancerState,
  type RealServer,
} from '../../../shared/model/balancer'
import type { Change, Json } from '../../../shared/model/change'
import type { ChangeHost, ChangeSupport, Planned, Verdict } from '../capability'
import { partProblem } from '../../host/part-problem'
import { balancerPart, tableOf, tableSection, wasRead } from './gather'

/** The kernel's table is the proof: ipvsadm answers 0 also for what the kernel then holds differently. */
export const balancerChange: ChangeSupport = {
  capability: 'balancer',

  plan: planned,

  undo(change) {
    const { undo } = change
    const [part] = change.parts
    if (undo === undefined || part === undefined) return null
    return async (host) => {
      const as = await this.prove(host, part.proof.expect, 'applied')
      if (!as.ok) return as
      if (as.value.holds) return planned(host, undo)
      const detail = as.value.missing.join('\n').slice(0, 2000)
      return fail(problem('change.notAsPlanned', {}, { host: host.name, detail }))
    }
  },

  async prove(host: ChangeHost, expect: Json): Promise<Answer<Verdict>> {
    const proof = balancerProofSchema.parse(expect)
    const ran = await host.run({ need: 'require', sections: [tableSection] })
    if (!ran.ok) return ran
    const [answer] = ran.value.answer.sections
    // An empty table proves a removal, a table that was not read proves nothing.
    if (!wasRead(answer))
      return answer?.kind === 'done'
        ? fail(problem('balancer.unavailable', { why: 'noAnswer' }, { host: host.name }))
        : fail(partProblem(answer))
    const servers = tableOf(answer).flatMap((service) => [...service.servers])
    const wrong = missing(proof, servers)
    const seen = servers.filter(({ key }) => concerns(proof, key))
    return ok({
      holds: wrong.length === 0,
      evidence: [
        ...seen.map(describe),
        ...proof.absent
          .filter((key) => !servers.some((server) => server.key === key))
          .map((key) => `ipvsadm -Ln: no ${key}`),
      ],
      missing: wrong,
    })
  },
}

async function planned(host: ChangeHost, intent: Json): Promise<Answer<Planned>> {
  const wish = balancerIntentSchema.safeParse(intent)
  if (!wish.success) return fail(problem('app.invalidRequest', { method: 'change.plan' }))
  const ran = await host.run({ need: 'require', sections: balancerPart.sections })
  if (!ran.ok) return ran
  const { answer, asRoot } = ran.value
  // Who owns the table must be known before it is changed: half an answer would say nobody.
  const unheard = answer.sections.find(({ kind }) => kind !== 'done')
  if (unheard !== undefined) return fail(partProblem(unheard))
  const state = balancerPart.parse(answer.sections, { host: host.id, asRoot })
  if (!state.ok) return state
  const change = plan(state.value, wish.data)
  return change.ok
    ? ok({ change: change.value, restored: new Map([[host.id, asBefore(state.value, change.value)]]) })
    : change
}

const concerns = (proof: BalancerProof, key: string): boolean =>
  proof.absent.includes(key) || proof.present.some((wanted) => wanted.key === key)

function describe({ key, forwarding, weight, active, inactive }: RealServer): string {
  return `ipvsadm -Ln: ${key} ${forwarding} weight ${weight}, ${active} active, ${inactive} inactive`
}

/** What the table says now of the servers that the change touches. */
function asBefore(state: BalancerState, change: Change): BalancerProof {
  const touched = change.parts.flatMap((part) => {
    const proof = balancerProofSchema.parse(part.proof.expect)
    return [...proof.absent, ...proof.present.map(({ key }) => key)]
  })
  const servers = new Map(
    state.services.flatMap((service) => service.servers.map((server) => [server.key, server] as const)),
  )
  return {
    present: touched.flatMap((key) => {
      const server = servers.get(key)
      if (server === undefined) return []
      const { forwarding, weight, upper, lower } = server
      return [{ key, forwarding, weight, upper, lower }]
    }),
    absent: touched.filter((key) => !servers.has(key)),
  }
}
