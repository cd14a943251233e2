import { setMaxListeners } from 'node:events'
import type { Client, ClientChannel } from 'ssh2'
import { AnswerMemory } from '../auth/memory'
import { wrapChannel } from '../channel'
import type { Channel, Pty, ShellChannel } from '../channel'
import type { ConnectDeps, ConnectionState, ExecOptions, ExecResult, Transport } from '../connection'
import { note } from '../notes'
import { sshProblem, worthRetrying } from '../problems'
import type { Route } from '../route'
import { openSftp } from '../sftp/sftp'
import type { Sftp } from '../sftp/sftp'
import { encode } from '../../../shared/codec'
import { fail, ok } from '../../../shared/contract/answer'
import type { Answer } from '../../../shared/contract/answer'
import type { ConnectionNote } from '../../../shared/contract/host'
import type { Problem } from '../../../shared/contract/problem'
import { openForward, openStreamLocal } from './forward'
import { openByHelper, openSocketByHelper } from './forward-helper'
import { collect } from './exec'
import { closeOnAbort, execStart, shellStart } from './session-start'
import { SessionPool } from './session-pool'
import type { OpenSession, SessionKind } from './session-pool'
import { RouteDialer } from './route-dialer'
import type { Link } from './link'

const defaultPauses = [1_000, 2_000, 5_000, 10_000, 20_000, 30_000, 60_000]

export class SshTransport implements Transport {
  private current: ConnectionState
  private readonly listeners = new Set<(state: ConnectionState) => void>()
  private readonly ended = new AbortController()
  private dialer: RouteDialer
  private pool: SessionPool | null = null
  private failures = 0
  private retryTimer: ReturnType<typeof setTimeout> | undefined

  constructor(
    private readonly route: Route,
    private readonly deps: ConnectDeps,
    /** Answers that were given to this connection; or, of one made anew, to the one that it was made by. */
    private readonly memory = new AnswerMemory(),
    private readonly acceptedOnce = new Set<string>(),
    private readonly isAnew = false,
  ) {
    this.current = { kind: 'connecting', hop: route[0]?.name ?? this.name, step: 'dial' }
    // Every call that waits listens to it; there is no leak to warn of.
    setMaxListeners(0, this.ended.signal)
    this.dialer = this.newDialer()
    void this.connect()
  }

  private get name(): string {
    return this.route.at(-1)?.name ?? ''
  }

  get state(): ConnectionState {
    return this.current
  }

  onState(callback: (state: ConnectionState) => void): () => void {
    this.listeners.add(callback)
    return () => void this.listeners.delete(callback)
  }

  private become(state: ConnectionState): void {
    if (this.current.kind === 'closed') return
    this.current = state
    for (const listener of [...this.listeners]) listener(state)
  }

  private newDialer(): RouteDialer {
    const { deps, memory, acceptedOnce } = this
    return new RouteDialer(this.route, {
      ...deps,
      memory,
      acceptedOnce,
      step: (hop, step) => {
        if (this.current.kind === 'connecting') this.become({ kind: 'connecting', hop, step })
      },
    })
  }

  private async connect(): Promise<void> {
    const dialer = this.dialer
    const answer = await dialer.target(this.ended.signal)
    if (this.ended.signal.aborted || dialer !== this.dialer) {
      if (answer.ok) answer.value.close()
      return
    }
    if (!answer.ok) return this.lose(answer.problem)
    this.arrive(answer.value)
  }

  private arrive(link: Link): void {
    const { negotiated } = link
    const dialer = this.dialer
    const pool = new SessionPool(
      this.name,
      async () => {
        const answer = await dialer.target(this.ended.signal)
        if (answer.ok) this.watch(answer.value, pool)
        return answer
      },
      (limit) => {
        this.deps.log(`${this.name}: takes ${limit} sessions a connection`)
        this.tell(note('sessionLimit', { limit }))
      },
    )
    this.pool = pool
    pool.add(link)
    this.failures = 0
    this.become({ kind: 'up', since: Date.now(), negotiated, notes: dialer.notes })
    this.watch(link, pool)
  }

