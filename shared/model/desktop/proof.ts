import { z } from 'zod'
import { displayOf, lockPath } from './displays'
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
])
export type DesktopProof = z.infer<typeof desktopProofSchema>

export type ProofAnswer =
  | { readonly holds: true; readonly evidence: readonly string[] }
  /** In the host's own words, for the detail of the problem. */
  | { readonly holds: false; readonly missing: string; readonly evidence: readonly string[] }

/** Holds a proof against the state as it was read after the change. */
export function checkProof(state: DesktopState, proof: DesktopProof): ProofAnswer {
  const display = displayOf(state, proof.display)
  const lock = state.locks.find((one) => one.display === proof.display)
  const evidence: string[] = []
  const no = (missing: string): ProofAnswer => ({ holds: false, missing, evidence })

  if (proof.kind === 'gone') {
    if (display !== null && display.pid === proof.pid && display.startTime === proof.startTime)
      return no(`${display.program} :${proof.display} still runs as pid ${display.pid}`)
    evidence.push(`:${proof.display}: pid ${proof.pid} has ended`)
    if (lock !== undefined && lock.pid === proof.pid)
      return no(`${lockPath(proof.display)} still names pid ${proof.pid}`)
    if (display === null) evidence.push(`${lockPath(proof.display)}: no such file`)
    if (proof.endpoint?.kind === 'tcp' && display === null) {
      if (state.ports?.includes(proof.endpoint.port) === true)
        return no(`something listens on port ${proof.endpoint.port}`)
      if (state.ports !== null) evidence.push(`nothing listens on port ${proof.endpoint.port}`)
    }
    return { holds: true, evidence }
  }

  if (display === null) return no(`no VNC server runs as :${proof.display}`)
  evidence.push(`${display.program} :${display.number}, pid ${display.pid}, user ${display.owner.name}`)
  if (display.owner.uid !== proof.uid) return no(`:${proof.display} belongs to ${display.owner.name}`)
  if (lock?.pid !== display.pid) return no(`${lockPath(proof.display)} does not name pid ${display.pid}`)
  evidence.push(`${lockPath(proof.display)} names pid ${display.pid}`)
  if (display.endpoint === null || !sameEndpoint(display.endpoint, proof.endpoint))
    return no(`:${proof.display} does not listen on ${endpointText(proof.endpoint)}`)
  evidence.push(`listens on ${endpointText(display.endpoint)}`)
  if (display.geometry?.live === true)
    evidence.push(`screen ${display.geometry.width}x${display.geometry.height}`)
  return { holds: true, evidence }
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
