import { z } from 'zod'
import { assertNever } from '../../assert-never'
import { displayOf, lockPath, obstacleTo } from './displays'
import type { DesktopState, Endpoint } from './state'

const endpoint = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('tcp'), address: z.string(), port: z.number().int() }),
  z.object({ kind: z.literal('unix'), path: z.string() }),
])

/** What must hold after a change; main/capability/desktop reads it back from the host. */
export const desktopProofSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('running'), display: z.number().int(), uid: z.number().int(), endpoint }),
  z.object({
    kind: z.literal('gone'),
    display: z.number().int(),
    pid: z.number().int(),
    startTime: z.string(),
    endpoint: endpoint.nullable(),
  }),
  /** Nothing runs as this display, and nothing keeps its number: what a start that was taken back leaves. */
  z.object({ kind: z.literal('absent'), display: z.number().int() }),
])
export type DesktopProof = z.infer<typeof desktopProofSchema>

/** All of it in the words of the host, one fact a line. */
export type ProofAnswer = {
  readonly holds: boolean
  readonly evidence: readonly string[]
  readonly missing: readonly string[]
}

/** Holds a proof against the state as it was read after the change. */
export function checkProof(state: DesktopState, proof: DesktopProof): ProofAnswer {
  switch (proof.kind) {
    case 'running':
      return judge(running(state, proof))
    case 'gone':
      return judge(gone(state, proof))
    case 'absent':
      return judge(absent(state, proof.display))
    default:
      return assertNever(proof)
  }
}

type Fact = { readonly holds: boolean; readonly text: string }
const fact = (holds: boolean, yes: string, no: string): Fact => ({ holds, text: holds ? yes : no })

function judge(facts: readonly Fact[]): ProofAnswer {
  const texts = (wanted: boolean) => facts.filter(({ holds }) => holds === wanted).map(({ text }) => text)
  return { holds: facts.every(({ holds }) => holds), evidence: texts(true), missing: texts(false) }
}

function running(state: DesktopState, proof: Extract<DesktopProof, { kind: 'running' }>): readonly Fact[] {
  const display = displayOf(state, proof.display)
  if (display === null) return [{ holds: false, text: `no VNC server runs as :${proof.display}` }]
  const { pid, program, owner, endpoint: listens, geometry } = display
  const lock = state.locks.find((one) => one.display === proof.display)
  const where = endpointText(proof.endpoint)
  return [
    fact(
      owner.uid === proof.uid,
      `${program} :${proof.display}, pid ${pid}, user ${owner.name}`,
      `:${proof.display} belongs to ${owner.name}`,
    ),
    fact(
      lock?.pid === pid,
      `${lockPath(proof.display)} names pid ${pid}`,
      `${lockPath(proof.display)} does not name pid ${pid}`,
    ),
    fact(
      listens !== null && sameEndpoint(listens, proof.endpoint),
      `listens on ${where}`,
      `does not listen on ${where}`,
    ),
    ...(geometry?.live === true
      ? [{ holds: true, text: `screen ${geometry.width}x${geometry.height}` }]
      : []),
  ]
}

function gone(state: DesktopState, proof: Extract<DesktopProof, { kind: 'gone' }>): readonly Fact[] {
  const display = displayOf(state, proof.display)
  const same = display !== null && display.pid === proof.pid && display.startTime === proof.startTime
  const lock = state.locks.find((one) => one.display === proof.display)
  const path = lockPath(proof.display)
  const facts = [
    fact(!same, `pid ${proof.pid} has ended`, `:${proof.display} still runs as pid ${proof.pid}`),
    fact(
      lock?.pid !== proof.pid,
      `${path} does not name pid ${proof.pid}`,
      `${path} still names pid ${proof.pid}`,
    ),
  ]
  // Somebody may have started another one on the same number since.
  if (proof.endpoint?.kind !== 'tcp' || state.ports === null || display !== null) return facts
  const { port } = proof.endpoint
  const silent = !state.ports.includes(port)
  return [...facts, fact(silent, `nothing listens on port ${port}`, `something listens on port ${port}`)]
}

function absent(state: DesktopState, display: number): readonly Fact[] {
  const obstacle = obstacleTo(state, display)
  return [fact(obstacle === null, `:${display} is free`, `:${display} is not free: ${obstacle?.kind ?? ''}`)]
}

function sameEndpoint(a: Endpoint, b: Endpoint): boolean {
  if (a.kind === 'tcp') return b.kind === 'tcp' && a.port === b.port
  return b.kind === 'unix' && a.path === b.path
}

export function endpointText(endpoint: Endpoint): string {
  if (endpoint.kind === 'unix') return endpoint.path
  return endpoint.address.includes(':')
    ? `[${endpoint.address}]:${endpoint.port}`
    : `${endpoint.address}:${endpoint.port}`
}
