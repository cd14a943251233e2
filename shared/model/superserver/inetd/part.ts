import type { Disturbance } from '../../change'
import { isSamePort, type Port } from '../port'
import type { InetdProof } from '../proof'
import { refuse, type Refusal } from '../refuse'
import type { InetdState, SuperserverState } from '../state'
import { protocolOf, type InetdResolution } from './resolve'

/** The ports that the daemon opens for what runs. */
function portsOf({ services }: InetdResolution): readonly (Port & { readonly name: string })[] {
  return services.flatMap(({ state, entry, port, words }) => {
    const protocol = entry === null ? null : protocolOf(entry)
    return state === 'enabled' && protocol !== null && port !== null
      ? [{ protocol, port, name: words[0] ?? '' }]
      : []
  })
}

/**
 * What the kernel must say once the daemon has read its files again. What it did not hold before, though its file said
 * so, is not asked if the change leaves it as it is. null: it does not run.
 */
export function proofOfInetd(
  { daemon }: InetdState,
  sockets: SuperserverState['sockets'],
  before: InetdResolution,
  after: InetdResolution,
): InetdProof | null {
  if (daemon === null) return null
  const { pid, startTime } = daemon
  const was = portsOf(before)
  const will = portsOf(after)
  const held = (port: Port): boolean =>
    sockets.some((socket) => isSamePort(socket, port) && socket.holders.some((holder) => holder.pid === pid))
  return {
    daemon: { pid, startTime },
    listening: unique(will.filter((port) => held(port) || !was.some((old) => isSamePort(old, port)))),
    silent: unique(was.filter((port) => !will.some((next) => isSamePort(next, port)))),
  }
}

function unique(ports: readonly Port[]): Port[] {
  return ports
    .filter((port, at) => ports.findIndex((other) => isSamePort(other, port)) === at)
    .map(({ protocol, port }) => ({ protocol, port }))
}

/**
 * What a HUP does: sockets of entries that are gone are closed, new ones are opened. Programs that it started run on,
 * also those to which it gave the socket itself (wait).
 */
export function disturbInetd(before: InetdResolution, after: InetdResolution): readonly Disturbance[] {
  const was = portsOf(before)
  const will = portsOf(after)
  const told = (degree: Disturbance['degree'], key: string) => (port: Port & { readonly name: string }) => ({
    what: {
      key: `inetd.disturb.${key}`,
      params: { service: port.name, port: `${port.port}/${port.protocol}` },
    },
    degree,
    subject: port.name,
    sessions: [],
  })
  return [
    ...was.filter((port) => !will.some((next) => isSamePort(next, port))).map(told('outage', 'closed')),
    ...will.filter((port) => !was.some((old) => isSamePort(old, port))).map(told('notice', 'opened')),
  ]
}

/**
 * An entry of which the daemon would have nothing because another process has its port; null: none.
 * @param leaving ports that xinetd gives up in the same change
 */
export function heldByAnother(
  state: SuperserverState,
  { daemon }: InetdState,
  before: InetdResolution,
  after: InetdResolution,
  leaving: readonly Port[],
): Refusal | null {
  const was = portsOf(before)
  for (const port of portsOf(after)) {
    if (was.some((old) => isSamePort(old, port)) || leaving.some((old) => isSamePort(old, port))) continue
    const holder = state.sockets
      .filter((socket) => isSamePort(socket, port))
      .flatMap(({ holders }) => holders)
      .find(({ pid }) => pid !== daemon?.pid)
    if (holder !== undefined) {
      const { program, pid } = holder
      return refuse(state, 'superserver.portHeld', { port: `${port.port}/${port.protocol}`, program, pid })
    }
  }
  return null
}

/** What would stop the daemon in the middle of its files, and did not before; null: nothing. */
export function newlyStopped(
  state: SuperserverState,
  before: InetdResolution,
  after: InetdResolution,
): Refusal | null {
  const { stop } = after
  if (stop === null || before.stop !== null) return null
  return refuse(state, 'superserver.inetdRefuses', {
    value: stop.refusal.value,
    cause: stop.refusal.reason,
    path: stop.path,
    line: stop.line,
  })
}

/**
 * Our own connection came through a port that the daemon would close: what it has started runs on, but nobody would
 * get in again. null: it did not, or the port stays.
 */
export function closesOurWay(
  state: SuperserverState,
  { daemon }: InetdState,
  before: InetdResolution,
  after: InetdResolution,
): Refusal | null {
  if (daemon === null || !state.surroundings.ancestors.includes(daemon.pid)) return null
  const stays = portsOf(after)
  const closed = before.services
    .filter(({ words }) => words.slice(5).some((word) => word.endsWith('sshd')))
    .find((service) =>
      portsOf({ ...before, services: [service] }).some(
        (port) => !stays.some((other) => isSamePort(port, other)),
      ),
    )
  return closed === undefined
    ? null
    : refuse(state, 'superserver.cutsOurselves', { service: closed.words[0] ?? '' })
}