  private watch(link: Link, pool: SessionPool): void {
    link.onGone((problem) => {
      // The pool may hear of it after us, and still count this one.
      if (pool !== this.pool || pool.links.some((other) => other !== link && other.alive)) return
      this.lose(problem)
    })
  }

  private lose(problem: Problem): void {
    if (this.current.kind === 'closed') return
    const wasUp = this.current.kind === 'up'
    this.pool = null
    this.dialer.close()
    this.dialer = this.newDialer()
    clearTimeout(this.retryTimer)
    const mayRetry = (wasUp || this.failures > 0) && worthRetrying(problem)
    if (!mayRetry) {
      this.failures = 0
      this.become({ kind: 'lost', problem, retryAt: null })
      return
    }
    const pauses = this.deps.pauses ?? defaultPauses
    const pause = pauses[Math.min(this.failures, pauses.length - 1)] ?? 60_000
    this.failures++
    this.deps.log(`${this.name}: ${problem.code}, again in ${pause} ms`)
    this.become({ kind: 'lost', problem, retryAt: Date.now() + pause })
    this.retryTimer = setTimeout(() => this.retry(), pause)
  }

  retry(): void {
    if (this.current.kind !== 'lost') return
    clearTimeout(this.retryTimer)
    this.become({ kind: 'connecting', hop: this.route[0]?.name ?? this.name, step: 'dial' })
    void this.connect()
  }

  close(): void {
    if (this.current.kind === 'closed') return
    clearTimeout(this.retryTimer)
    this.become({ kind: 'closed' })
    this.listeners.clear()
    this.ended.abort(sshProblem('ssh.closed', this.name))
    for (const link of this.pool?.links ?? []) link.close()
    this.pool = null
    this.dialer.close()
    if (this.isAnew) return
    this.memory.clear()
    this.acceptedOnce.clear()
  }

  anew(): Transport {
    return new SshTransport(this.route, this.deps, this.memory, this.acceptedOnce, true)
  }

  /** Waits while it connects; fails at once while it is lost. */
  private async ready(signal: AbortSignal): Promise<Answer<SessionPool>> {
    for (;;) {
      const state = this.current
      switch (state.kind) {
        case 'up':
          if (this.pool !== null) return ok(this.pool)
          return fail(sshProblem('ssh.lost', this.name))
        case 'lost':
          return fail(state.problem)
        case 'closed':
          return fail(sshProblem('ssh.closed', this.name))
        case 'connecting':
          break
      }
      if (signal.aborted) return fail(this.abortProblem(signal))
      await new Promise<void>((resolve) => {
        const done = () => {
          off()
          signal.removeEventListener('abort', done)
          this.ended.signal.removeEventListener('abort', done)
          resolve()
        }
        const off = this.onState(done)
        signal.addEventListener('abort', done)
        this.ended.signal.addEventListener('abort', done)
      })
    }
  }

  private abortProblem(signal: AbortSignal): Problem {
    const reason: unknown = signal.reason
    if (reason instanceof TimeoutReason) return reason.problem
    return { code: 'app.cancelled', host: this.name, params: {} }
  }

  private async session(
    kind: SessionKind,
    start: OpenSession<ClientChannel>,
    hasStderr: boolean,
    signal: AbortSignal,
  ): Promise<Answer<ShellChannel>> {
    const pool = await this.ready(signal)
    if (!pool.ok) return pool
    const session = await pool.value.open(kind, start, signal)
    if (!session.ok) {
      return signal.aborted ? fail(this.abortProblem(signal)) : session
    }
    const { opened, link, release } = session.value
    return ok(wrapChannel(opened, hasStderr, { released: release, alive: () => link.alive }))
  }

