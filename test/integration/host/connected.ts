import { ConnectedHost } from '../../../main/host/connected-host'
import type { PartSource } from '../../../main/host/part-source'
import { connect, knownHostsIn, type Transport } from '../../../main/ssh'
import type { PartName, PartSnapshot } from '../../../shared/contract'
import { accounts, type AccountName } from '../../lab/accounts'

export interface ConnectedOptions {
  /** Of its profile, where a test has several hosts. */
  readonly id?: string
  readonly parts?: readonly PartSource[]
  readonly partChanged?: (part: PartName, snapshot: PartSnapshot) => void
  /** Hosts on the way, the first one first; the same account. */
  readonly jumps?: readonly { readonly name: string; readonly address: string }[]
  /** Whenever the user is asked for something. */
  readonly onPrompt?: () => void
  /** Gets each command that is started on the host. */
  readonly onOpen?: (command: string) => void
}

/** One host of the lab, signed in to by password, without the service around it. */
export async function connectTo(
  real: { readonly name: string; readonly address: string },
  account: AccountName,
  options: ConnectedOptions = {},
): Promise<ConnectedHost> {
  const { user, password } = accounts[account]
  const asker = {
    prompt: () => {
      options.onPrompt?.()
      return Promise.resolve([password])
    },
    hostKey: () => Promise.resolve('accept-once' as const),
  }
  const auth = [{ kind: 'password' as const }]
  const { name, address } = real
  const host = new ConnectedHost({
    profile: () => ({
      id: options.id ?? 'h',
      name,
      address,
      port: 22,
      user,
      auth,
      jumps: [],
      group: '',
      tags: [],
      readOnly: false,
      legacy: false,
      keepalive: true,
    }),
    readOnly: () => false,
    privilegeMinutes: () => 15,
    asker,
    route: () =>
      Promise.resolve({
        ok: true,
        value: [...(options.jumps ?? []), { name, address }].map((hop) => ({
          name: hop.name,
          address: hop.address,
          port: 22,
          user,
          auth,
          legacy: false,
          keepalive: true,
        })),
      }),
    log: () => undefined,
    connect: (route) =>
      noting(
        connect(route, {
          asker,
          knownHosts: knownHostsIn(['/nonexistent/known_hosts']),
          env: { platform: 'linux', home: '/nonexistent', user: 'tester', hostname: 'here', variables: {} },
          log: () => undefined,
          pauses: [200],
        }),
        options.onOpen,
      ),
    part: (wanted) => options.parts?.find((part) => part.name === wanted),
    changed: () => undefined,
    partChanged: options.partChanged ?? (() => undefined),
  })
  const connected = await host.connect()
  if (!connected.ok) throw new Error(`${user}@${name}: ${JSON.stringify(connected.problem)}`)
  return host
}

function noting(transport: Transport, onOpen: ConnectedOptions['onOpen']): Transport {
  if (onOpen === undefined) return transport
  const open = transport.open.bind(transport)
  return Object.assign(transport, {
    open: (command: string, options: Parameters<Transport['open']>[1]) => {
      onOpen(command)
      return open(command, options)
    },
  })
}
