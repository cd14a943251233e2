import { fail, ok, type Answer } from '../../shared/contract/answer'
import type { HostState, HostStatus, Privilege } from '../../shared/contract/host'
import type { PartName, PartSnapshot } from '../../shared/contract/part'
import { problem, type Problem } from '../../shared/contract/problem'
import type { Profile } from '../../shared/contract/profile'
import type { Asker, ConnectionState, Route, Transport } from '../ssh'
import { Gatherer } from './gatherer'
import type { PartSource } from './part-source'
import { Privileges } from './privileges'
import type { Job, Ran } from './run'
import type { EngineHost } from './change/part-run'

export interface ConnectedHostDeps {
  readonly profile: () => Profile
  readonly readOnly: () => boolean
  readonly privilegeMinutes: () => number
  readonly asker: Asker
  readonly connect: (route: Route) => Transport
  readonly route: () => Promise<Answer<Route>>
  readonly part: (name: PartName) => PartSource | undefined
  readonly changed: (status: HostStatus) => void
  readonly partChanged: (part: PartName, snapshot: PartSnapshot) => void
  /** One line, no secrets. */
  readonly log: (line: string) => void
}

/** One host of the user's list while the app runs: connected, on the way, lost or closed. */
export class ConnectedHost {
  readonly parts: Gatherer
  readonly #deps: ConnectedHostDeps
  readonly #privileges: Privileges
  readonly #waiting = new Set<() => void>()
  #transport: Transport | null = null
  #state: HostState = { kind: 'closed' }
  #told = ''
  #starting: Promise<Answer<null>> | null = null
  /** Counts what the user wanted of the connection: a later wish makes an earlier one void. */
  #wishes = 0