  async exec(command: string, options: ExecOptions): Promise<Answer<ExecResult>> {
    const { maxBytes, timeoutMs, stdin, pty } = options
    const stop = new AbortController()
    const onAbort = () => stop.abort()
    if (options.signal?.aborted === true) return fail(this.abortProblem(options.signal))
    options.signal?.addEventListener('abort', onAbort)
    const timeout = sshProblem('ssh.timeout', this.name, { seconds: timeoutMs / 1000 })
    const timer = setTimeout(() => stop.abort(new TimeoutReason(timeout)), timeoutMs)
    try {
      const session = await this.session('command', execStart(command, pty), pty === undefined, stop.signal)
      if (!session.ok) return session
      const channel = session.value
      const result = collect(channel, maxBytes)
      channel.stream.end(typeof stdin === 'string' ? encode(stdin) : (stdin ?? Buffer.alloc(0)))
      const stopped = new Promise<null>((resolve) => {
        stop.signal.addEventListener('abort', () => resolve(null))
        if (stop.signal.aborted) resolve(null)
      })
      const first = await Promise.race([result, stopped])
      if (first === null) {
        channel.signal('KILL')
        channel.close()
        return fail(this.abortProblem(stop.signal))
      }
      const { lost, ...answer } = first
      return lost ? fail(sshProblem('ssh.lost', this.name)) : ok(answer)
    } finally {
      clearTimeout(timer)
      options.signal?.removeEventListener('abort', onAbort)
    }
  }

  async open(
    command: string,
    options: { readonly pty?: Pty; readonly signal?: AbortSignal },
  ): Promise<Answer<Channel>> {
    const signal = options.signal ?? this.ended.signal
    const { pty } = options
    const session = await this.session('stream', execStart(command, pty), pty === undefined, signal)
    if (session.ok && options.signal !== undefined) closeOnAbort(session.value, options.signal)
    return session
  }

  async shell(options: {
    readonly pty: Pty
    readonly env?: Readonly<Record<string, string>>
    readonly signal?: AbortSignal
  }): Promise<Answer<ShellChannel>> {
    const start = shellStart(options.pty, options.env)
    const session = await this.session('terminal', start, false, options.signal ?? this.ended.signal)
    if (session.ok && options.signal !== undefined) closeOnAbort(session.value, options.signal)
    return session
  }

  async forward(host: string, port: number): Promise<Answer<Channel>> {
    const pool = await this.ready(this.ended.signal)
    if (!pool.ok) return pool
    const direct = await openForward(this.name, pool.value.links, host, port)
    if (direct.ok || direct.problem.code !== 'ssh.forwardForbidden') return direct
    const helped = await openByHelper(this.name, host, port, (command) => this.open(command, {}))
    if (!helped.ok) return helped
    this.tell(note('forwardingByHelper', { helper: helped.value.helper }))
    return ok(helped.value.channel)
  }

  /** Adds what is to be known of the connection; a note of the same kind is replaced. */
  private tell(one: ConnectionNote): void {
    if (this.current.kind !== 'up') return
    const { notes } = this.current
    if (notes.some((there) => JSON.stringify(there) === JSON.stringify(one))) return
    this.become({ ...this.current, notes: [...notes.filter(({ code }) => code !== one.code), one] })
  }

  async forwardStreamLocal(path: string): Promise<Answer<Channel>> {
    const pool = await this.ready(this.ended.signal)
    if (!pool.ok) return pool
    const direct = await openStreamLocal(this.name, pool.value.links, path)
    // sshd says the same of a socket that it may not reach and of one that is not there.
    if (direct.ok || !['ssh.forwardForbidden', 'ssh.forwardFailed'].includes(direct.problem.code))
      return direct
    const helped = await openSocketByHelper(path, (command) => this.open(command, {}))
    if (!helped.ok) return helped
    if (helped.value === null) return direct
    this.tell(note('forwardingByHelper', { helper: helped.value.helper }))
    return ok(helped.value.channel)
  }

  async sftp(): Promise<Answer<Sftp>> {
    const pool = await this.ready(this.ended.signal)
    if (!pool.ok) return pool
    const start: OpenSession<Parameters<Parameters<Client['sftp']>[0]>[1]> = (client, done) =>
      client.sftp(done)
    const session = await pool.value.open('stream', start, this.ended.signal)
    if (!session.ok) {
      const refused = session.problem.code === 'ssh.requestRefused'
      return refused
        ? fail(sshProblem('ssh.sftpUnavailable', this.name, {}, session.problem.detail))
        : session
    }
    return ok(openSftp(this.name, session.value.opened, session.value.release))
  }
}

class TimeoutReason extends Error {
  constructor(readonly problem: Problem) {
    super(problem.code)
  }
}
