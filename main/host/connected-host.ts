import { fail, ok, type Answer } from '../../shared/contract/answer'
import type { HostState, HostStatus, Privilege } from '../../shared/contract/host'
import { problem, type Problem } from '../../shared/contract/problem'
import type { Profile } from '../../shared/contract/profile'
import type { Transport } from '../ssh/connection'
import type { Route } from '../ssh/route'

export interface ConnectedHostDeps {
  readonly profile: () => Profile
  readonly readOnly: () => boolean
  readonly connect: (route: Route) => Transport
  readonly route: () => Answer<Route>
  readonly changed: (status: HostStatus) => void
}

/** One host of the user's list while the app runs: connected, on the way, lost or closed. */
export class ConnectedHost {
  readonly #deps: ConnectedHostDeps
  #transport: Transport | null = null
  #state: HostState = { kind: 'closed' }
  #privilege: Privilege = { kind: 'unknown' }

  constructor(deps: ConnectedHostDeps) {
    this.#deps = deps
  }

  get id(): string {
    return this.#deps.profile().id
  }

  get name(): string {
    return this.#deps.profile().name
  }

  get readOnly(): boolean {
    return this.#deps.readOnly()
  }

  status(): HostStatus {
    return { id: this.id, state: this.#state, privilege: this.#privilege, readOnly: this.readOnly }
  }

  /** Answers when the host is up or the sign-in has failed. A connection that is up is kept. */
  async connect(): Promise<Answer<HostStatus>> {
    if (this.#state.kind === 'up') return ok(this.status())
    if (this.#transport === null || this.#state.kind !== 'connecting') {
      const route = this.#deps.route()
      if (!route.ok) return route
      this.#drop()
      this.#adopt(this.#deps.connect(route.value))
    }
    const failed = await this.#settled()
    return failed === null ? ok(this.status()) : fail(failed)
  }

  disconnect(): void {
    this.#drop()
    this.#privilege = { kind: 'unknown' }
    this.#enter({ kind: 'closed' })
  }

  /** The connection while it is up. */
  transport(): Answer<Transport> {
    if (this.#transport === null || this.#state.kind !== 'up')
      return fail(problem('host.notConnected', {}, { host: this.name }))
    return ok(this.#transport)
  }

  announce(): void {
    this.#deps.changed(this.status())
  }

  #adopt(transport: Transport): void {
    this.#transport = transport
    this.#enter(transport.state)
    transport.onState((state) => {
      if (this.#transport === transport) this.#enter(state)
    })
  }

  #drop(): void {
    const transport = this.#transport
    this.#transport = null
    transport?.close()
  }

  #enter(state: HostState): void {
    this.#state = state
    this.announce()
    for (const waiting of [...this.#waiting]) waiting()
  }

  readonly #waiting = new Set<() => void>()

  /** Waits while the connection is being made; null: it is up. */
  #settled(): Promise<Problem | null> {
    return new Promise((resolve) => {
      const look = () => {
        const state = this.#state
        if (state.kind === 'connecting') return
        this.#waiting.delete(look)
        if (state.kind === 'up') resolve(null)
        else if (state.kind === 'lost') resolve(state.problem)
        else resolve(problem('app.cancelled', {}, { host: this.name }))
      }
      this.#waiting.add(look)
      look()
    })
  }
}
