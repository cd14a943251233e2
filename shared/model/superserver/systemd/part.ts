import type { XinetdDump } from '../../../probe/xinetd-dump'
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

/**
 * What is noticed of it, with what xinetd alone would do. Connections that systemd has accepted run on; a program that
 * has the socket itself is ended, or nobody else could have it.
 * @param ofXinetd what a reload of xinetd disturbs
 */
export function disturbSystemd(
  { coming, leaving }: Sockets,
  ofXinetd: readonly Disturbance[],
  dump: XinetdDump | null,
): readonly Disturbance[] {
  const told = (degree: Disturbance['degree'], key: string) => (socket: Socket) => ({
    what: { key: `systemd.disturb.${key}`, params: { unit: socket.unit, ports: named(socket.ports) } },
    degree,
    subject: socket.unit,
    sessions: [],
  })
  const takers = new Set<string>()
  const handed = ofXinetd.map((one): Disturbance => {
    const heir = one.degree === 'outage' ? heirOf(coming, dump, one.subject) : undefined
    if (heir === undefined) return one
    takers.add(heir.unit)
    const { subject, sessions } = one
    const params = { service: subject, unit: heir.unit, sessions: sessions.length }
    const degree = sessions.length > 0 ? 'sessions' : 'notice'
    return { what: { key: 'systemd.disturb.handed', params }, degree, subject, sessions }
  })
  return [
    ...handed,
    ...leaving.filter(({ service }) => service === null).map(told('notice', 'closed')),
    ...leaving.filter(({ service }) => service !== null).map(told('sessions', 'ended')),
    ...coming.filter(({ unit }) => !takers.has(unit)).map(told('notice', 'opened')),
  ]
}

/** The socket that has the port of a service from then on. */
function heirOf(coming: readonly Socket[], dump: XinetdDump | null, id: string): Socket | undefined {
  const service = dump?.services.find((one) => one.id === id)
  return coming.find(({ ports }) =>
    ports.some(({ protocol, port }) => service?.protocol === protocol && service.port === port),
  )
}

function named(ports: readonly Port[]): string {
  return ports.map(({ protocol, port }) => `${port}/${protocol}`).join(', ')
}
