import type { Disturbance } from '../../change'
import type { Port } from '../port'
import type { SystemdProof } from '../proof'
import type { Socket, Sockets } from './units'

/** What systemd must say once it has the sockets that come, and no more those that go. null: there are none. */
export function proofOfSystemd({ coming, leaving }: Sockets): SystemdProof | null {
  if (coming.length === 0 && leaving.length === 0) return null
  return {
    held: coming.map(({ unit, path, ports }) => ({ unit, path, ports: [...ports] })),
    gone: leaving.map(({ unit }) => unit),
  }
}

/** Connections that it has accepted run on; a program that has the socket itself is ended, or nobody else could have it. */
export function disturbSystemd({ coming, leaving }: Sockets): readonly Disturbance[] {
  const told = (degree: Disturbance['degree'], key: string) => (socket: Socket) => ({
    what: { key: `systemd.disturb.${key}`, params: { unit: socket.unit, ports: named(socket.ports) } },
    degree,
    subject: socket.unit,
    sessions: [],
  })
  return [
    ...leaving.filter(({ service }) => service === null).map(told('notice', 'closed')),
    ...leaving.filter(({ service }) => service !== null).map(told('sessions', 'ended')),
    ...coming.map(told('notice', 'opened')),
  ]
}

function named(ports: readonly Port[]): string {
  return ports.map(({ protocol, port }) => `${port}/${protocol}`).join(', ')
}
