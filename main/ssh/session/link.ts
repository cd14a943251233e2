import { Client } from 'ssh2'
import type { Duplex } from 'node:stream'
import type { NegotiatedAlgorithms } from 'ssh2'
import { offeredAlgorithms } from '../algorithms'
import type { Asker } from '../asker'
import { Authenticator } from '../auth/authenticator'
import type { AnswerMemory } from '../auth/memory'
import { wrapChannel } from '../channel'
import type { Channel } from '../channel'
import type { Environment } from '../environment'
import { knownKeyTypes } from '../known-hosts/verdict'
import type { KnownHostLine } from '../known-hosts/line'
import type { KnownHosts } from '../known-hosts/store'
import { note } from '../notes'
import { errorCode, errorText, sshProblem } from '../problems'
import type { Hop } from '../route'
import { fail, ok } from '../../../shared/contract/answer'
import type { Answer } from '../../../shared/contract/answer'
import type { ConnectionNote, Negotiated } from '../../../shared/contract/host'
import type { Problem } from '../../../shared/contract/problem'
import { Deadline } from './deadline'
import { checkHostKey, lookupName } from './host-key'
import { renewKeys, watchAuthFailures } from './ssh2-internals'
import { WireTap } from './wire-tap'

/** For each thing the server has to do by itself. Asking the user stops the clock. */
export interface StepTimes {
  readonly banner: number
  readonly handshake: number
  readonly signIn: number
}
export const defaultStepTimes: StepTimes = { banner: 15_000, handshake: 30_000, signIn: 30_000 }

/**
 * Three unanswered probes 14 s apart: a drop is known within 42 s, under the 45 s promised. ssh2 gives up at
 * the probe after the last one counted.
 */
const keepaliveIntervalMs = 14_000
const keepaliveProbes = 2

const maxBannerChars = 4000

/** When to change keys: RFC 4253 §9 asks for each gigabyte and each hour; ssh2 never does by itself. */
export interface KeyRenewal {
  readonly bytes: number
  readonly milliseconds: number
  /** How often to look. */
  readonly every: number
}
const defaultRenewal: KeyRenewal = { bytes: 1024 ** 3, milliseconds: 3_600_000, every: 5_000 }

export type ConnectStep = 'dial' | 'greeting' | 'key exchange' | 'host key' | 'sign-in'

export interface LinkDeps {
  readonly hop: Hop
  readonly env: Environment
  readonly asker: Asker
  readonly knownHosts: KnownHosts
  readonly memory: AnswerMemory
  readonly acceptedOnce: Set<string>
  readonly signal: AbortSignal
  readonly times?: StepTimes
  readonly keepaliveMs?: number
  readonly renewal?: KeyRenewal
  dial(signal: AbortSignal): Promise<Answer<Duplex>>
  step(step: ConnectStep): void
}

/** One signed-in SSH connection to one hop. */
export class Link {
  private gone: Problem | null = null
  private readonly whenGone: ((problem: Problem) => void)[] = []

  private constructor(
    readonly hop: Hop,
    readonly client: Client,
    readonly negotiated: Negotiated,
    readonly notes: readonly ConnectionNote[],
    private readonly tap: WireTap,
  ) {}

  static async open(deps: LinkDeps): Promise<Answer<Link>> {
    const { hop, signal } = deps
    deps.step('dial')
    let lines: readonly KnownHostLine[]
    try {
      lines = await deps.knownHosts.lines()
    } catch (error) {
      return fail(sshProblem('ssh.knownHostsUnreadable', hop.name, {}, errorText(error)))
    }
    const raw = await deps.dial(signal)
    if (!raw.ok) return raw
    if (signal.aborted) {
      raw.value.destroy()
      return fail(sshProblem('ssh.closed', hop.name))
    }
    return new Promise((resolve) => new Handshake(deps, lines, raw.value, resolve))
  }

  /** @internal for the handshake alone */
  static signedIn(
    hop: Hop,
    client: Client,
    negotiated: Negotiated,
    notes: readonly ConnectionNote[],
    tap: WireTap,
    renewal: KeyRenewal = defaultRenewal,
  ): Link {
    const link = new Link(hop, client, negotiated, notes, tap)
    let last: Error | null = null
    client.on('error', (error) => (last = error))
    const stop = renewInTime(client, tap, renewal)
    client.on('close', () => {
      stop()
      link.end(last)
    })
    return link
  }

  get alive(): boolean {
    return this.gone === null
  }

  /** Called once, also when it is already gone. */
  onGone(callback: (problem: Problem) => void): void {
    if (this.gone !== null) callback(this.gone)
    else this.whenGone.push(callback)
  }

  /** A command on this very connection, for a jump host that may not forward. */
  run(command: string): Promise<Answer<Channel>> {
    const refused = (error: unknown) =>
      fail(sshProblem('ssh.requestRefused', this.hop.name, {}, errorText(error)))
    return new Promise((resolve) => {
      try {
        this.client.exec(command, (error, channel) => {
          if (error) resolve(refused(error))
          else resolve(ok(wrapChannel(channel, true, { released: () => undefined, alive: () => this.alive })))
        })
      } catch (error) {
        resolve(refused(error))
      }
    })
  }

