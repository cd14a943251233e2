import { assertNever } from '../../shared/assert-never'
import type { Privilege } from '../../shared/contract/host'
import { problem, type Problem } from '../../shared/contract/problem'
import { sudoRefusal } from '../../shared/probe/sudo-list'
import type { Asker, Transport } from '../ssh'
import type { Way } from './launch'
import { detection, readDetection, type Found } from './privilege-detection'
import { noWayProblem, refusalProblem } from './privilege-problems'
import { askRootPassword } from './root-password'
import { runBy, type Job, type Ran, type Told } from './run'
import type { SectionAnswer } from './script-answer'
import { unlessAborted } from './unless-aborted'

export interface PrivilegesDeps {
  /** The host's name, as the user knows it. */
  readonly name: () => string
  readonly asker: Asker
  /** Minutes for which a password is kept in memory; 0: until the app ends. */
  readonly minutes: () => number
  readonly changed: () => void
}

const asLogin: Way = { kind: 'login', pty: false }

/**
 * How scripts become root's on one host. A password is asked for only when something requires it, kept in memory
 * alone, and given only to a prompt that was seen. A script is sent at most once: it is tried another way only
 * when it is certain that no shell ever read it.
 */
export class Privileges {
  readonly #deps: PrivilegesDeps
  #found: Found | null = null
  /** The login's name on the host. */
  #user = ''
  #password: string | null = null
  #expiry: ReturnType<typeof setTimeout> | undefined
  #detecting: Promise<void> | null = null
  /** Whoever asks for the password holds it; the others wait, and then know it. */
  #asking: Promise<unknown> = Promise.resolve()
  #stop = new AbortController()
  /** Counts the times that all was forgotten: what began before the last one has nothing to say any more. */
  #life = 0
  /** Counts the times that the password was forgotten: one that was typed before the last is not kept. */
  #locks = 0

  constructor(deps: PrivilegesDeps) {
    this.#deps = deps
  }

  get privilege(): Privilege {
    const found = this.#found
    if (found === null) return { kind: 'unknown' }
    switch (found.kind) {
      case 'root':
      case 'none':
      case 'limited':
        return found
      case 'sudo':
        if (found.how !== 'password') return { kind: 'sudo', how: found.how }
        return this.#password === null ? { kind: 'locked', by: 'sudo' } : { kind: 'sudo', how: 'password' }
      case 'doas':
        if (found.how !== 'password') return { kind: 'doas', how: found.how }
        return this.#password === null ? { kind: 'locked', by: 'doas' } : { kind: 'doas', how: 'password' }
      default:
        return assertNever(found)
    }
  }

  /** For a script of somebody else's to take along, which saves a round trip. */
  readonly detection = detection

  /** Which connection's life a script belongs to; to be asked before it is sent. */
  get life(): number {
    return this.#life
  }