  constructor(deps: ConnectedHostDeps) {
    this.#deps = deps
    this.#privileges = new Privileges({
      name: () => this.name,
      asker: deps.asker,
      minutes: deps.privilegeMinutes,
      changed: () => this.announce(),
    })
    this.parts = new Gatherer({
      host: this.id,
      name: () => this.name,
      find: deps.part,
      up: () => this.#state.kind === 'up',
      run: (job) => this.#gather(job),
      changed: deps.partChanged,
      log: deps.log,
    })
  }

  get id(): string {
    return this.#deps.profile().id
  }

  get name(): string {
    return this.#deps.profile().name
  }

  /** `user@address` of the login. */
  get account(): string {
    const { user, address } = this.#deps.profile()
    return user === '' ? address : `${user}@${address}`
  }

  get readOnly(): boolean {
    return this.#deps.readOnly()
  }

  /** Asks the user; for what a capability needs to know before it can go on. */
  get asker(): Asker {
    return this.#deps.asker
  }

  status(): HostStatus {
    return { id: this.id, state: this.#state, privilege: this.#privileges.privilege, readOnly: this.readOnly }
  }

  /** Answers when the host is up or the sign-in has failed. A connection that is up is kept. */
  async connect(): Promise<Answer<HostStatus>> {
    if (this.#state.kind === 'up') return ok(this.status())
    if (this.#transport === null || this.#state.kind !== 'connecting') {
      this.#starting ??= this.#start().finally(() => (this.#starting = null))
      const started = await this.#starting
      if (!started.ok) return started
    }
    const failed = await this.#settled()
    return failed === null ? ok(this.status()) : fail(failed)
  }

  async #start(): Promise<Answer<null>> {
    // One that waits for its next try still knows the answers that were given to it.
    if (this.#transport !== null && this.#state.kind === 'lost' && this.#state.retryAt !== null) {
      this.#transport.retry()
      return ok(null)
    }
    const wish = ++this.#wishes
    const route = await this.#deps.route()
    if (!route.ok) return route
    if (wish !== this.#wishes) return fail(problem('app.cancelled', {}, { host: this.name }))
    this.#drop()
    this.#adopt(this.#deps.connect(route.value))
    return ok(null)
  }

  disconnect(): void {
    this.#wishes += 1
    this.#drop()
    this.#enter({ kind: 'closed' })
    this.#privileges.forget()
  }

  /** The connection while it is up. */
  transport(): Answer<Transport> {
    if (this.#transport === null || this.#state.kind !== 'up')
      return fail(problem('host.notConnected', {}, { host: this.name }))
    return ok(this.#transport)
  }

  /** Waits for the connection while there is hope of it; false: it did not come. */
  async whenUp(milliseconds: number): Promise<boolean> {
    const until = Date.now() + milliseconds
    while (this.#state.kind !== 'up') {
      if (this.#state.kind === 'closed' || Date.now() > until) return false
      await new Promise<void>((resolve) => {
        const done = () => {
          clearTimeout(timer)
          this.#waiting.delete(done)
          resolve()
        }
        const timer = setTimeout(done, Math.max(1, until - Date.now()))
        this.#waiting.add(done)
      })
    }
    return true
  }

  /** Runs a script, with root where the job needs it. Sent at most once, whatever happens. */
  async run(job: Job): Promise<Ran> {
    const transport = this.transport()
    if (!transport.ok) return { ...transport, mayHaveRun: false }
    return this.#privileges.run(transport.value, job)
  }

  /**
   * The same host by a connection of its own, made anew by the same way: what runs on it proves that the way is still
   * there.
   */
  anew(): EngineHost & { close(): void } {
    const old = this.transport()
    const transport = old.ok ? old.value.anew() : null
    const { id, name, readOnly, account } = this
    return {
      id,
      name,
      readOnly,
      account,
      run: async (job) =>
        transport === null
          ? { ok: false, problem: problem('host.notConnected', {}, { host: name }), mayHaveRun: false }
          : this.#privileges.run(transport, job),
      whenUp: (milliseconds) =>
        transport === null ? Promise.resolve(false) : arrived(transport, milliseconds),
      anew: () => this.anew(),
      close: () => transport?.close(),
    }
  }

  async unlock(minutes: number): Promise<Answer<Privilege>> {
    const transport = this.transport()
    if (!transport.ok) return transport
    const failed = await this.#privileges.unlock(transport.value, minutes)
    if (failed !== null) return fail(failed)
    this.parts.readAll()
    return ok(this.#privileges.privilege)
  }

  lock(): Privilege {
    this.#privileges.lock()
    return this.#privileges.privilege
  }

  announce(): void {
    const status = this.status()
    const told = JSON.stringify(status)
    if (told === this.#told) return
    this.#told = told
    this.#deps.changed(status)
  }

  /**
   * A reading of parts. The first one of a connection that needs no root takes the detection of privilege
   * along, so that an overview costs one round trip.
   */
  async #gather(job: Job): Promise<Ran> {
    const transport = this.transport()
    if (!transport.ok) return { ...transport, mayHaveRun: false }
    if (job.need !== 'none' || this.#privileges.privilege.kind !== 'unknown')
      return this.#privileges.run(transport.value, job)
    const { life } = this.#privileges
    const ran = await this.#privileges.run(transport.value, {
      ...job,
      sections: [...job.sections, this.#privileges.detection],
    })
    const answer = ran.ok ? ran.value.answer.sections.at(-1) : undefined
    if (answer !== undefined) await this.#privileges.learn(transport.value, answer, life)
    return ran
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

  #enter(state: ConnectionState): void {
    const was = this.#state.kind
    this.#state = state
    this.announce()
    for (const waiting of [...this.#waiting]) waiting()
    if (state.kind === 'up') {
      if (was !== 'up') this.parts.readAll()
    } else if (was === 'up')
      this.parts.lost(
        state.kind === 'lost' ? state.problem : problem('host.notConnected', {}, { host: this.name }),
      )
  }

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

/** Whether a connection that is being made comes up in time. */
function arrived(transport: Transport, milliseconds: number): Promise<boolean> {
  return new Promise((resolve) => {
    const settle = (up: boolean) => {
      clearTimeout(timer)
      off()
      resolve(up)
    }
    const timer = setTimeout(() => settle(false), milliseconds)
    const off = transport.onState(({ kind }) => {
      if (kind === 'up') settle(true)
      else if (kind === 'closed' || kind === 'lost') settle(false)
    })
    if (transport.state.kind === 'up') settle(true)
  })
}
