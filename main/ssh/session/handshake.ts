import { Client } from 'ssh2'
import type { Duplex } from 'node:stream'
import type { NegotiatedAlgorithms } from 'ssh2'
import { offeredAlgorithms } from '../algorithms'
import type { Asker } from '../asker'
import { Authenticator } from '../auth/authenticator'
import type { AnswerMemory } from '../auth/memory'
import type { Environment } from '../environment'
import { knownKeyTypes } from '../known-hosts/verdict'
import type { KnownHostLine } from '../known-hosts/line'
import type { KnownHosts } from '../known-hosts/store'
import { note, optionNote } from '../notes'
import { errorText, sshProblem } from '../problems'
import type { Hop } from '../route'
import { fail, ok } from '../../../shared/contract/answer'
import type { Answer } from '../../../shared/contract/answer'
import type { ConnectionNote, Negotiated } from '../../../shared/contract/host'
import type { Problem } from '../../../shared/contract/problem'
import { Deadline } from './deadline'
import { endedProblem, lateProblem, ssh2Problem } from './handshake-problems'
import type { ConnectStep } from './handshake-problems'
import { checkHostKey, lookupName } from './host-key'
import { watchAuthFailures } from './ssh2-internals'
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

export interface HandshakeDeps {
  readonly hop: Hop
  readonly env: Environment
  readonly asker: Asker
  readonly knownHosts: KnownHosts
  readonly memory: AnswerMemory
  readonly acceptedOnce: Set<string>
  readonly signal: AbortSignal
  readonly times?: StepTimes
  readonly keepaliveMs?: number
  step(step: ConnectStep): void
}

/** A connection on which the user is signed in, and what there is to tell of how it came about. */
export interface SignedIn {
  readonly client: Client
  readonly tap: WireTap
  readonly negotiated: Negotiated
  readonly notes: readonly ConnectionNote[]
}

/**
 * From an open socket to a signed-in connection, or to the problem that stood in the way.
 * @param lines of known_hosts
 */
export function signIn(
  deps: HandshakeDeps,
  lines: readonly KnownHostLine[],
  raw: Duplex,
): Promise<Answer<SignedIn>> {
  return new Promise((resolve) => new Handshake(deps, lines, raw, resolve))
}

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
    private readonly deps: HandshakeDeps,
    private readonly lines: readonly KnownHostLine[],
    raw: Duplex,
    private readonly resolve: (answer: Answer<SignedIn>) => void,
  ) {
    const { hop, signal } = deps
    const times = deps.times ?? defaultStepTimes
    this.deadline = new Deadline(() => this.expire())
    this.tap = new WireTap(raw, () => this.enter('key exchange', times.handshake))
    const tell = (one: ConnectionNote) => void this.notes.push(one)
    for (const option of hop.unsupported ?? []) if (option.when === 'told') tell(optionNote(option))
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
    this.settle()
    const { client, negotiated, notes, tap } = this
    client.removeAllListeners()
    // Until its owner listens, an error must not end the process; the socket's end tells of it as well.
    client.on('error', () => undefined)
    this.resolve(ok({ client, negotiated, notes, tap }))
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
    this.fail(lateProblem(this.deps.hop, this.step, this.tap.greeting))
  }

  private authParams() {
    return {
      user: this.deps.hop.user,
      tried: listed(this.authenticator.tried.filter((name) => name !== 'none')),
      offered: listed(this.authenticator.offeredMethods),
    }
  }

  private authProblem(): Problem {
    const offered = this.authenticator.offeredMethods
    // A system-wide default is no matter as long as another way leads in.
    const missed = (this.deps.hop.unsupported ?? [])
      .filter(({ when, methods }) => when === 'silent' && methods.some((one) => offered.includes(one)))
      .map(optionNote)
    const notes = [...this.notes.filter(({ code }) => code !== 'banner'), ...missed]
    return { ...sshProblem('ssh.authFailed', this.deps.hop.name, this.authParams()), notes }
  }

  private errorProblem(error: Error): Problem {
    const { hop } = this.deps
    const text = errorText(error)
    // What ssh2 says of a socket that ended early; the tap knows better why.
    if (this.tap.fault !== null || /connection lost before handshake/i.test(text)) return this.closedProblem()
    return ssh2Problem(hop, this.step, text, this.authParams())
  }

  private closedProblem(): Problem {
    return endedProblem(this.deps.hop, this.step, this.tap.fault, this.lastError)
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

/** For a sentence: a dash where there is nothing to list. */
const listed = (names: readonly string[]): string => (names.length === 0 ? '–' : names.join(', '))
