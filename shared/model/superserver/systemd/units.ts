import type { Step } from '../../change'
import { isSamePort, type Port } from '../port'

/** Where an administrator's units stand (systemd.unit(5), "Unit File Load Path"). */
export const unitFolder = '/etc/systemd/system'

/** A socket unit of a change, and what it holds. */
export type Socket = {
  /** Its name, with the suffix. */
  readonly unit: string
  readonly path: string
  readonly ports: readonly Port[]
  /** The service of the socket itself, which has the socket as long as it runs; null: one for each connection. */
  readonly service: string | null
}

/** The sockets that come with a change, and those that go with it. */
export type Sockets = { readonly coming: readonly Socket[]; readonly leaving: readonly Socket[] }

export function socketsOf(steps: readonly Step[]): Sockets {
  return {
    coming: steps.flatMap((step) => (step.kind === 'create' ? socketOf(step.path, step.after.text) : [])),
    leaving: steps.flatMap((step) => (step.kind === 'delete' ? socketOf(step.path, step.before.text) : [])),
  }
}

/** Whether a file is a unit of ours to read back. */
export function isUnit(path: string): boolean {
  return (
    path.startsWith(`${unitFolder}/`) && /^[^/]+\.(?:socket|service)$/.test(path.slice(unitFolder.length + 1))
  )
}

function socketOf(path: string, text: string): readonly Socket[] {
  if (!isUnit(path) || !path.endsWith('.socket')) return []
  const unit = path.slice(unitFolder.length + 1)
  const service = /^Accept=no$/m.test(text) ? unit.replace(/socket$/, 'service') : null
  return [{ unit, path, ports: portsIn(text), service }]
}

/** As socket-unit.ts writes them: an address in front, or the port alone. */
function portsIn(text: string): readonly Port[] {
  const all = [...text.matchAll(/^Listen(Stream|Datagram)=(?:.*:)?(\d+)$/gm)].map(([, kind, port]): Port => ({
    protocol: kind === 'Stream' ? 'tcp' : 'udp',
    port: Number(port),
  }))
  return all.filter((port, at) => all.findIndex((other) => isSamePort(port, other)) === at)
}
