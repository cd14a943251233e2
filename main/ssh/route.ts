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

/** How a key that the host shows is judged: UserKnownHostsFile and what belongs to it in ssh_config(5). */
export interface HostKeyTrust {
  /** The first is written to. Empty: none is kept. */
  readonly userFiles: readonly string[]
  readonly globalFiles: readonly string[]
  /** HashKnownHosts. */
  readonly hash: boolean
  /**
   * What is done with a key never seen. A changed or revoked one is refused whatever stands here, and `no` and
   * `off` of StrictHostKeyChecking ask as `ask` does.
   */
  readonly unknown: 'ask' | 'refuse' | 'accept'
}

/** An option that applies to a host and that this client does not follow. */
export interface UnsupportedOption {
  /** As it would be written, so that the user finds it in the file. */
  readonly option: string
  readonly file: string
  readonly line: number
  /**
   * `told` with the sign-in and in the import. `silent`: a system-wide default that only adds a way to sign in;
   * it is told when the sign-in fails and the server would have taken it.
   */
  readonly when: 'told' | 'silent'
  /** The ways to sign in that it would have added, by their names in RFC 4252. */
  readonly methods: readonly string[]
  readonly kind: 'unsupported' | 'strict-off'
}

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
  /** Absent: the known_hosts that the transport was given, and unknown keys are asked about. */
  readonly trust?: HostKeyTrust
  /** Options of ~/.ssh/config that apply to this host and that this client cannot follow. */
  readonly unsupported?: readonly UnsupportedOption[]
}

/** Jump hosts first, the one nearest to this computer in front; the target last. */
export type Route = readonly Hop[]
