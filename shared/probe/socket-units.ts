/*
 * systemctl(1): `systemctl show -p Id,Description,Listen,ActiveState,UnitFileState,Triggers,Accept,NConnections,FragmentPath,Result '*.socket'`,
 * properties by lines, units apart by a blank line. `Listen` stands once for each socket.
 *
 *   Id=ssh.socket
 *   Listen=0.0.0.0:22 (Stream)
 *   Listen=[::]:22 (Stream)
 *   Listen=/run/x.sock (Stream)
 */

export type SocketUnit = {
  readonly id: string
  readonly description: string
  readonly active: boolean
  /** As `systemctl is-enabled` says it. */
  readonly fileState: string
  /** Yes: one server for each connection. */
  readonly accept: boolean
  readonly connections: number
  /** The service that it starts. */
  readonly triggers: string
  readonly path: string
  readonly listens: readonly UnitListen[]
}

export type UnitListen = {
  readonly protocol: 'tcp' | 'udp'
  readonly address: string
  readonly port: number
}

/** Units that hold no port of TCP or UDP are left out. */
export function parseSocketUnits(output: string): readonly SocketUnit[] {
  return blocksOf(output).flatMap(({ lines, value }) => {
    const listens = lines.flatMap(({ name, value: text }) => (name === 'Listen' ? listenOf(text) : []))
    const id = value('Id')
    const accept = value('Accept') === 'yes'
    if (id === '' || listens.length === 0) return []
    return [
      {
        id,
        description: value('Description'),
        active: value('ActiveState') === 'active',
        fileState: value('UnitFileState'),
        accept,
        connections: Number(value('NConnections')) || 0,
        // systemd.socket(5): with Accept=yes each connection gets an instance of the template of that name.
        triggers: accept ? id.replace(/\.socket$/, '@.service') : value('Triggers'),
        path: value('FragmentPath'),
        listens,
      },
    ]
  })
}

/** What systemd knows of a unit, whatever its kind. */
export type UnitState = {
  readonly id: string
  readonly active: boolean
  /** As `systemctl is-enabled` says it. */
  readonly fileState: string
  readonly path: string
  /** How its last run ended: `success`. */
  readonly result: string
}

export function parseUnitStates(output: string): readonly UnitState[] {
  return blocksOf(output).map(({ value }) => ({
    id: value('Id'),
    active: value('ActiveState') === 'active',
    fileState: value('UnitFileState'),
    path: value('FragmentPath'),
    result: value('Result'),
  }))
}

function blocksOf(output: string) {
  return output.split(/\n\n+/).map((block) => {
    const lines = block.split('\n').flatMap((line) => {
      const at = line.indexOf('=')
      return at === -1 ? [] : [{ name: line.slice(0, at), value: line.slice(at + 1) }]
    })
    return { lines, value: (name: string): string => lines.find((line) => line.name === name)?.value ?? '' }
  })
}

/** `[::]:22 (Stream)`, `127.0.0.1:69 (Datagram)`, `22 (Stream)`; paths, netlink and the like are no ports. */
function listenOf(text: string): readonly UnitListen[] {
  const [, bracketed, bare, port, kind] =
    /^(?:\[([^\]]*)\](?:%\S+)?:|([^:/\s]*):)?(\d+) \((Stream|Datagram)\)$/.exec(text) ?? []
  if (port === undefined) return []
  const address = bracketed ?? (bare === undefined || bare === '' ? '*' : bare)
  return [{ protocol: kind === 'Stream' ? 'tcp' : 'udp', address, port: Number(port) }]
}