  close(): void {
    this.gone ??= sshProblem('ssh.closed', this.hop.name)
    this.client.end()
    // A peer that does not answer the farewell must not keep the socket.
    setTimeout(() => this.tap.destroy(), 1000).unref()
    this.tell()
  }

  private end(error: Error | null): void {
    this.gone ??= sshProblem('ssh.lost', this.hop.name, {}, error === null ? undefined : errorText(error))
    this.tell()
  }

  private tell(): void {
    const problem = this.gone
    if (problem === null) return
    for (const callback of this.whenGone.splice(0)) callback(problem)
  }
}

function renewInTime(client: Client, tap: WireTap, { bytes, milliseconds, every }: KeyRenewal): () => void {
  let read = tap.bytesRead
  let written = tap.bytesWritten
  let at = Date.now()
  const timer = setInterval(() => {
    const due = tap.bytesRead - read >= bytes || tap.bytesWritten - written >= bytes
    if (!due && Date.now() - at < milliseconds) return
    read = tap.bytesRead
    written = tap.bytesWritten
    at = Date.now()
    renewKeys(client)
  }, every)
  return () => clearInterval(timer)
}

/** From the open socket to the signed-in connection, or to the problem that stood in the way. */
class Handshake {
  private readonly client = new Client()
  private readonly notes: ConnectionNote[] = []
  private readonly authenticator: Authenticator
  private readonly deadline: Deadline
  private readonly tap: WireTap
  private step: ConnectStep = 'greeting'
  private negotiated: Negotiated | null = null
  private problem: Problem | null = null
  private lastError: Error | null = null
  private bannerChars = 0
  /** What the first key exchange showed, once it may be trusted. */
  private hostKey: Buffer | null = null
  private settled = false

  constructor(
    private readonly deps: LinkDeps,
    private readonly lines: readonly KnownHostLine[],
    raw: Duplex,
    private readonly resolve: (answer: Answer<Link>) => void,
  ) {
    const { hop, signal } = deps
    const times = deps.times ?? defaultStepTimes
    this.deadline = new Deadline(() => this.expire())
    this.tap = new WireTap(raw, () => this.enter('key exchange', times.handshake))
    const tell = (one: ConnectionNote) => void this.notes.push(one)
    for (const option of hop.unsupported ?? []) tell(note('optionUnsupported', { option }))
    this.authenticator = new Authenticator({
      hop,
      env: deps.env,
      asker: deps.asker,
      memory: deps.memory,
      signal,
      tell,
      whileAsking: (wait) => this.deadline.during(wait),
      cancel: () => this.fail(sshProblem('ssh.cancelled', hop.name)),
    })
    this.enter('greeting', times.banner)
    signal.addEventListener('abort', this.abort)
    this.listen(times)
    this.client.connect({
      sock: this.tap,
      username: hop.user,
      readyTimeout: 0,
      keepaliveInterval: hop.keepalive ? (deps.keepaliveMs ?? keepaliveIntervalMs) : 0,
      keepaliveCountMax: keepaliveProbes,
      algorithms: offeredAlgorithms(hop.legacy, knownKeyTypes(lines, lookupName(hop), hop.port)),
      hostVerifier: (key: Buffer, verify: (valid: boolean) => void) => this.verify(key, verify),
      authHandler: (_offered, _partial, next) => {
        this.deadline.start(times.signIn)
        this.authenticator.next().then(
          (method) => {
            if (method !== null) next(method)
            else this.fail(this.authProblem())
          },
          (error: unknown) =>
            this.fail(sshProblem('ssh.authFailed', hop.name, this.authParams(), errorText(error))),
        )
      },
    })
    watchAuthFailures(this.client, (offered, partial) => this.authenticator.refused(offered, partial))
  }

  private readonly abort = () => this.fail(sshProblem('ssh.closed', this.deps.hop.name))

  private listen(times: StepTimes): void {
    const { client } = this
    const { hop } = this.deps
    client.on('handshake', (negotiated: NegotiatedAlgorithms) => {
      this.negotiated = readNegotiated(negotiated, this.tap.identification ?? '')
      if (!this.settled) this.enter('sign-in', times.signIn)
    })
    client.on('banner', (text: string) => {
      if (this.bannerChars >= maxBannerChars) return
      const shown = text.slice(0, maxBannerChars - this.bannerChars)
      this.bannerChars += shown.length
      this.notes.push(note('banner', { text: shown }))
    })
    client.on('change password', () =>
      this.fail(sshProblem('ssh.passwordExpired', hop.name, { user: hop.user })),
    )
    client.on('error', (error) => {
      // A key that could not sign: ssh2 goes on with the next by itself.
      if (error.level === 'agent') return
      this.lastError ??= error
      if (error.level !== 'client-socket') this.fail(this.errorProblem(error))
    })
    client.on('close', () => this.fail(this.closedProblem()))
    client.on('ready', () => this.succeed())
  }

