import { problem } from '../../shared/contract/problem'
import { streamParams, type StreamName, type StreamParams } from '../../shared/contract/stream'
import type { ConnectedHost } from '../host/connected-host'
import type { StreamPort } from '../host/stream-port'
import { lastDesktops, openDesktop, Passwords } from './desktop'
import { openTerminal } from './terminal'

type Opener<N extends StreamName> = (host: ConnectedHost, params: StreamParams<N>, port: StreamPort) => void

/** By host, and gone with it. */
const vncPasswords = new WeakMap<ConnectedHost, Passwords>()
function vncPasswordsOf(host: ConnectedHost): Passwords {
  const known = vncPasswords.get(host) ?? new Passwords()
  vncPasswords.set(host, known)
  return known
}

/** What opens each stream of the contract on a host. */
const openers: { readonly [N in StreamName]?: Opener<N> } = {
  'terminal.open': (host, params, port) =>
    openTerminal(
      { name: host.name, readOnly: host.readOnly, transport: () => host.transport() },
      params,
      port,
    ),
  'desktop.view': (host, params, port) =>
    openDesktop(
      {
        id: host.id,
        name: host.name,
        transport: () => host.transport(),
        known: () => lastDesktops(host),
        run: (job) => host.run(job),
        asker: host.asker,
        passwords: vncPasswordsOf(host),
        readOnly: () => host.readOnly,
      },
      params,
      port,
    ),
}

/** Opens a stream, or tells the port why not. `params` come from another process and are parsed here. */
export function openStreamOn<N extends StreamName>(
  name: N,
  params: unknown,
  port: StreamPort,
  find: (id: string) => ConnectedHost | null,
): void {
  const opener: Opener<N> | undefined = openers[name]
  const parsed = streamParams[name].safeParse(params)
  const host = parsed.success ? find(parsed.data.host) : null
  if (opener === undefined || !parsed.success || host === null) {
    port.start()
    port.postMessage({ type: 'end', problem: problem('app.notFound', { what: name }), code: null })
    port.close()
    return
  }
  // What this stream's schema parsed; TypeScript does not follow the table's index.
  opener(host, parsed.data as StreamParams<N>, port)
}
