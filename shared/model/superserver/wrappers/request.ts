/** One side of a connection. */
export type Endpoint = {
  readonly address: string
  /** As looked up; `unknown` when the lookup fails, `paranoid` when the name has another address; null: not looked up. */
  readonly name: string | null
}

/** Who asks for what. */
export type Request = {
  /** The name of the daemon's program: argv[0] without its folder; for xinetd the service's own name. */
  readonly daemon: string
  readonly client: Endpoint
  /** The address that the client came to; left out: not known. */
  readonly server?: Endpoint
  /** The port that the client came to, null when there is no socket; left out: not known. */
  readonly port?: number | null
}

/** What a rule asks for that cannot be told from the files alone. */
export type Need =
  | 'hostName'
  | 'netgroup'
  | 'file'
  | 'user'
  | 'server'
  | 'port'
  /** Whether the host has a user or group. */
  | 'account'
  /** What a program of the rule says. */
  | 'program'
