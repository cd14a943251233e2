import type { ClientChannel, PseudoTtyOptions } from 'ssh2'
import type { Channel, Pty } from '../channel'
import { narrowWindow } from './narrow-window'
import type { OpenSession } from './session-pool'

/**
 * What a terminal may have on its way or unread: it comes, and is drawn, before the prompt that follows Ctrl+C. Over a
 * way of 50 ms whose congestion window has just been made small, 512 KiB took up to a second to arrive (RFC 5681).
 */
const terminalWindowBytes = 256 * 1024

/** A command, with a terminal or without. */
export function execStart(command: string, pty: Pty | undefined): OpenSession<ClientChannel> {
  return (client, done) => client.exec(command, pty === undefined ? {} : { pty: ptyOptions(pty) }, done)
}

function ptyOptions({ term, columns, rows, modes }: Pty): PseudoTtyOptions {
  return {
    term,
    cols: columns,
    rows,
    width: 0,
    height: 0,
    ...(modes === undefined ? {} : { modes: { ...modes } }),
  }
}

export function closeOnAbort(channel: Channel, signal: AbortSignal): void {
  const close = () => channel.close()
  if (signal.aborted) close()
  else signal.addEventListener('abort', close)
  void channel.closed.then(() => signal.removeEventListener('abort', close))
}

/** A login shell on a terminal. */
export function shellStart(
  pty: Pty,
  env: Readonly<Record<string, string>> | undefined,
): OpenSession<ClientChannel> {
  return (client, done) =>
    client.shell(ptyOptions(pty), { env: { ...env } }, (error, channel) => {
      if (error === undefined) narrowWindow(channel, terminalWindowBytes)
      done(error, channel)
    })
}
