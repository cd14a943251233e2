import type { Duplex } from 'node:stream'
import type { AnswerMemory } from '../auth/memory'
import type { Asker } from '../asker'
import type { Environment } from '../environment'
import type { KnownHosts } from '../known-hosts/store'
import { note } from '../notes'
import { sshProblem } from '../problems'
import type { Hop, Route } from '../route'
import { fail, ok } from '../../../shared/contract/answer'
import type { Answer } from '../../../shared/contract/answer'
import type { ConnectionNote } from '../../../shared/contract/host'
import type { Problem } from '../../../shared/contract/problem'
import { dialTcp } from './dial'
import { openForward } from './forward'
import { openByHelper } from './forward-helper'
import { Link } from './link'
import type { StepTimes } from './handshake'
import type { ConnectStep } from './handshake-problems'
import type { KeyRenewal } from './link'

export interface RouteDialerDeps {
  readonly asker: Asker
  readonly knownHosts: KnownHosts
  readonly env: Environment
  readonly memory: AnswerMemory
  readonly acceptedOnce: Set<string>
  readonly times?: StepTimes
  readonly keepaliveMs?: number
  readonly renewal?: KeyRenewal
  step(hop: string, step: ConnectStep): void
}

/**
 * Opens connections to the last hop of a route. The jump hosts' connections are made once and shared: a further
 * connection to the target costs one more forward through them, and no question.
 */
export class RouteDialer {
  private readonly jumps: Promise<Answer<Link>>[] = []
  private readonly opened: Link[] = []
  private readonly stop = new AbortController()
  private readonly extra: ConnectionNote[] = []

  constructor(
    private readonly route: Route,
    private readonly deps: RouteDialerDeps,
  ) {}

  /** What there is to tell of every hop so far. */
  get notes(): readonly ConnectionNote[] {
    return [...this.extra, ...this.opened.flatMap((link) => link.notes)]
  }

  async target(signal: AbortSignal): Promise<Answer<Link>> {
    const target = this.route.at(-1)
    if (target === undefined) return fail(sshProblem('ssh.closed', ''))
    let through: Link | null = null
    for (const [index, hop] of this.route.slice(0, -1).entries()) {
      const before: Link | null = through
      this.jumps[index] ??= this.link(hop, before, signal)
      const jump: Answer<Link> = await this.jumps[index]
      if (!jump.ok) return jump
      through = jump.value
    }
    return this.link(target, through, signal)
  }

  close(): void {
    this.stop.abort()
    // The last hop first: each lives in a channel of the one before it.
    for (const link of this.opened.splice(0).reverse()) link.close()
  }

  private async link(hop: Hop, through: Link | null, signal: AbortSignal): Promise<Answer<Link>> {
    const { deps } = this
    const either = new AbortController()
    const abort = () => either.abort()
    for (const one of [signal, this.stop.signal]) {
      if (one.aborted) abort()
      else one.addEventListener('abort', abort)
    }
    try {
      const answer = await Link.open({
        ...deps,
        hop,
        signal: either.signal,
        dial: (stop) =>
          through === null ? dialTcp(hop, stop) : dialThrough(through, hop, (one) => this.extra.push(one)),
        step: (step) => deps.step(hop.name, step),
      })
      if (answer.ok) this.opened.push(answer.value)
      return answer
    } finally {
      for (const one of [signal, this.stop.signal]) one.removeEventListener('abort', abort)
    }
  }
}

async function dialThrough(
  jump: Link,
  hop: Hop,
  tell: (note: ConnectionNote) => void,
): Promise<Answer<Duplex>> {
  const { address, port } = hop
  const direct = await openForward(jump.hop.name, [jump], address, port)
  if (direct.ok) return ok(direct.value.stream)
  if (direct.problem.code !== 'ssh.forwardForbidden')
    return fail(asJumpProblem(direct.problem, jump.hop, hop))
  const helped = await openByHelper(jump.hop.name, address, port, (command) => jump.run(command))
  if (!helped.ok) return fail(asJumpProblem(direct.problem, jump.hop, hop))
  tell(note('forwardingByHelper', { helper: helped.value.helper }))
  return ok(helped.value.channel.stream)
}

function asJumpProblem(problem: Problem, jump: Hop, hop: Hop): Problem {
  const params = { jump: jump.name, address: hop.address, port: hop.port }
  switch (problem.code) {
    case 'ssh.forwardForbidden':
      return sshProblem('ssh.jumpForbidden', hop.name, params, problem.detail)
    case 'ssh.forwardFailed':
    case 'ssh.timeout':
      return sshProblem('ssh.jumpUnreachable', hop.name, params, problem.detail)
    default:
      return problem
  }
}