  private enter(step: ConnectStep, milliseconds: number): void {
    this.step = step
    this.deps.step(step)
    this.deadline.start(milliseconds)
  }

  private verify(key: Buffer, verify: (valid: boolean) => void): void {
    const { hop, asker, knownHosts, acceptedOnce, signal } = this.deps
    const blob = Buffer.from(key)
    if (this.hostKey !== null) {
      // A renewal shows the host key again. It has to be answered at once: while it waits, ssh2 sends data
      // ahead of what it holds back, and the server gives up on a damaged stream.
      verify(this.hostKey.equals(blob))
      return
    }
    this.deps.step('host key')
    const tell = (one: ConnectionNote) => void this.notes.push(one)
    const check = checkHostKey({ hop, asker, knownHosts, acceptedOnce, signal, tell }, this.lines, blob)
    this.deadline.during(check).then(
      (problem) => {
        if (problem === null) {
          this.hostKey = blob
          verify(true)
        } else {
          this.fail(problem)
          verify(false)
        }
      },
      (error: unknown) => {
        this.fail(sshProblem('ssh.hostKeyRefused', hop.name, {}, errorText(error)))
        verify(false)
      },
    )
  }

  private succeed(): void {
    if (this.settled || this.negotiated === null) return
    const { hop } = this.deps
    this.settle()
    const { client, negotiated, notes, tap } = this
    client.removeAllListeners()
    this.resolve(ok(Link.signedIn(hop, client, negotiated, notes, tap, this.deps.renewal)))
  }

  private fail(problem: Problem): void {
    if (this.settled) return
    this.problem = problem
    this.settle()
    this.client.end()
    setTimeout(() => this.tap.destroy(), 500).unref()
    this.resolve(fail(this.problem))
  }

  private settle(): void {
    this.settled = true
    this.deadline.stop()
    this.deps.signal.removeEventListener('abort', this.abort)
  }

  private expire(): void {
    const { hop } = this.deps
    const { greeting } = this.tap
    switch (this.step) {
      case 'dial':
      case 'greeting':
        if (greeting !== '') return this.fail(sshProblem('ssh.notSsh', hop.name, this.where(), greeting))
        return this.fail(sshProblem('ssh.bannerTimeout', hop.name, this.where()))
      case 'key exchange':
      case 'host key':
        return this.fail(sshProblem('ssh.handshakeTimeout', hop.name, this.where()))
      case 'sign-in':
        return this.fail(sshProblem('ssh.signInTimeout', hop.name, this.where()))
    }
  }

  private where() {
    const { address, port } = this.deps.hop
    return { address, port }
  }

  private authParams() {
    return {
      user: this.deps.hop.user,
      tried: this.authenticator.tried.filter((name) => name !== 'none').join(', '),
      offered: this.authenticator.offeredMethods.join(', '),
    }
  }

  private authProblem(): Problem {
    const skipped = this.notes
      .filter(({ code }) => code !== 'banner')
      .map(({ code, params }) => `${code} ${Object.values(params).join(' ')}`)
    return sshProblem('ssh.authFailed', this.deps.hop.name, this.authParams(), skipped.join('\n'))
  }

  private errorProblem(error: Error): Problem {
    const { hop } = this.deps
    const text = errorText(error)
    // What ssh2 says of a socket that ended early; the tap knows better why.
    if (this.tap.fault !== null || /connection lost before handshake/i.test(text)) return this.closedProblem()
    if (/no matching|no common|no mutual|algorithm.*(agree|match)/i.test(text)) {
      const code = hop.legacy ? 'ssh.noCommonAlgorithm' : 'ssh.noCommonModernAlgorithm'
      return sshProblem(code, hop.name, this.where(), text)
    }
    if (/too many authentication failures/i.test(text)) {
      return sshProblem('ssh.tooManyAuthFailures', hop.name, this.authParams(), text)
    }
    if (this.step === 'sign-in') return sshProblem('ssh.closedByServer', hop.name, { step: this.step }, text)
    return sshProblem('ssh.handshakeFailed', hop.name, this.where(), text)
  }

  private closedProblem(): Problem {
    const { hop } = this.deps
    const { fault } = this.tap
    if (fault !== null) {
      switch (fault.kind) {
        case 'not-ssh':
          return sshProblem('ssh.notSsh', hop.name, this.where(), fault.text)
        case 'old-protocol':
          return sshProblem('ssh.oldProtocol', hop.name, this.where(), fault.text)
        case 'greeting-too-long':
          return sshProblem('ssh.greetingTooLong', hop.name, this.where(), fault.text)
      }
    }
    const why = this.lastError === null ? undefined : (errorCode(this.lastError) ?? errorText(this.lastError))
    return sshProblem('ssh.closedByServer', hop.name, { step: this.step }, why)
  }
}

function readNegotiated(negotiated: NegotiatedAlgorithms, identification: string): Negotiated {
  const { kex, serverHostKey, cs } = negotiated
  return {
    kex,
    hostKey: serverHostKey,
    cipher: cs.cipher,
    mac: cs.mac === '' ? 'implicit' : cs.mac,
    serverVersion: identification,
  }
}
