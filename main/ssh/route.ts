/**
 * How to prove who one is, tried in the order given.
 * `agent.only`: use these identities alone (public or private key files), as IdentitiesOnly of ssh_config(5) does.
 * `key.optional`: a file that is not there is no matter, as with ssh's default files.
 */
export type AuthMethod =
  | {
      readonly kind: 'agent'
      readonly socket?: string | undefined
      readonly only?: readonly string[] | undefined
    }
  | { readonly kind: 'key'; readonly path: string; readonly optional?: boolean | undefined }
  | { readonly kind: 'keyboard-interactive' }
  | { readonly kind: 'password' }

export interface Hop {
  /** The name the user knows the host by. */
  readonly name: string
  readonly address: string
  readonly port: number
  readonly user: string
  readonly auth: readonly AuthMethod[]
  /** Offers classic Diffie-Hellman, CBC ciphers and SHA-1 as well, for servers of another age. */
  readonly legacy: boolean
  readonly keepalive: boolean
  /** The name to look up in known_hosts in the place of the address, HostKeyAlias of ssh_config(5). */
  readonly hostKeyAlias?: string
  /** Options of ~/.ssh/config that apply to this host and that this client cannot follow. */
  readonly unsupported?: readonly string[]
}

/** Jump hosts first, the one nearest to this computer in front; the target last. */
export type Route = readonly Hop[]
