import type { Client } from 'ssh2'

/**
 * The few things that ssh2 1.17 can do and does not show. Its version is pinned; should a newer one be built
 * otherwise, this throws at the first connection, in the tests.
 */
interface Protocol {
  rekey(): void
  readonly failureHandlers: Record<string, unknown>
}

function protocolOf(client: Client): Protocol {
  const protocol: unknown = Reflect.get(client, '_protocol')
  if (typeof protocol !== 'object' || protocol === null) throw new Error('ssh2 has no _protocol')
  const handlers: unknown = Reflect.get(protocol, '_handlers')
  const rekey: unknown = Reflect.get(protocol, 'rekey')
  if (typeof handlers !== 'object' || handlers === null || typeof rekey !== 'function') {
    throw new Error('the protocol of ssh2 is not what it was')
  }
  return {
    rekey: () => void Reflect.apply(rekey, protocol, []),
    failureHandlers: handlers as Record<string, unknown>,
  }
}

/**
 * Tells of every SSH_MSG_USERAUTH_FAILURE (RFC 4252 §5.1) before ssh2 acts on it: after a partial success by an
 * agent's key, ssh2 asks for the next method with what the failure before that one said.
 */
export function watchAuthFailures(
  client: Client,
  seen: (offered: readonly string[], partial: boolean) => void,
): void {
  const { failureHandlers } = protocolOf(client)
  const original = failureHandlers['USERAUTH_FAILURE']
  if (typeof original !== 'function') throw new Error('ssh2 has no handler for failed sign-ins')
  failureHandlers['USERAUTH_FAILURE'] = (protocol: unknown, offered: unknown, partial: unknown): void => {
    const names = Array.isArray(offered) ? offered.filter((name) => typeof name === 'string') : []
    seen(names, partial === true)
    Reflect.apply(original, undefined, [protocol, offered, partial])
  }
}

/** Starts a new key exchange; ssh2 does nothing when one is under way. */
export function renewKeys(client: Client): void {
  protocolOf(client).rekey()
}
