import type { ClientChannel } from 'ssh2'

/** The part of a channel of ssh2 1.17 that is used here (lib/Channel.js). Its own window is fixed at 2 MiB. */
interface Inner {
  incoming: { window: number }
  readonly outgoing: { readonly id: number; readonly state: string }
  readonly _client: { readonly _protocol: { channelWindowAdjust(channel: number, bytes: number): void } }
}

/** More than half of it in ssh2's eyes, so that it never grants any itself. */
const unused = 2 * 1024 * 1024

/**
 * Lets at most `limit` bytes be on their way or unread, in the place of the 2 to 3 MiB that ssh2 takes. All of that
 * would have to be drawn before the prompt that follows Ctrl+C. Holds once the first 2 MiB have come: they were
 * promised when the channel opened.
 *
 * ssh2 grants more window as soon as half of it is used, read or not. So it is shown a window that is never used,
 * and the granting is done here, by what was really read.
 */
export function narrowWindow(channel: ClientChannel, limit: number): void {
  const inner = innerOf(channel)
  let promised = inner.incoming.window
  let scheduled = false

  const grant = () => {
    scheduled = false
    const room = limit - promised - channel.readableLength
    if (room < limit / 2 || inner.outgoing.state === 'closed') return
    promised += room
    inner._client._protocol.channelWindowAdjust(inner.outgoing.id, room)
  }
  const schedule = () => {
    if (scheduled) return
    scheduled = true
    // After ssh2 has put the bytes that it is counting into the stream.
    process.nextTick(grant)
  }
  Object.defineProperty(inner.incoming, 'window', {
    get: () => unused,
    set: (left: number) => {
      promised -= unused - left
      schedule()
    },
  })
  const read = channel.read.bind(channel)
  channel.read = (size?: number): unknown => {
    const chunk: unknown = read(size)
    if (chunk !== null) schedule()
    return chunk
  }
}

/** ssh2's version is pinned; should a newer one be built otherwise, this throws at the first shell, in the tests. */
function innerOf(channel: ClientChannel): Inner {
  // eslint-disable-next-line no-restricted-syntax -- ssh2's types leave these out; what is used is checked below
  const inner = channel as unknown as Partial<Inner>
  if (typeof inner.incoming?.window !== 'number' || typeof inner.outgoing?.id !== 'number')
    throw new Error('the channel of ssh2 is not what it was')
  if (typeof inner._client?._protocol.channelWindowAdjust !== 'function')
    throw new Error('ssh2 has no channelWindowAdjust')
  return inner as Inner
}