  /** @param life as it was when the script was sent: what comes after `forget` is not believed */
  async learn(transport: Transport, answer: SectionAnswer, life: number): Promise<void> {
    const detected = readDetection(answer, false)
    if (detected.found === null || life !== this.#life) return
    this.#user = detected.user
    this.#know(detected.found, life)
    if (!detected.again) return
    const told = await runBy(transport, { kind: 'login', pty: true }, null, { sections: [detection] })
    const [second] = told.kind === 'answered' ? told.answer.sections : []
    const again = second === undefined ? null : readDetection(second, true).found
    if (again !== null) this.#know(again, life)
  }

  /** The connection is closed for good: nothing of it is kept. */
  forget(): void {
    this.#stop.abort()
    this.#stop = new AbortController()
    this.#life += 1
    this.#detecting = null
    this.#asking = Promise.resolve()
    this.#found = null
    this.lock()
  }

  /** Forgets the password now. */
  lock(): void {
    clearTimeout(this.#expiry)
    this.#locks += 1
    this.#password = null
    this.#deps.changed()
  }

  /** Makes sure that what requires root can run without a question, asking at once if need be. */
  async unlock(transport: Transport, minutes: number): Promise<Problem | null> {
    const life = this.#life
    const job: Job = { sections: [{ name: 'root', body: 'id -u', seconds: 5 }], need: 'require' }
    const ran = await this.#asRoot(transport, job, minutes)
    if (!ran.ok) return ran.problem
    if (this.#password !== null) this.#keep(this.#password, minutes, life, this.#locks)
    return null
  }

  async run(transport: Transport, job: Job): Promise<Ran> {
    switch (job.need) {
      case 'none':
        return this.#outcome(await runBy(transport, asLogin, null, job), false)
      case 'try':
        return this.#tryAsRoot(transport, job)
      case 'require':
        return this.#asRoot(transport, job, this.#deps.minutes())
      default:
        return assertNever(job.need)
    }
  }

  async #tryAsRoot(transport: Transport, job: Job): Promise<Ran> {
    const life = this.#life
    const ended = await this.#detected(transport, job.signal)
    if (ended !== null) return this.#notRun(ended)
    const way = this.#openWay()
    if (way !== null) {
      const told = await runBy(transport, way, this.#password, job)
      if (!ranNothing(told)) return this.#outcome(told, true)
      this.#refused(told, life)
    }
    return this.#outcome(await runBy(transport, asLogin, null, job), this.#found?.kind === 'root')
  }

  async #asRoot(transport: Transport, job: Job, minutes: number): Promise<Ran> {
    const life = this.#life
    const ended = await this.#detected(transport, job.signal)
    if (ended !== null) return this.#notRun(ended)
    const way = this.#openWay()
    if (way !== null) {
      const told = await runBy(transport, way, this.#password, job)
      if (!ranNothing(told)) return this.#outcome(told, true)
      this.#refused(told, life)
      if (life !== this.#life || this.#lockedWay() === null) return this.#notRun(this.#refusal(told))
    }
    const turn = this.#asking.then(() => this.#askAndRun(transport, job, minutes, life))
    this.#asking = turn.catch(() => undefined)
    return turn
  }

  /** Asks until the password is right or the user has enough. Each wrong one is one try on the host. */
  async #askAndRun(transport: Transport, job: Job, minutes: number, life: number): Promise<Ran> {
    if (life !== this.#life) return this.#notRun(this.#problem('host.notConnected'))
    // Somebody before us in the queue may have been told the password.
    if (this.#password !== null) {
      const way = this.#openWay()
      if (way !== null) {
        const told = await runBy(transport, way, this.#password, job)
        if (!ranNothing(told)) return this.#outcome(told, true)
        this.#refused(told, life)
      }
    }
    for (let attempt = 1; ; attempt += 1) {
      if (life !== this.#life) return this.#notRun(this.#problem('host.notConnected'))
      const way = this.#lockedWay()
      if (way === null) return this.#notRun(this.#noWay())
      const password = await this.#ask(way, attempt, job.signal)
      if (password === null) return this.#notRun(this.#problem('app.cancelled'))
      if (life !== this.#life) return this.#notRun(this.#problem('host.notConnected'))
      const locks = this.#locks
      const told = await runBy(transport, way, password, job)
      switch (told.kind) {
        case 'wrongPassword': {
          // A password that was taken, and then a "no": asking again would not help.
          if (sudoRefusal(told.said) !== 'notAllowed') continue
          this.#know({ kind: 'none' }, life)
          return this.#notRun(this.#refusal(told))
        }
        case 'refused':
        case 'passwordAsked':
        case 'failed':
          this.#refused(told, life)
          return this.#notRun(this.#refusal(told))
        case 'answered':
        case 'cut':
          this.#keep(password, minutes, life, locks)
          return this.#outcome(told, true)
        default:
          return assertNever(told)
      }
    }
  }

  #ask(way: Way, attempt: number, signal: AbortSignal | undefined): Promise<string | null> {
    const program = way.kind === 'doas' ? 'doas' : 'sudo'
    // The question goes when the connection does, or when nobody wants what it is for.
    const wishes = [this.#stop.signal, ...(signal === undefined ? [] : [signal])]
    const { asker, name } = this.#deps
    return askRootPassword(asker, { host: name(), user: this.#user, program, attempt }, wishes)
  }

  /** Waits until it is known what the login may do; why not to go on: nobody wants it, or the connection went. */
  async #detected(transport: Transport, signal: AbortSignal | undefined): Promise<Problem | null> {
    const life = this.#life
    if (this.#found === null) await unlessAborted(this.#detect(transport), signal)
    if (life !== this.#life) return this.#problem('host.notConnected')
    return signal?.aborted === true ? this.#problem('app.cancelled') : null
  }

  /** One for all who wait for it: none of them can end it for the others, only the connection's end can. */
  #detect(transport: Transport): Promise<void> {
    const life = this.#life
    this.#detecting ??= runBy(transport, asLogin, null, { sections: [detection], signal: this.#stop.signal })
      .then(async (told) => {
        const [answer] = told.kind === 'answered' ? told.answer.sections : []
        if (answer !== undefined) await this.learn(transport, answer, life)
      })
      .finally(() => {
        if (life === this.#life) this.#detecting = null
      })
    return this.#detecting
  }

  /** The way that asks the user nothing; null: there is none now. */
  #openWay(): Way | null {
    const found = this.#found
    if (found === null || found.kind === 'none' || found.kind === 'limited') return null
    if (found.kind === 'root') return asLogin
    if (found.how !== 'password') return { ...found, password: false }
    return this.#password === null ? null : { ...found, password: true }
  }

  /** The way that a password opens. */
  #lockedWay(): Extract<Way, { password: boolean }> | null {
    const found = this.#found
    if (found === null || (found.kind !== 'sudo' && found.kind !== 'doas')) return null
    return found.how === 'password' ? { ...found, password: true } : null
  }

  #know(found: Found, life: number): void {
    if (life !== this.#life) return
    this.#found = found
    this.#deps.changed()
  }

  #keep(password: string, minutes: number, life: number, locks: number): void {
    if (life !== this.#life || locks !== this.#locks) return
    clearTimeout(this.#expiry)
    this.#password = password
    if (minutes > 0) this.#expiry = setTimeout(() => this.lock(), minutes * 60_000).unref()
    this.#deps.changed()
  }

  /** A way that was thought open is not: a ticket that ran out, a password that was changed. */
  #refused(told: Told, life: number): void {
    if (told.kind === 'failed' || life !== this.#life) return
    this.#password = null
    const found = this.#found
    const said = 'said' in told ? told.said : ''
    if (sudoRefusal(said) === 'notAllowed') this.#know({ kind: 'none' }, life)
    else if (found?.kind === 'sudo' || found?.kind === 'doas') this.#know({ ...found, how: 'password' }, life)
  }

  #outcome(told: Told, asRoot: boolean): Ran {
    switch (told.kind) {
      case 'answered':
        return { ok: true, value: { answer: told.answer, asRoot } }
      case 'cut':
        return { ok: false, problem: { ...told.problem, host: this.#deps.name() }, mayHaveRun: true }
      case 'failed':
      case 'refused':
      case 'passwordAsked':
      case 'wrongPassword':
        return this.#notRun(this.#refusal(told))
      default:
        return assertNever(told)
    }
  }

  #notRun(why: Problem): Ran {
    return { ok: false, problem: why, mayHaveRun: false }
  }

  #refusal(told: Told): Problem {
    return refusalProblem(told, this.#found, this.#deps.name())
  }

  #noWay(): Problem {
    return noWayProblem(this.#found, this.#deps.name())
  }

  #problem(code: 'app.cancelled' | 'host.notConnected'): Problem {
    return problem(code, {}, { host: this.#deps.name() })
  }
}

/** Whether it is certain that no shell read the script. */
function ranNothing(told: Told): boolean {
  return told.kind === 'refused' || told.kind === 'passwordAsked' || told.kind === 'wrongPassword'
}
